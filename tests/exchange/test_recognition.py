from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from collabdesk.errors import Refusal
from collabdesk.exchange.profiles import Profile, parse_profile
from collabdesk.exchange.recognition import HEAD_BYTES, name_says, recognise

NAME = "MHSDS_Data_4WW_AprPerf_2024_v2.csv"
TableWriter = Callable[..., bytes]


@pytest.mark.parametrize(
    "name", ["MHSDS_Data_4WW_AprPerf_2024_v2.csv.gz", "MHSDS_Data_4WW_SepPerf_2024.csv.gz"]
)
def test_the_published_files_are_recognised(resources: Path, profile: Profile, name: str) -> None:
    head = (resources / "samples" / name).read_bytes()[:HEAD_BYTES]
    assert recognise(name, head, [profile]) is profile


@pytest.mark.parametrize(
    ("name", "status", "version"),
    [
        (NAME, "performance", 2),
        ("MHSDS Data_4WW_AprPrf_2021.csv", "performance", 1),
        ("MHSDS Data_4WW_AprFinal__2025.csv.gz", "final", 1),
        ("something else.csv", "", 1),
        (NAME * 20, "", 1),
    ],
)
def test_status_and_version_come_from_the_name(
    profile: Profile, name: str, status: str, version: int
) -> None:
    says = name_says(name, profile)
    assert (says.status, says.version) == (status, version)


def test_an_unknown_layout_says_what_was_looked_for(profile: Profile) -> None:
    with pytest.raises(Refusal, match="columns REPORTING_PERIOD_START") as caught:
        recognise("other.csv", b"Area Code,Value\nE1,2\n", [profile])
    assert caught.value.code == "unknown-layout"
    assert profile.title in caught.value.words
    with pytest.raises(Refusal, match="no profile is installed"):
        recognise("other.csv", b"a,b\n", [])


def test_a_renamed_file_is_told_its_published_name(profile: Profile, table: TableWriter) -> None:
    with pytest.raises(Refusal, match="its name does not") as caught:
        recognise("april.csv", table(), [profile])
    assert caught.value.code == "unknown-name"
    assert "MHSDS_Data_4WW_AprPerf_2024_v2.csv.gz" in caught.value.remedy


def test_two_profiles_that_fit_leave_the_choice_to_the_person(
    profile: Profile, profile_bytes: bytes, table: TableWriter
) -> None:
    copied = parse_profile(profile_bytes.replace(b"mhsds-4ww", b"my-copy", 1))
    with pytest.raises(Refusal, match="Choose one of them") as caught:
        recognise(NAME, table(), [profile, copied])
    assert caught.value.code == "ambiguous-layout"


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"", "empty-file"),
        (b"PK\x03\x04workbook", "not-delimited-text"),
        (gzip.compress(b"PK\x03\x04workbook", mtime=0), "not-delimited-text"),
        (b"\x1f\x8bnot gzip", "damaged-gzip"),
        (b"a\x00b\n", "nul-byte"),
        (b"\xff,b\n", "unknown-layout"),
        (b'"a"b\n', "unknown-layout"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(
    profile: Profile, head: bytes, code: str
) -> None:
    with pytest.raises(Refusal) as caught:
        recognise(NAME, head, [profile])
    assert caught.value.code == code
