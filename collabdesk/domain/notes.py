"""Long notes that two people wrote at the same time: what both of them changed, in one text.

Line by line, after Khanna, Kunal and Pierce, "A Formal Investigation of Diff3" (2007): the
lines of the version both began with that neither touched divide the texts into regions; a
region that only one changed is taken from it, and one that both changed keeps both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Lines = Sequence[str]


@dataclass(frozen=True, slots=True)
class MergedNote:
    """A proposed text, and in how many places both had changed the same lines."""

    text: str
    clashes: int


def merge_notes(base: str, versions: Iterable[str]) -> MergedNote:
    """Return one text with the changes of every version of a note to `base`.

    Where two changed the same lines, those of both are kept, in the order of the versions.
    """
    first, *others = versions
    merged = MergedNote(first, 0)
    for other in others:
        with_this = _merge(base.splitlines(), merged.text.splitlines(), other.splitlines())
        merged = MergedNote(with_this.text, merged.clashes + with_this.clashes)
    return merged


def _merge(base: Lines, ours: Lines, theirs: Lines) -> MergedNote:
    kept: list[str] = []
    clashes = 0
    for before, mine, yours, anchor in _regions(base, ours, theirs):
        lines, clash = _settle(before, mine, yours)
        kept += [*lines, *anchor]
        clashes += clash
    return MergedNote("\n".join(kept), clashes)


def _regions(
    base: Lines, ours: Lines, theirs: Lines
) -> Iterator[tuple[Lines, Lines, Lines, Lines]]:
    """Yield what lies before each line that all three share, and that line."""
    in_ours, in_theirs = _matched(base, ours), _matched(base, theirs)
    shared = [at for at in range(len(base)) if at in in_ours and at in in_theirs]
    i = j = k = 0
    for at in shared:
        yield base[i:at], ours[j : in_ours[at]], theirs[k : in_theirs[at]], [base[at]]
        i, j, k = at + 1, in_ours[at] + 1, in_theirs[at] + 1
    yield base[i:], ours[j:], theirs[k:], []


def _matched(base: Lines, other: Lines) -> dict[int, int]:
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + n: block.b + n for block in blocks for n in range(block.size)}


def _settle(base: Lines, ours: Lines, theirs: Lines) -> tuple[Lines, bool]:
    if ours in (base, theirs):
        return theirs, False
    if theirs == base:
        return ours, False
    return [*ours, *theirs], True
