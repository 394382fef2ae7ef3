"""Dots under a fork: two operations may bear one name, and the citer's ancestor is meant."""

from __future__ import annotations

from collections.abc import Iterator

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
        self._found: dict[tuple[bytes, int], tuple[bytes, ...]] = {}

    def forked(self, dot: Dot) -> bool:
        """Tell whether more than one operation may bear a dot."""
        return dot[1] >= self._placed.forks.get(dot[0], dot[1] + 1)

    def operation(self, dot: Dot) -> OperationFacts | None:
        """Return what the operation meant names, or None if no branch in the past holds it."""
        meant = self._meant(dot)
        return None if meant is None else meant[1]

    def stands(self, dot: Dot) -> bool:
        """Tell whether the operation meant by a dot is on the line that stands."""
        meant = self._meant(dot)
        return meant is not None and meant[0] in self._spine(dot[0])

    def has_standing(self, dev: bytes, seq: int, segment_id: bytes) -> bool:
        """Tell whether a segment of a forked device lies in the past and on its standing line."""
        return segment_id in self._spine(dev) and segment_id in self._in_past(dev, seq)

    def row(self, row: bytes) -> RowFacts | None:
        """Return the facts of a row that a forked device inserted on the branch meant."""
        made = dict(self._work.forked_rows(row))
        if not made:
            return None
        dev, seq, _ = next(iter(made.values())).dot
        return next((made[at] for at in self._in_past(dev, seq) if at in made), None)

    def _meant(self, dot: Dot) -> tuple[bytes, OperationFacts] | None:
        """Return the operation on the branch in the past.

        Where two parents brought both, that on the line that stands, else the lower one.
        """
        for branch in self._in_past(dot[0], dot[1]):
            facts = self._work.forked_operation(branch, dot)
            if facts is not None:
                return branch, facts
        return None

    def _in_past(self, dev: bytes, seq: int) -> tuple[bytes, ...]:
        place = (dev, seq)
        if place not in self._found:
            self._found[place] = tuple(self._find(dev, seq))
        return self._found[place]

    def _find(self, dev: bytes, seq: int) -> Iterator[bytes]:
        placed, log = self._placed, self._work.log
        if (dev, seq) == (placed.dev16, placed.seq):
            yield placed.id
            return
        spine = self._spine(dev)
        for candidate in sorted(log.segments_at(dev, seq), key=lambda i: (i not in spine, i)):
            if is_ancestor(log, candidate, placed.ancestors):
                yield candidate

    def _spine(self, dev: bytes) -> frozenset[bytes]:
        return self._placed.spines.get(dev, frozenset())
