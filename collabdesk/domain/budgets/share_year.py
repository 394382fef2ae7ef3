"""A year's result shared by the versions of an agreement, each over the months it holds."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from collabdesk.domain.apportionment import split
from collabdesk.domain.budgets.share import Agreement, Shared, share
from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.errors import Refusal

Partner = TypeVar("Partner", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Terms(Generic[Partner]):
    """One version: who shares, how, and from which month on.

    Its partners stand in the order of the agreement's shares and caps; the caps are for the
    months it holds.
    """

    name: str
    effective_month: int
    partners: tuple[Partner, ...]
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Part(Generic[Partner]):
    """The months `first` to `last` shared by the version that holds in them, in pence."""

    terms: Terms[Partner]
    first: int
    last: int
    envelope_p: int
    shared: Shared

    def of(self, partner: Partner) -> int:
        """Return a partner's part; nought for whoever is no partner in these months."""
        places = self._places(partner)
        return sum(self.shared.partners_p[at] for at in places)

    def beyond_cap(self, partner: Partner) -> int:
        """Return what a partner would bear without its cap beyond what it does, or nought."""
        whole = split(abs(self.shared.band_p), self.terms.agreement.shares_bp)
        sign = -1 if self.shared.result_p < 0 else 1
        over = [
            sign * whole[at] - self.shared.partners_p[at]
            for at in self._places(partner)
            if abs(whole[at]) > abs(self.shared.partners_p[at])
        ]
        return sum(over)

    def _places(self, partner: Partner) -> list[int]:
        return [at for at, one in enumerate(self.terms.partners) if one == partner]


@dataclass(frozen=True, slots=True)
class YearShare(Generic[Partner]):
    """All parts of a year; `uncovered_p` is the result of months before the first version."""

    parts: tuple[Part[Partner], ...]
    uncovered_p: int

    @property
    def collar_p(self) -> int:
        """What the lead provider's reserve keeps or bears first."""
        return sum(part.shared.collar_p for part in self.parts)

    @property
    def band_p(self) -> int:
        """What is divided between the partners."""
        return sum(part.shared.band_p for part in self.parts)

    @property
    def above_cap_p(self) -> int:
        """What is the commissioner's."""
        return sum(part.shared.above_cap_p for part in self.parts)

    @property
    def unabsorbed_p(self) -> int:
        """What no partner absorbs: the lead provider stays exposed to it."""
        return sum(part.shared.unabsorbed_p for part in self.parts)

    @property
    def result_p(self) -> int:
        """The whole result: collar, band, above the cap, and what no version covers."""
        return self.collar_p + self.band_p + self.above_cap_p + self.uncovered_p

    @property
    def partners(self) -> Mapping[Partner, int]:
        """Each partner's part of the year, in the order in which they joined."""
        names = dict.fromkeys(name for part in self.parts for name in part.terms.partners)
        return {name: sum(part.of(name) for part in self.parts) for name in names}

    def beyond_cap(self, partner: Partner) -> int:
        """Return what a partner's caps keep from it."""
        return sum(part.beyond_cap(partner) for part in self.parts)


def share_year(
    versions: Sequence[Terms[Partner]], envelope_p: int, results_p: Sequence[int]
) -> YearShare[Partner]:
    """Share twelve months' results, each run of months by the version that holds in it.

    A version holds until the next begins. Its collar and cap are of its months' part of the
    envelope: twelfths, to the penny the envelope. With one version from April on, that is the
    year as a whole.
    """
    ordered = sorted(versions, key=lambda one: one.effective_month)
    _check(ordered)
    starts = [*(one.effective_month for one in ordered), MONTHS_IN_YEAR + 1]
    envelopes = split(envelope_p, [1] * MONTHS_IN_YEAR)
    parts = []
    for terms, (first, after) in zip(ordered, pairwise(starts), strict=True):
        mine = sum(envelopes[first - 1 : after - 1])
        shared = share(terms.agreement, mine, sum(results_p[first - 1 : after - 1]))
        parts.append(Part(terms, first, after - 1, mine, shared))
    return YearShare(tuple(parts), sum(results_p[: starts[0] - 1]))


def _check(ordered: Sequence[Terms[Partner]]) -> None:
    for one, other in pairwise(ordered):
        if one.effective_month == other.effective_month:
            raise Refusal(
                code="two_versions_from_one_month",
                words=f"“{one.name}” and “{other.name}” both hold from M{one.effective_month}.",
                remedy="Let one of them begin in another month.",
                field="effective_month",
            )
