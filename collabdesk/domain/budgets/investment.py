"""Investing savings: recurrent commitments from recurrent savings alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True)
class Purses:
    """Money that comes again each year and money that comes once, in pence."""

    recurrent_p: int
    non_recurrent_p: int


@dataclass(frozen=True, slots=True)
class Wish:
    """A proposal and what it asks of each purse, in pence."""

    key: str
    recurrent_p: int
    non_recurrent_p: int

    def __post_init__(self) -> None:
        """Refuse a proposal that asks for less than nothing."""
        if self.recurrent_p < 0 or self.non_recurrent_p < 0:
            raise Refusal(
                code="proposal_below_nought",
                words="The proposal asks for less than nothing.",
                remedy="Enter amounts of nought or more; a saving is recorded as a saving.",
                field="recurrent_p" if self.recurrent_p < 0 else "non_recurrent_p",
            )


@dataclass(frozen=True, slots=True)
class TurnedDown:
    """A proposal that does not fit: what would be committed with it, and the limit, in pence."""

    key: str
    why: Refusal
    commitment_p: int
    limit_p: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Which proposals are affordable, which are not, and what each purse has left."""

    affordable: tuple[str, ...]
    turned_down: tuple[TurnedDown, ...]
    left: Purses


def invest(savings: Purses, wishes: Iterable[Wish]) -> Plan:
    """Try proposals in the order given; one that does not fit is passed over."""
    affordable: list[str] = []
    turned_down: list[TurnedDown] = []
    left = savings
    for wish in wishes:
        missing = _missing(savings, left, wish)
        if missing is not None:
            turned_down.append(missing)
            continue
        affordable.append(wish.key)
        left = Purses(
            left.recurrent_p - wish.recurrent_p, left.non_recurrent_p - wish.non_recurrent_p
        )
    return Plan(tuple(affordable), tuple(turned_down), left)


def _missing(savings: Purses, left: Purses, wish: Wish) -> TurnedDown | None:
    for purse in _PURSES:
        limit_p, asked_p = purse.of(savings), purse.of(wish)
        committed_p = limit_p - purse.of(left) + asked_p
        if asked_p and committed_p > limit_p:
            return TurnedDown(wish.key, _exceeds(purse, committed_p, limit_p), committed_p, limit_p)
    return None


@dataclass(frozen=True, slots=True)
class _Purse:
    field: str
    code: str
    name: str

    def of(self, held: Purses | Wish) -> int:
        return held.recurrent_p if self.field == "recurrent_p" else held.non_recurrent_p


# The recurrent purse comes first: it binds every later year too.
_PURSES: Final = (
    _Purse("recurrent_p", "exceeds_recurrent_saving", "recurrent saving"),
    _Purse("non_recurrent_p", "exceeds_nonrecurrent_money", "non-recurrent money"),
)


def _exceeds(purse: _Purse, committed_p: int, limit_p: int) -> Refusal:
    return Refusal(
        code=purse.code,
        words=(
            f"With this proposal {format_pence(committed_p)} of the {purse.name} would be "
            f"committed; there is {format_pence(limit_p)}."
        ),
        remedy="Lower the proposal, or wait until further savings are confirmed.",
        field=purse.field,
    )
