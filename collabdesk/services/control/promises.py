"""What a workspace can promise with the partners it has, and what it cannot, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from collabdesk.services.control.naming import is_recovery
from collabdesk.sync.authority.held import roster_of
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.records import OrgEntry

_PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class Promise:
    """One sentence, and whether it is a promise or a limit; `do` says what would mend it."""

    kept: bool
    words: str
    do: str = ""


def promises(book: Rulebook) -> tuple[Promise, ...]:
    """Return what holds in this workspace whatever a partner does, and what does not."""
    if not book.epochs:
        return ()
    organisations = len(book.epoch.orgs)
    if organisations == 1:
        said = _alone()
    elif organisations == _PAIR:
        said = _two()
    else:
        said = _several(book)
    return (*said, *_administrators(book))


def _alone() -> Iterator[Promise]:
    yield Promise(
        kept=False,
        words="One organisation alone: nobody else can vouch for changes of membership yet, and "
        "its administrator can change who may do what without anybody seeing it elsewhere.",
        do="Let a partner join.",
    )
    yield Promise(kept=True, words="Every change is signed, and its history cannot be altered.")


def _two() -> Iterator[Promise]:
    yield Promise(
        kept=True,
        words="Neither organisation can change the membership, or take the other's work away, "
        "without the other.",
    )
    yield Promise(
        kept=False,
        words="Either organisation can stop changes of membership, and neither can suspend the "
        "other's laptops.",
        do="A third partner would let two stop a laptop of the other.",
    )
    yield Promise(
        kept=False,
        words="An organisation that loses every laptop that signs and its recovery key stops the "
        "membership for ever.",
        do="Print both recovery keys and lock them away.",
    )


def _several(book: Rulebook) -> Iterator[Promise]:
    k, count = book.epoch.k, len(book.epoch.orgs)
    yield Promise(
        kept=True,
        words=f"{k} of {count} organisations must agree before the membership changes; "
        f"{count - k} that do not answer cannot block it.",
    )
    yield Promise(
        kept=True,
        words="Administrators of two organisations together can suspend a laptop of another.",
    )
    if count - 1 >= k:
        yield Promise(
            kept=True,
            words="An organisation that lost every laptop that signs is helped by the others.",
        )
    else:
        yield Promise(
            kept=False,
            words="All organisations must agree, so one that loses every laptop that signs and "
            "its recovery key stops the membership for ever.",
            do="Let fewer than all have to agree, and print the recovery keys.",
        )


def _administrators(book: Rulebook) -> Iterator[Promise]:
    for entry in book.epoch.orgs:
        signing = _recovery_keys(book, entry)
        if retired_signers(book, entry):
            yield Promise(
                kept=False,
                words=f"A retired laptop can still sign for {entry.name}, until the partners "
                "have confirmed the next membership.",
                do="Let whoever's turn it is propose that nothing changes, and sign it.",
            )
        if not signing:
            yield Promise(
                kept=False,
                words=f"{entry.name} has no recovery key: if its laptops that sign are lost, it "
                "can sign nothing.",
                do="Make one in Sharing and lock it away.",
            )
        elif entry.k_org == 1 and len(entry.admins) - len(signing) > 1:
            yield Promise(
                kept=False,
                words=f"{entry.name} has several people who sign, and each can do so alone: on "
                "one day they can say different things, and the partners are shown it.",
                do="Let two of them have to sign.",
            )


def retired_signers(book: Rulebook, entry: OrgEntry) -> frozenset[bytes]:
    """Return the administrators of an organisation whose laptops are retired."""
    once = {device.key for held in book.rosters(entry.org) for device in roster_of(held).devices}
    roster = book.roster(entry.org)
    listed = {device.key for device in roster.devices} if roster else set()
    return frozenset(key for key in entry.admins if key in once and key not in listed)


def _recovery_keys(book: Rulebook, entry: OrgEntry) -> set[bytes]:
    roster = book.roster(entry.org)
    listed = {d.key for d in roster.devices if is_recovery(d)} if roster else set()
    return listed.intersection(entry.admins)
