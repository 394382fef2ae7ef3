"""One published figure."""

from __future__ import annotations

import datetime as dt

from collabdesk.domain.metrics.observation import Flag, Key, Observation

JUNE = dt.date(2026, 6, 1), dt.date(2026, 6, 30)


def test_a_figure_is_known_by_what_it_measures_of_whom_and_when_not_by_its_value() -> None:
    figure = Observation("MHS01", "provider", "RHA", "Trust", *JUNE, "", "12", Flag.OK, 7)
    corrected = figure._replace(value="13", source_row=9, org_name="Renamed trust")
    assert figure.key == corrected.key == Key("MHS01", "provider", "RHA", *JUNE, "")
    assert figure.key != figure._replace(org_code="RP7").key
