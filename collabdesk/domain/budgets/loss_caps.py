"""A loss over partners of whom some pay no more than a cap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from collabdesk.domain.apportionment import split
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True)
class Absorbed:
    """What each partner pays, in pence, and what nobody does: the lead provider's exposure."""

    partners_p: tuple[int, ...]
    unabsorbed_p: int


def absorb(loss_p: int, shares: Sequence[int], caps_p: Sequence[int | None]) -> Absorbed:
    """Split a loss by shares; what lies above a partner's cap is split over the others.

    This is repeated until nobody is above a cap. `loss_p` is the size of the loss; a cap of
    None is no cap. Each round splits only the excess of the round before; a partner without
    a share never pays.
    """
    _check(loss_p, shares, caps_p)
    given, left = [0] * len(shares), loss_p
    while left:
        turn = [
            share if cap is None or paid < cap else 0
            for share, cap, paid in zip(shares, caps_p, given, strict=True)
        ]
        if not any(turn):
            break
        wanted = [paid + part for paid, part in zip(given, split(left, turn), strict=True)]
        given = [
            want if cap is None else min(want, cap)
            for want, cap in zip(wanted, caps_p, strict=True)
        ]
        left = sum(wanted) - sum(given)
    return Absorbed(tuple(given), left)


def _check(loss_p: int, shares: Sequence[int], caps_p: Sequence[int | None]) -> None:
    if loss_p < 0:
        raise Refusal(
            code="loss_below_nought",
            words=f"A loss of {format_pence(loss_p)} is a gain.",
            remedy="Enter the size of the loss; caps do not limit a gain.",
            field="loss_p",
        )
    if any(share < 0 for share in shares):
        raise Refusal(
            code="negative_share",
            words="A partner's share is less than nought.",
            remedy="Enter shares of nought or more.",
            field="shares_bp",
        )
    check_caps(len(shares), caps_p)


def check_caps(partners: int, caps_p: Sequence[int | None]) -> None:
    """Refuse caps below nought, or more or fewer of them than partners."""
    if len(caps_p) != partners or any(cap is not None and cap < 0 for cap in caps_p):
        raise Refusal(
            code="partner_caps",
            words="The caps do not fit the partners.",
            remedy="Give each partner one cap of nought or more, or none.",
            field="caps_p",
        )
