from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from collabdesk.errors import NotPossible
from collabdesk.exchange.delimited import observations
from collabdesk.exchange.profiles import Profile
from collabdesk.exchange.reference import read_measures, read_organisations


def test_the_organisations_are_real_trusts_with_their_days(resources: Path) -> None:
    found = {
        o.code: o
        for o in read_organisations((resources / "organisations/organisations.csv").read_bytes())
    }
    assert len(found) == 260
    assert found["RP7"].name == "LINCOLNSHIRE PARTNERSHIP NHS FOUNDATION TRUST"
    assert found["RP7"].short_name == "Lincolnshire Partnership"
    assert (found["RP7"].opened, found["RP7"].closed) == (dt.date(2001, 4, 1), None)
    assert found["RTV"].closed == dt.date(2021, 5, 31)
    assert {found[code].icb for code in ("RHA", "RP1", "RP7", "RT5", "RXM")} == {
        "QT1",
        "QPM",
        "QJM",
        "QK1",
        "QJ2",
    }
    assert found["QT1"].kind == "icb"
    assert all(o.short_name and o.short_name == o.short_name.strip(" ,") for o in found.values())


def test_the_measures_are_those_of_the_shipped_files(resources: Path, profile: Profile) -> None:
    measures = read_measures((resources / "measures" / "measures.csv").read_bytes())
    file = resources / "samples" / "MHSDS_Data_4WW_SepPerf_2024.csv.gz"
    assert {m.code for m in measures} == {f.measure for f in observations(file, profile)}


def test_numerator_over_denominator_is_the_published_percentage(
    resources: Path, profile: Profile
) -> None:
    measures = read_measures((resources / "measures" / "measures.csv").read_bytes())
    file = resources / "samples" / "MHSDS_Data_4WW_SepPerf_2024.csv.gz"
    england = {f.measure: f.value for f in observations(file, profile) if f.org_kind == "national"}
    parts = [m for m in measures if m.unit == "percent"]
    assert len(parts) == 14
    for measure in parts:
        share = 100 * int(england[measure.numerator] or 0) / int(england[measure.denominator] or 0)
        assert share == pytest.approx(float(england[measure.code] or 0), abs=1e-5)


def test_a_damaged_list_says_so() -> None:
    with pytest.raises(NotPossible, match="Row 2 of the list of measures"):
        read_measures(b",".join([b"x"] * 10) + b"\na,b\n")


@pytest.mark.parametrize("folder", ["organisations", "measures", "samples"])
def test_every_public_table_carries_its_licence(resources: Path, folder: str) -> None:
    notice = (resources / folder / "LICENCE-OGL.md").read_text("utf-8")
    assert (
        "Contains public sector information licensed under the Open Government Licence v3.0"
        in notice
    )
