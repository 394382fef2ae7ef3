"""The measures compared from the start."""

from __future__ import annotations

from collabdesk.domain.metrics.catalogue import CATALOGUE, Better, Unit


def test_the_two_measures_say_what_they_are() -> None:
    assert set(CATALOGUE) == {"MRS08b", "MRS10a"}
    share, days = CATALOGUE["MRS08b"], CATALOGUE["MRS10a"]
    assert (share.unit, share.better, share.denominator) == (Unit.PERCENT, Better.HIGHER, "MRS08")
    assert (days.unit, days.better) == (Unit.DAYS, Better.LOWER)
