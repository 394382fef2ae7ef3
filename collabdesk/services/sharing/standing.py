"""Where sharing stands, in the words and figures the page and the command line show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.services import membership
from collabdesk.services.control.naming import Names
from collabdesk.services.membership import Member
from collabdesk.services.sharing.folder_abilities import folder_abilities
from collabdesk.services.sharing.times import Doubts
from collabdesk.services.workspace import Workspace
from collabdesk.storage.packing import unpack_past
from collabdesk.storage.queries import sharing as stored
from collabdesk.storage.queries.files import missing_chunks
from collabdesk.storage.queries.state import control_head, state_root
from collabdesk.storage.replica import SqliteReplica
from collabdesk.storage.share_log import ShareLog
from collabdesk.sync import derive, verdicts, words
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.names import devhash


@dataclass(frozen=True, slots=True)
class Laptop:
    """One laptop of a partner: whose it is, when heard, and whether it has seen everything.

    It was heard when, by this computer's clock, something new of it came in.
    """

    member: Member
    mine: bool
    changes: int
    heard_ms: int
    behind: int

    @property
    def seen_everything(self) -> bool:
        """Tell whether its newest change set knows every other."""
        return self.behind == 0


@dataclass(frozen=True, slots=True)
class Aside:
    """A change kept aside, in words."""

    what: str
    who: str
    standing: str
    reason: str
    verdict: int
    record: tuple[str, bytes] | None
    wall_ms: int
    doubtful: bool = False
    """Whether the clock it was made by was set wrong."""

    @property
    def no_right(self) -> bool:
        """Tell whether it was kept aside because its author had no right to it."""
        return self.verdict == verdicts.NO_RIGHT


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file of the shared folder that was not taken in."""

    path: str
    words: str
    healed: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything the Sharing page shows."""

    name: str
    enrolled: bool
    founded: bool
    store: str
    laptops: tuple[Laptop, ...]
    counts: stored.Counts
    waiting_files: int
    aside: tuple[Aside, ...]
    refused: tuple[RefusedFile, ...]
    laptop_words: tuple[str, ...]
    workspace_words: tuple[str, ...]
    state_words: tuple[str, ...]
    state_root: str
    last_shared_ms: int
    key_store: str
    caution: str
    folder: tuple[str, ...] = ()


PAIR = 2
_TABLE_WORDS: Mapping[str, str] = {
    "budget_version": "Budget version",
    "service_line": "Service line",
    "allocation_move": "Allocation",
    "plan_line": "Planned amount",
    "virement": "Virement",
    "journal": "Journal",
    "journal_line": "Journal line",
    "provider": "Provider",
    "fiscal_year": "Rates of a year",
    "envelope": "Envelope",
    "delegation": "Delegate",
    "month_state": "State of a month",
    "close_step": "Step of a close",
    "project": "Improvement project",
    "driver": "Driver",
    "driver_link": "Driver link",
    "pdsa_cycle": "PDSA cycle",
    "measure": "Measure",
    "data_point": "Data point",
    "programme": "Programme",
    "pilot": "Pilot",
    "stated_figure": "Stated figure",
    "release": "Published file",
    "standard": "Standard",
    "policy": "Workspace setting",
    "contract": "Contract",
    "contract_price": "Price of a contract",
    "contract_payment": "Invoice",
    "contract_bill": "Bill of a contract",
    "quality_measure": "Quality measure",
    "balance_statement": "Balance stated",
    "activity": "Activity of a contract",
    "placement_total": "Placements out of area",
    "saving_baseline": "Baseline of a saving",
    "forecast": "Forecast",
    "forecast_version": "Forecast kept for a month",
    "forecast_line": "Forecast kept for a line",
    "forecast_movement": "Forecast movement",
    "risk": "Risk or opportunity",
    "share_agreement": "Share agreement",
    "share_partner": "Partner's terms of sharing",
    "saving": "Confirmed saving",
    "investment": "Investment",
    "share_statement": "Share statement",
    "source_file": "File of figures",
    "code_mapping": "Mapping of a code",
    "waiting_row": "Row that waits for a mapping",
    "partner_return": "Partner return",
    "return_item": "Row of a return",
    "return_match": "Match of two references",
    "return_tolerance": "Tolerance of a return",
    "return_query": "Query to a partner",
    "query_answer": "Answer to a query",
    "proposal": "Proposal",
    "assessment": "Assessment",
    "interest": "Declaration of interest",
    "sealed_grant": "Confidential entry opened to a reader",
}


def table_words(table: str) -> str:
    """Return what a table's records are called."""
    return _TABLE_WORDS.get(table, "A change")


def plural_words(table: str) -> str:
    """Return what several of a table's records are called."""
    one = table_words(table).lower().replace("pdsa", "PDSA")
    return f"{one[:-1]}ies" if one.endswith("y") else f"{one}s"


def standing(workspace: Workspace) -> Standing:
    """Return where sharing stands; runs on a reader's thread."""
    with workspace.database.read() as reads:
        return _standing(workspace, reads)


def _standing(workspace: Workspace, reads: Connection) -> Standing:
    replica = SqliteReplica(reads)
    about = workspace.about
    root = state_root(reads)
    control = control_head(reads, workspace.book) if workspace.founded else bytes(32)
    people = membership.members(workspace.book) if workspace.founded else {}
    former = _former(workspace.book) if workspace.founded else {}
    doubts = Doubts(reads)
    return Standing(
        name=about.name,
        enrolled=workspace.enrolled,
        founded=workspace.founded,
        store=about.store,
        laptops=_laptops(reads, people, about.key),
        counts=stored.counts(reads),
        waiting_files=len(missing_chunks(reads)),
        aside=tuple(_aside(item, people, former, doubts) for item in stored.kept_aside(reads)),
        refused=tuple(
            RefusedFile(path, text, healed) for path, _, text, _, healed in replica.refused_files()
        ),
        laptop_words=words.words_of(devhash(about.key)),
        workspace_words=words.words_of(about.workspace),
        state_words=words.words_of(derive.fingerprint(control, root)),
        state_root=root.hex(),
        last_shared_ms=int((replica.setting("last_shared") or b"0").decode() or "0"),
        key_store=workspace.key_words,
        caution=_caution(len({m.organisation for m in people.values()})),
        folder=folder_abilities(reads),
    )


def _laptops(reads: Connection, people: Mapping[bytes, Member], own: bytes) -> tuple[Laptop, ...]:
    heard = {item.device: item for item in stored.heard(reads)}
    heads = {device: item.seq for device, item in heard.items()}
    by_own_clock = ShareLog(reads).heard()
    laptops = []
    for device, member in people.items():
        last = heard.get(device)
        past = unpack_past(stored.past_of(reads, device))
        mine = member.key == own
        behind = sum(
            max(0, seq - past.get(other, 0)) for other, seq in heads.items() if other != device
        )
        laptops.append(
            Laptop(
                member,
                mine,
                last.seq if last else 0,
                by_own_clock.get(device, last.wall_ms) if last else 0,
                0 if mine else behind,
            )
        )
    return tuple(
        sorted(laptops, key=lambda item: (not item.member.is_lead, item.member.organisation_name))
    )


def _former(book: Rulebook) -> Mapping[bytes, str]:
    """Return the laptops that are no longer listed, by their 16-byte short names."""
    names = Names(book)
    return {short: names.laptop(key) for short, key in book.known_devices.items()}


def _aside(
    item: stored.KeptAside,
    people: Mapping[bytes, Member],
    former: Mapping[bytes, str],
    doubts: Doubts,
) -> Aside:
    member = people.get(item.device)
    who = f"{member.laptop}, {member.organisation_name}" if member else former.get(item.device)
    return Aside(
        what=table_words(item.table),
        who=who or "an unknown laptop",
        standing=verdicts.standing(item.verdict),
        reason=verdicts.WORDS[item.verdict],
        verdict=item.verdict,
        record=(item.table, item.row) if item.row and item.table else None,
        wall_ms=item.wall_ms,
        doubtful=doubts.of(item.segment),
    )


def _caution(organisations: int) -> str:
    if organisations == 1:
        return "One organisation alone: nobody else can vouch for changes of membership yet."
    if organisations == PAIR:
        return (
            "Two organisations: either can stop changes of membership, "
            "and neither can stop the other's laptops."
        )
    return ""
