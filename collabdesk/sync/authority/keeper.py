"""Whose laptop keeps the ledger: the terms in the lead's newest roster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collabdesk.sync.authority.cited import Cited
from collabdesk.sync.records import Roster, Term


def terms_follow(new: Sequence[Term], old: Sequence[Term], landmarks: Mapping[bytes, int]) -> bool:
    """Tell whether a roster's terms may follow those of the roster before it.

    They only grow: earlier terms stay, the last may end (not below its keeper's landmark),
    and one may begin once all before it have ended.
    """
    kept = new[: len(old)]
    if len(kept) < len(old) or len(new) > len(old) + 1:
        return False
    if any(a != b for a, b in zip(kept[:-1], old[:-1], strict=True)):
        return False
    if old and not _ends_or_stays(kept[-1], old[-1], landmarks):
        return False
    appended = new[len(old) :]
    if not appended:
        return True
    return appended[0].end is None and all(term.end is not None for term in kept)


def _ends_or_stays(new: Term, old: Term, landmarks: Mapping[bytes, int]) -> bool:
    if new == old:
        return True
    if new.key != old.key or old.end is not None or new.end is None:
        return False
    return new.end[0] >= landmarks.get(new.key, 0)


def open_term(tip: Roster | None) -> int:
    """Return the number of the term that runs; 0 while nobody keeps the ledger."""
    terms = tip.terms if tip else ()
    return len(terms) if terms and terms[-1].end is None else 0


def keeper(tip: Roster | None) -> bytes | None:
    """Return the key of the laptop whose term runs."""
    return tip.terms[-1].key if tip and open_term(tip) else None


@dataclass(frozen=True, slots=True)
class Posting:
    """Who would post, in which term, and at which number of its chain."""

    key: bytes
    term: int
    seq: int


def names(roster: Roster, posting: Posting) -> bool:
    """Tell whether a roster's term of that number names the laptop."""
    term = posting.term
    return 1 <= term <= len(roster.terms) and roster.terms[term - 1].key == posting.key


def keeps(tip: Roster, cited: Cited, posting: Posting) -> bool:
    """Tell whether a laptop may post in a term, by what it cites and by the lead's tip."""
    if cited.rules is None:
        return False
    if not (names(cited.rules.roster, posting) and names(tip, posting)):
        return False
    end = tip.terms[posting.term - 1].end
    return end is None or posting.seq <= end[0]
