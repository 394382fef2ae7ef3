"""What is recorded once only: a letter, and what an envelope opens with; and its kind of money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal
from collabdesk.services.budgets.evidence import check_fingerprint
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries.planning import EnvelopeRow

_KINDS: Final = {"recurrent": "recurrent", "non_recurrent": "non-recurrent"}


@dataclass(frozen=True, slots=True)
class Named:
    """By what a letter is known again: its reference, envelope and date, or its file."""

    reference: str
    recurrence: str
    envelope: bytes | None
    letter_date: dt.date | None
    evidence_sha256: bytes | None


def check_new(reads: Connection, version: bytes, letter: Named) -> None:
    """Refuse a letter that a version has already, under its own reference or another.

    One file may bring recurrent and non-recurrent money; of either it counts once.
    """
    check_fingerprint(letter.evidence_sha256)
    for move in stored.allocation_moves(reads, version):
        if _known(move) == _known(letter):
            raise Refusal(
                code="letter_recorded",
                words=f"{letter.reference} is recorded already with {format_pence(move.amount_p)}.",
                remedy="Give another reference if it is another letter.",
                field="reference",
            )
        shown = letter.evidence_sha256
        if shown and (move.evidence_sha256, move.recurrence) == (shown, letter.recurrence):
            kind = _KINDS[move.recurrence]
            raise Refusal(
                code="letter_recorded",
                words=f"The file of {letter.reference} is recorded already as {move.reference}, "
                f"with {format_pence(move.amount_p)} of {kind} money.",
                remedy=f"Choose another file if it is another letter; record all {kind} money of "
                "one letter as one amount.",
                field="reference",
            )


def check_posted_once(
    moves: Iterable[stored.AllocationMove], wanted: stored.AllocationMove
) -> None:
    """Refuse to post a letter that two laptops recorded before they had each other's."""
    twins = [move for move in moves if _same(move, wanted)]
    if len(twins) > 1:
        amounts = " and ".join(map(format_pence, sorted({move.amount_p for move in twins})))
        raise Refusal(
            code="letter_recorded",
            words=f"{wanted.reference} is recorded {len(twins)} times with {amounts}.",
            remedy="Take one of them back on Envelope, where they differ the one that is not the "
            "letter’s; if they are two letters, record it under another reference.",
            field="reference",
        )


def _same(one: stored.AllocationMove, other: stored.AllocationMove) -> bool:
    """Tell whether two letters are one: rows of a published file say which row they are."""
    return _known(one) == _known(other) and one.evidence_name == other.evidence_name


def _known(letter: Named | stored.AllocationMove) -> tuple[object, ...]:
    reference = " ".join(letter.reference.split()).casefold()
    return reference, letter.recurrence, letter.envelope, letter.letter_date


def check_opens_once(moves: Iterable[stored.AllocationMove], envelope: EnvelopeRow) -> None:
    """Refuse to open an envelope that a version has opened."""
    opened = next((m for m in moves if (m.kind, m.envelope) == ("opening", envelope.row)), None)
    if opened is not None:
        raise Refusal(
            code="opening_recorded",
            words=f"The {_KINDS[envelope.recurrence]} envelope of {envelope.commissioner} opens "
            f"already with {format_pence(opened.amount_p)}, as “{opened.reference}”.",
            remedy="Record what comes on top of it as a letter.",
            field="envelope",
        )


def check_kind(recurrence: str, envelope: EnvelopeRow, field: str = "recurrence") -> None:
    """Refuse money of one kind in an envelope of the other."""
    kind = recurrence.replace("-", "_")
    if kind != envelope.recurrence:
        raise Refusal(
            code="other_kind_of_money",
            words=f"The envelope of {envelope.commissioner} is {_KINDS[envelope.recurrence]}; "
            f"{_KINDS[kind]} money does not belong in it.",
            remedy=f"Choose the {_KINDS[kind]} envelope, or add it first.",
            field=field,
        )
