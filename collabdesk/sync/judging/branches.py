"""Dots under a fork: two operations may bear one name, and the citer's ancestor is meant."""

from __future__ import annotations

from collabdesk.sync.chain import is_ancestor
from collabdesk.sync.judging.placed import Placed
from collabdesk.sync.operations import Dot
from collabdesk.sync.workset import OperationFacts, RowFacts, Workset


class Branches:
    """Tells which branch of a forked device a segment's past means."""

    def __init__(self, work: Workset, placed: Placed) -> None:
        """Look from the place of a segment."""
        self._work = work
        self._placed = placed
        self._found: dict[tuple[bytes, int], bytes | None] = {}

    def forked(self, dot: Dot) -> bool:
        """Tell whether more than one operation may bear a dot."""
        return dot[1] >= self._placed.forks.get(dot[0], dot[1] + 1)

    def operation(self, dot: Dot) -> OperationFacts | None:
        """Return what the operation meant names, or None if no branch in the past holds it."""
        branch = self._branch(dot[0], dot[1])
        return None if branch is None else self._work.forked_operation(branch, dot)

    def row(self, row: bytes) -> RowFacts | None:
        """Return the facts of a row that a forked device inserted on the branch meant."""
        for branch, facts in self._work.forked_rows(row):
            if self._branch(facts.dot[0], facts.dot[1]) == branch:
                return facts
        return None

    def _branch(self, dev: bytes, seq: int) -> bytes | None:
        place = (dev, seq)
        if place not in self._found:
            self._found[place] = self._find(dev, seq)
        return self._found[place]

    def _find(self, dev: bytes, seq: int) -> bytes | None:
        placed = self._placed
        if (dev, seq) == (placed.dev16, placed.seq):
            return placed.id
        for candidate in sorted(self._work.log.segments_at(dev, seq)):
            if is_ancestor(self._work.log, candidate, placed.ancestors):
                return candidate
        return None
