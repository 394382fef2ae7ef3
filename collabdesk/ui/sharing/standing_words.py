"""How laptops and partners stand, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collabdesk.services.sharing.standing import Laptop

State = Literal["seen", "behind", "silent", "lost"]
DAY_MS: Final = 86_400_000
AMBER_DAYS: Final = 7
RED_DAYS: Final = 30
_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400


@dataclass(frozen=True)
class Partner:
    """One organisation of the alliance, as its box shows it."""

    organisation: bytes
    name: str
    role: str
    laptops: tuple[Laptop, ...]
    state: State
    said: str
    heard: str
    mine: bool

    @property
    def spoken(self) -> str:
        """The box in one sentence."""
        return f"{self.name}. {self.role}. {self.said}. Last heard: {self.heard}"


def partners(laptops: Sequence[Laptop], now_ms: int) -> list[Partner]:
    """Return the organisations in the order given, each with its laptops."""
    order: dict[bytes, list[Laptop]] = {}
    for laptop in laptops:
        order.setdefault(laptop.member.organisation, []).append(laptop)
    return [_partner(tuple(group), now_ms) for group in order.values()]


def _partner(group: tuple[Laptop, ...], now_ms: int) -> Partner:
    first = group[0].member
    mine = any(laptop.mine for laptop in group)
    heard_ms = max(laptop.heard_ms for laptop in group)
    # One laptop that is up to date is enough for the organisation to have seen everything.
    behind = min(laptop.behind for laptop in group if laptop.heard_ms == heard_ms)
    count = f"{len(group)} laptop{'' if len(group) == 1 else 's'}"
    place = "You. " if mine else "Lead. " if first.is_lead else ""
    state: State = "seen"
    said = "Has seen everything"
    silence = None if mine else silence_of(heard_ms, now_ms)
    if silence is not None:
        state, said = silence, silent_words(heard_ms, now_ms)
    elif behind and not mine:
        state, said = "behind", seen_words(behind)
    heard = "Now" if mine else ago_words(heard_ms, now_ms)
    return Partner(
        first.organisation,
        first.organisation_name,
        f"{place}{count}",
        group,
        state,
        said,
        heard,
        mine,
    )


def silence_of(heard_ms: int, now_ms: int) -> State | None:
    """Return how worrying it is when something was heard last: after a week, after a month."""
    days = (now_ms - heard_ms) // DAY_MS
    if not heard_ms:
        return "silent"
    if days >= RED_DAYS:
        return "lost"
    return "silent" if days >= AMBER_DAYS else None


def silent_words(heard_ms: int, now_ms: int) -> str:
    """Say for how long nothing was heard."""
    return f"Not heard for {(now_ms - heard_ms) // DAY_MS} days" if heard_ms else "Not heard yet"


def seen_words(behind: int) -> str:
    """Say how many change sets a laptop has not confirmed in a change set of its own."""
    if not behind:
        return "Has seen everything"
    return f"{behind} change set{'' if behind == 1 else 's'} not confirmed"


def ago_words(heard_ms: int, now_ms: int) -> str:
    """Say when a laptop was heard last, in words short enough for a box."""
    if not heard_ms:
        return "Not yet"
    seconds = max(0, now_ms - heard_ms) // 1000
    if seconds < _MINUTE:
        return "Just now"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min ago"
    when = dt.datetime.fromtimestamp(heard_ms / 1000, tz=dt.UTC).astimezone()
    if seconds < _DAY:
        return f"{when:%H:%M}"
    return f"{when.day} {when:%B}"
