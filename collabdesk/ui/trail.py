"""Where a person has been: back, forward, and the present place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A page and, within it, what it shows."""

    page: str
    within: object = None


class Trail:
    """Places visited in this window."""

    def __init__(self) -> None:
        """Start nowhere."""
        self._places: list[Place] = []
        self._at = -1

    @property
    def here(self) -> Place | None:
        """The present place."""
        return self._places[self._at] if self._places else None

    @property
    def can_go_back(self) -> bool:
        """Whether there is a place before this one."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether Back was used since the last visit."""
        return self._at < len(self._places) - 1

    def visit(self, place: Place) -> None:
        """Go somewhere; what lay ahead is forgotten."""
        if place == self.here:
            return
        del self._places[self._at + 1 :]
        self._places.append(place)
        self._at += 1

    def back(self) -> Place | None:
        """Step back and return the place."""
        self._at -= self.can_go_back
        return self.here

    def forward(self) -> Place | None:
        """Step forward and return the place."""
        self._at += self.can_go_forward
        return self.here
