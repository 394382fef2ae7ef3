"""The numbers and words of a verdict on one operation."""

from __future__ import annotations

from typing import Final

ACCEPTED: Final = 0
CITED_RECORD_NOT_HELD: Final = 10
NEWER_REGISTRY: Final = 11
ROW_HELD: Final = 12
PAST_A_CUT: Final = 20
SUSPENDED: Final = 21
FORKED: Final = 22
STALE_CITATION: Final = 23
NO_RIGHT: Final = 24
ROW_QUARANTINED: Final = 25
BELOW_FLOOR: Final = 26
NOT_THE_KEEPER: Final = 27
NOT_IN_PAST: Final = 30
WRONG_SHAPE: Final = 31
LEDGER_BALANCE: Final = 32
JOURNAL_LINK: Final = 33
NEWER_THAN_MIN: Final = 34
NEEDS_RESOLVE: Final = 35
ROW_REFUSED: Final = 36

WORDS: Final = {
    ACCEPTED: "accepted",
    CITED_RECORD_NOT_HELD: "it waits for a membership record that has not arrived yet",
    NEWER_REGISTRY: "it was made with a newer version of CollabDesk and waits for an upgrade here",
    ROW_HELD: "the record it changes is itself waiting",
    PAST_A_CUT: "it was made after its author's rights were lessened",
    SUSPENDED: "it was made on a laptop that is suspended",
    FORKED: "the laptop signed two different changes under one number",
    STALE_CITATION: "it was made under membership rules older than those its author had seen",
    NO_RIGHT: "its author has no right to change this record",
    ROW_QUARANTINED: "the record it changes is itself kept aside",
    BELOW_FLOOR: "it was made with a version of CollabDesk that this workspace no longer admits",
    NOT_THE_KEEPER: "it was posted by a laptop that does not keep the ledger",
    NOT_IN_PAST: "it names a record its author could not have seen",
    WRONG_SHAPE: "it is not a well-formed change",
    LEDGER_BALANCE: "it is a journal that does not balance to nil",
    JOURNAL_LINK: "it is a journal out of order: its number, link or source is not the next",
    NEWER_THAN_MIN: "it names something newer than the version it claims to need",
    NEEDS_RESOLVE: "it replaces several people's figures at once without settling them",
    ROW_REFUSED: "the record it changes was itself refused",
}

HELD: Final = range(10, 20)
QUARANTINED: Final = range(20, 30)
REFUSED: Final = range(30, 40)


def standing(verdict: int) -> str:
    """Return the standing a person sees: accepted, held, quarantined or refused."""
    return ("accepted", "held", "quarantined", "refused")[verdict // 10]


def worst(verdicts: list[int]) -> int:
    """Return a group's worst verdict (refused, quarantined, held, accepted), the earliest of it."""
    top = max(verdict // 10 for verdict in verdicts)
    return next(verdict for verdict in verdicts if verdict // 10 == top)
