"""Risk and gain share: who keeps an underspend and who bears an overspend."""

from __future__ import annotations

from dataclasses import dataclass

from collabdesk.domain.apportionment import split
from collabdesk.domain.budgets.loss_caps import Absorbed, absorb, check_caps
from collabdesk.domain.budgets.shares import check_shares
from collabdesk.domain.decimals import parse_decimal
from collabdesk.domain.money import round_half_away
from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True)
class Agreement:
    """One version of what the partners agreed.

    Collar and cap are decimal text, in per cent of the envelope. `shares_bp` has one share
    for each partner; `caps_p` is empty or has each partner's largest loss (None: no limit).
    """

    collar_pct: str
    cap_pct: str
    shares_bp: tuple[int, ...]
    caps_p: tuple[int | None, ...] = ()

    def __post_init__(self) -> None:
        """Refuse shares that do not total 100 %, caps that fit nobody, a collar outside the cap."""
        check_shares(self.shares_bp)
        if self.caps_p:
            check_caps(len(self.shares_bp), self.caps_p)
        collar = parse_decimal(self.collar_pct, "collar_pct")
        cap = parse_decimal(self.cap_pct, "cap_pct")
        if not 0 <= collar <= cap:
            raise Refusal(
                code="collar_above_cap",
                words=f"A collar of {self.collar_pct} % does not lie inside {self.cap_pct} %.",
                remedy="Enter a collar of nought or more, and a cap that is no smaller.",
                field="collar_pct",
            )


@dataclass(frozen=True, slots=True)
class Shared:
    """A result in its bands, in pence with the sign of the result.

    The collar is the lead provider's, what lies above the cap is the commissioner's; the
    partners' parts and the unabsorbed rest make up the band between.
    """

    collar_p: int
    band_p: int
    above_cap_p: int
    partners_p: tuple[int, ...]
    unabsorbed_p: int

    @property
    def result_p(self) -> int:
        """The whole result: collar, band and what is above the cap."""
        return self.collar_p + self.band_p + self.above_cap_p


def share(agreement: Agreement, envelope_p: int, result_p: int) -> Shared:
    """Share a year's result: an underspend above nought, an overspend below.

    Partners' caps limit a loss, never a gain.
    """
    if envelope_p < 0:
        raise Refusal(
            code="envelope_below_nought",
            words="The envelope is less than nought; collar and cap have no size.",
            remedy="Check the allocations of the year.",
            field="envelope_p",
        )
    size, sign = abs(result_p), -1 if result_p < 0 else 1
    collar = min(size, _limit(envelope_p, agreement.collar_pct))
    capped = min(size, _limit(envelope_p, agreement.cap_pct))
    found = _divided(agreement, capped - collar, loss=sign < 0)
    return Shared(
        sign * collar,
        sign * (capped - collar),
        sign * (size - capped),
        tuple(sign * part for part in found.partners_p),
        sign * found.unabsorbed_p,
    )


def _limit(envelope_p: int, pct: str) -> int:
    return round_half_away(envelope_p * parse_decimal(pct) / 100)


def _divided(agreement: Agreement, band_p: int, *, loss: bool) -> Absorbed:
    if loss and agreement.caps_p:
        return absorb(band_p, agreement.shares_bp, agreement.caps_p)
    return Absorbed(tuple(split(band_p, agreement.shares_bp)), 0)
