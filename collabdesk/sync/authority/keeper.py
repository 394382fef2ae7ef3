"""Whose laptop keeps the ledger: the terms in the lead's newest roster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from collabdesk.sync.authority.cited import Cited
from collabdesk.sync.names import dev16
from collabdesk.sync.records import Roster


def open_term(tip: Roster | None) -> int:
    """Return the number of the term that runs; 0 while nobody keeps the ledger."""
    terms = tip.terms if tip else ()
    return len(terms) if terms and terms[-1].end is None else 0


def keeper(tip: Roster | None) -> bytes | None:
    """Return the key of the laptop whose term runs."""
    return tip.terms[-1].key if tip and open_term(tip) else None


@dataclass(frozen=True, slots=True)
class Posting:
    """Who would post, in which term, at which number, and after what."""

    key: bytes
    term: int
    seq: int
    past: Mapping[bytes, int]


def keeps(tip: Roster, cited: Cited, posting: Posting) -> bool:
    """Tell whether a laptop may post in a term, by what it cites and by the lead's tip."""
    if cited.rules is None:
        return False
    term = posting.term
    for roster in (cited.rules.roster, tip):
        if not 1 <= term <= len(roster.terms) or roster.terms[term - 1].key != posting.key:
            return False
    end = tip.terms[term - 1].end
    if end is not None and posting.seq > end[0]:
        return False
    return term == 1 or _ended_in_past(tip, term, posting.past)


def _ended_in_past(tip: Roster, term: int, past: Mapping[bytes, int]) -> bool:
    before = tip.terms[term - 2]
    if before.end is None:
        return False
    return before.end[0] == 0 or past.get(dev16(before.key), 0) >= before.end[0]
