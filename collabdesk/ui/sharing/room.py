"""Everything the page shows, read at once off the window's thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collabdesk.services.control.adopting import Quarantined
    from collabdesk.services.control.audit import Decided
    from collabdesk.services.control.decisions import Decision
    from collabdesk.services.control.keeper import Keeping
    from collabdesk.services.control.people import Seated, Signer
    from collabdesk.services.control.promises import Promise
    from collabdesk.services.control.rules_now import RulesNow
    from collabdesk.services.control.set_back import SetBack
    from collabdesk.services.control.suspend import Suspended
    from collabdesk.services.sealed.queries import RestrictedTable
    from collabdesk.services.sharing.alarms import Alarm
    from collabdesk.services.sharing.standing import Standing
    from collabdesk.services.workspace import Workspace


@dataclass(frozen=True)
class Turn:
    """Whose turn it is to propose a change of membership."""

    number: int
    whose: str
    mine: bool


@dataclass(frozen=True)
class Members:
    """What of the membership can be proposed to change: the partners, and what is asked."""

    partners: int = 0
    agree: int = 0
    """How many partners must agree to a change."""
    may_leave: tuple[tuple[bytes, str], ...] = ()
    others: tuple[tuple[bytes, str], ...] = ()
    """The partners for which this laptop does not sign."""
    version: int = 0
    newest_version: int = 0
    set_back: tuple[SetBack, ...] = ()

    @property
    def choices(self) -> range:
        """How many could have to agree: more than half, at most all, and at most one more."""
        return range(self.partners // 2 + 1, min(self.partners, self.agree + 1) + 1)


@dataclass(frozen=True)
class Council:
    """What is decided about partners and laptops, as this laptop sees it."""

    decisions: tuple[Decision, ...] = ()
    turn: Turn | None = None
    keeping: Keeping | None = None
    may_keep: tuple[tuple[bytes, str], ...] = ()
    suspended: tuple[Suspended, ...] = ()
    promises: tuple[Promise, ...] = ()
    has_recovery_key: bool = False
    signs_here: str = ""
    """The organisation this laptop signs for; empty if for none."""
    signs_for_lead: bool = False
    newer_roles: bool = False
    signers: tuple[Signer, ...] = ()
    remarks: tuple[str, ...] = ()
    members: Members = field(default_factory=Members)


@dataclass(frozen=True)
class Room:
    """How sharing stands, who takes part, what is to be decided, and what was kept aside."""

    standing: Standing
    waiting: int
    seats: tuple[Seated, ...]
    council: Council
    aside: tuple[Quarantined, ...]
    alarms: tuple[Alarm, ...]

    @property
    def to_sign(self) -> int:
        """How many decisions wait for this laptop's signature."""
        return sum(one.can_sign for one in self.council.decisions)

    @property
    def to_adopt(self) -> int:
        """How many changes were kept aside and not adopted."""
        return sum(not one.adopted for one in self.aside)


@dataclass(frozen=True)
class Looked:
    """Who can read what: the tables, what they and the trusts are called."""

    tables: tuple[RestrictedTable, ...]
    names: Mapping[str, str]
    trusts: Mapping[bytes, str]
    rules: RulesNow


def read_readers(workspace: Workspace) -> Looked:
    """Read who can read what; not on the window's thread."""
    from collabdesk.services.control.rules_now import rules_now
    from collabdesk.services.sealed.queries import who_can_read
    from collabdesk.services.sharing.standing import table_words

    book = workspace.book
    tables = workspace.query(who_can_read, book, workspace.about.key)
    return Looked(
        tables,
        {one.table: table_words(one.table) for one in tables},
        {entry.org: entry.name for entry in book.epoch.orgs},
        rules_now(book),
    )


def read_audit(workspace: Workspace) -> tuple[Decided, ...]:
    """Read every decision made; not on the window's thread."""
    from collabdesk.services.control.audit import decisions

    return tuple(decisions(workspace))


def read_room(workspace: Workspace) -> Room:
    """Read everything; not on the window's thread."""
    from collabdesk.services.control.adopting import quarantined
    from collabdesk.services.control.people import seated
    from collabdesk.services.sharing.alarms import alarms
    from collabdesk.services.sharing.standing import standing
    from collabdesk.services.sharing.waiting import waiting

    return Room(
        standing(workspace),
        workspace.query(waiting).changes,
        seated(workspace),
        _council(workspace),
        tuple(one for one in quarantined(workspace) if one.lines),
        tuple(alarms(workspace)),
    )


def _council(workspace: Workspace) -> Council:
    from collabdesk.services.control import adopting, keeper, recovery, suspend, votes
    from collabdesk.services.control.newer_roles import has_newer_roles
    from collabdesk.services.control.people import signers
    from collabdesk.services.control.promises import promises
    from collabdesk.services.control.sheet_kept import sheet_kept
    from collabdesk.services.control.signing import entry_here

    if not workspace.founded:
        return Council()
    entry = entry_here(workspace)
    return Council(
        decisions=tuple(votes.drafted(workspace)),
        turn=Turn(*votes.whose_turn(workspace)),
        keeping=keeper.keeping(workspace),
        may_keep=tuple((one.key, one.label) for one in keeper.may_keep(workspace)),
        suspended=suspend.suspended(workspace),
        promises=promises(workspace.book),
        has_recovery_key=recovery.has_recovery_key(workspace) and sheet_kept(workspace),
        signs_here=entry.name if entry else "",
        signs_for_lead=entry is not None and entry.org == workspace.book.epoch.lead,
        newer_roles=has_newer_roles(workspace),
        signers=signers(workspace),
        remarks=(*keeper.appointments_by_one(workspace), *adopting.findings(workspace)),
        members=_members(workspace, entry.org if entry else b""),
    )


def _members(workspace: Workspace, own: bytes) -> Members:
    from collabdesk.services.control.set_back import may_bring_back
    from collabdesk.services.control.votes import newest_version

    epoch = workspace.book.epoch
    named = tuple((entry.org, f"{entry.name} ({entry.ods})") for entry in epoch.orgs)
    return Members(
        partners=len(named),
        agree=epoch.k,
        may_leave=tuple(one for one in named if one[0] != epoch.lead),
        others=tuple(one for one in named if one[0] != own),
        version=epoch.floor,
        newest_version=newest_version(),
        set_back=may_bring_back(workspace),
    )
