from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
import io
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.domain.metrics.observation import Flag, Observation
from collabdesk.errors import NotPossible, Refusal
from collabdesk.exchange import foreign_text
from collabdesk.exchange.delimited import Parked, Read, observations, read
from collabdesk.exchange.foreign_text import ForeignFile
from collabdesk.exchange.profiles import Profile, parse_profile

RowWriter = Callable[..., str]
TableWriter = Callable[..., bytes]

EAST_MIDLANDS = ("RHA", "RP1", "RP7", "RT5", "RXM")


def digest(figures: Iterable[Observation]) -> str:
    found = hashlib.sha256()
    for figure in figures:
        cells = (str(cell) for cell in figure)
        found.update("\x1f".join(cells).encode() + b"\n")
    return found.hexdigest()


@pytest.mark.parametrize(
    ("name", "rows", "golden"),
    [
        (
            "MHSDS_Data_4WW_AprPerf_2024_v2.csv.gz",
            19_958,
            "70104323d33c62e4f9e67b1de6ffcb6e54d99a61e3645a7e7a3ea17218aeadde",
        ),
        (
            "MHSDS_Data_4WW_SepPerf_2024.csv.gz",
            18_942,
            "e5e420e5b42b1161aee387a60f723248e3ace2a2fa13601152e56903a14a7047",
        ),
    ],
)
def test_the_published_files_give_the_same_rows_everywhere(
    resources: Path, profile: Profile, name: str, rows: int, golden: str
) -> None:
    packed = (resources / "samples" / name).read_bytes()
    figures = list(observations(packed, profile))
    assert len(figures) == rows
    assert digest(figures) == golden
    assert digest(observations(gzip.decompress(packed), profile)) == golden
    assert digest(observations(resources / "samples" / name, profile)) == golden


@pytest.mark.parametrize(
    ("name", "measure", "published"),
    [
        ("MHSDS_Data_4WW_AprPerf_2024_v2.csv.gz", "MRS08b", ("17", None, "7", None, "3")),
        ("MHSDS_Data_4WW_AprPerf_2024_v2.csv.gz", "MRS10a", ("57", "356", "14", "53", "69")),
        ("MHSDS_Data_4WW_SepPerf_2024.csv.gz", "MRS08b", ("20", None, "7", None, "4")),
        ("MHSDS_Data_4WW_SepPerf_2024.csv.gz", "MRS10a", ("75", "454", "10", "69", "96")),
    ],
)
def test_the_east_midlands_trusts_are_as_published(
    resources: Path, profile: Profile, name: str, measure: str, published: tuple[str | None, ...]
) -> None:
    figures = observations(resources / "samples" / name, profile)
    values = {f.org_code: f for f in figures if f.measure == measure and f.org_kind == "provider"}
    assert tuple(values[code].value for code in EAST_MIDLANDS) == published
    flags = {values[code].flag for code in EAST_MIDLANDS if values[code].value is None}
    assert flags <= {Flag.SUPPRESSED}


def test_a_row_is_understood(profile: Profile, table: TableWriter, row: RowWriter) -> None:
    data = table(row(secondary="AG1", breakdown=" provider ; Age Group", code="209"))
    (figure,) = observations(data, profile)
    assert figure == Observation(
        "MRS10a",
        "provider",
        "209",
        "LINCOLNSHIRE PARTNERSHIP NHS FOUNDATION TRUST",
        dt.date(2024, 4, 1),
        dt.date(2024, 4, 30),
        "Age Group: AG1",
        "14",
        Flag.OK,
        2,
    )
    assert figure.key.secondary == "Age Group: AG1"


@pytest.mark.parametrize(
    ("mark", "flag"),
    [("*", Flag.SUPPRESSED), ("-", Flag.MISSING), ("", Flag.MISSING), ("NA", Flag.MISSING)],
)
def test_marks_are_kept_apart_from_numbers(
    profile: Profile, table: TableWriter, row: RowWriter, mark: str, flag: Flag
) -> None:
    (figure,) = observations(table(row(value=mark)), profile)
    assert (figure.value, figure.flag) == (None, flag)


def test_aliases_spacing_and_byte_order_mark_change_nothing(
    profile: Profile, table: TableWriter
) -> None:
    plain = table()
    other = plain.replace(b"MEASURE_ID", b" metric ").replace(b"PRIMARY_LEVEL,", b"LEVEL_ONE,")
    other = other.replace(b"\n", b"\r\n").replace(b"01/04/2024", b"2024-04-01")
    assert digest(observations(b"\xef\xbb\xbf" + other, profile)) == digest(
        observations(plain, profile)
    )


def test_a_comma_inside_a_quoted_name_is_no_column(
    profile: Profile, table: TableWriter, row: RowWriter
) -> None:
    (figure,) = observations(table(row(name='"CARE, SUPPORT AND ""HOME"""')), profile)
    assert figure.org_name == 'CARE, SUPPORT AND "HOME"'


def test_a_code_with_an_e_stays_text(profile: Profile, table: TableWriter, row: RowWriter) -> None:
    assert next(observations(table(row(code="8E782")), profile)).org_code == "8E782"


def test_an_unknown_breakdown_is_parked(
    profile: Profile, table: TableWriter, row: RowWriter
) -> None:
    data = table(row(), row(breakdown="Moon; Crater"))
    parked = [e for e in read(ForeignFile("a.csv", data), profile) if isinstance(e, Parked)]
    assert parked == [Parked(3, "Moon; Crater")]
    assert len(list(observations(data, profile))) == 1


def test_windows_text_is_read_only_where_the_profile_allows_it(
    profile: Profile, profile_bytes: bytes, table: TableWriter, row: RowWriter
) -> None:
    data = table(row(), row(code="RXM", name="CAFÉ TRUST"), encoding="cp1252")
    with pytest.raises(Refusal, match="line 3 is not UTF-8 text") as caught:
        list(observations(data, profile))
    assert caught.value.code == "wrong-encoding"
    wider = parse_profile(profile_bytes.replace(b'"utf-8"]', b'"utf-8", "cp1252"]'))
    assert [f.org_name for f in observations(data, wider)][1] == "CAFÉ TRUST"
    with pytest.raises(Refusal, match="line 4 is not Windows-1252 text"):
        list(observations(data + b"\x81\n", wider))


def cut(data: bytes) -> bytes:
    return data[:-9]


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (lambda _: b"", "empty-file", "the file is empty"),
        (lambda _: gzip.compress(b""), "empty-file", "the file is empty"),
        (lambda d: d[: d.index(b"\n") + 1], "no-rows", "a header and no rows"),
        (lambda d: d[:-1], "truncated", "stops in the middle of row 2"),
        (cut, "truncated", "row 2 has 10 of 11 cells"),
        (lambda d: gzip.compress(d)[:-20], "truncated", "ends too early"),
        (lambda d: gzip.compress(d)[:40] + b"x" * 90, "damaged-gzip", "damaged"),
        (lambda d: d[:-3] + b'"14', "truncated", "inside a quoted cell of row 2"),
        (lambda d: d.replace(b"14\n", b"1\x004\n"), "nul-byte", "line 2 holds a NUL byte"),
        (lambda d: d.decode().encode("utf-16"), "not-delimited-text", "UTF-16"),
        (lambda _: b"PK\x03\x04rest", "not-delimited-text", "an Excel workbook"),
        (lambda _: b"\xd0\xcf\x11\xe0rest", "not-delimited-text", "an old Excel workbook"),
        (lambda _: b"\xef\xbb\xbf <!DOCTYPE html>", "not-delimited-text", "a web page"),
        (lambda _: gzip.compress(b"PK\x03\x04"), "not-delimited-text", "an Excel workbook"),
        (lambda d: d.replace(b"14\n", b'"1"4\n'), "not-delimited-text", "row 2 is not written"),
        (lambda d: d.replace(b"MEASURE_ID", b"X"), "unknown-layout", "MEASURE_ID or METRIC"),
        (lambda d: d.replace(b"14\n", b"14,15\n"), "bad-row", "row 2 has 12 of 11 cells"),
        (lambda d: d.replace(b"14\n", b"x\n"), "bad-value", "row 2 has 'x' in MEASURE_VALUE"),
        (lambda d: d.replace(b"14\n", b'"1,400"\n'), "bad-value", "'1,400'"),
        (lambda d: d.replace(b"30/04/2024", b"31/04/2024"), "bad-date", "'31/04/2024'"),
        (lambda d: d.replace(b"30/04/2024", b"April"), "bad-date", "not dd/mm/yyyy or"),
        (lambda d: d.replace(b"30/04/2024", b"30/03/2024"), "bad-period", "before it starts"),
        (lambda d: d.replace(b"RP7", b"8.00E+12"), "mangled-code", "8.00E+12 in PRIMARY_LEVEL"),
        (lambda d: d.replace(b"RP7", b" "), "missing-code", "nothing in PRIMARY_LEVEL"),
        (lambda d: d.replace(b"Performance", b"Perhaps"), "unknown-status", "'Perhaps'"),
    ],
)
def test_a_bad_file_is_refused_saying_what_and_where(
    profile: Profile, table: TableWriter, change: Callable[[bytes], bytes], code: str, words: str
) -> None:
    with pytest.raises(Refusal) as caught:
        list(observations(change(table()), profile))
    assert caught.value.code == code
    assert words in caught.value.words
    assert caught.value.remedy


def test_two_months_in_one_file_are_refused(
    profile: Profile, table: TableWriter, row: RowWriter
) -> None:
    data = table(row(), row(start="01/05/2024", end="31/05/2024"))
    with pytest.raises(Refusal, match="row 3 ends on 31/05/2024, others on 30/04/2024"):
        list(observations(data, profile))


def test_a_figure_stated_twice_is_refused_naming_both_rows(
    profile: Profile, table: TableWriter, row: RowWriter
) -> None:
    data = table(row(), row(code="RXM"), row(value="15"))
    with pytest.raises(Refusal, match="Rows 2 and 4 both give MRS10a for RP7") as caught:
        list(observations(data, profile))
    assert caught.value.code == "duplicate-key"


def test_a_bomb_is_refused_before_it_unpacks(profile: Profile) -> None:
    bomb = gzip.compress(b"a,b,c\n" * 3_000_000, compresslevel=9)
    with pytest.raises(Refusal, match="more than 250 times its size") as caught:
        list(observations(bomb, profile))
    assert caught.value.code == "too-large"


def test_one_endless_line_is_refused(profile: Profile) -> None:
    bomb = gzip.compress(b"a" * 5_000_000)
    with pytest.raises(Refusal, match="one line is longer than 1024 KiB"):
        list(observations(bomb, profile))


def test_more_text_than_a_release_can_hold_is_refused(
    profile: Profile, table: TableWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreign_text, "MAX_TEXT_BYTES", 100)
    with pytest.raises(Refusal, match="holds more than 0 MiB of text"):
        list(observations(table(), profile))


def test_a_file_that_cannot_be_opened_says_so(profile: Profile, tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match="cannot be opened"):
        list(observations(tmp_path / "gone.csv", profile))


def test_reading_reports_progress_and_stops_when_asked(resources: Path, profile: Profile) -> None:
    data = (resources / "samples" / "MHSDS_Data_4WW_SepPerf_2024.csv.gz").read_bytes()
    seen: list[tuple[int, int]] = []
    stop = threading.Event()

    def report(done: int, size: int) -> None:
        seen.append((done, size))
        if len(seen) == 2:
            stop.set()

    file = ForeignFile("a.csv.gz", data)
    with pytest.raises(Refusal, match="you stopped the reading"):
        list(read(file, profile, progress=report, cancel=stop))
    assert [size for _, size in seen] == [len(data)] * 2
    assert list(read(file, profile, progress=lambda done, _: seen.append((done, 0))))
    assert seen[-1] == (len(data), 0)


CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\u2028"),
    max_size=20,
)


@given(names=st.lists(CELL, min_size=1, max_size=8), crlf=st.booleans(), packed=st.booleans())
def test_whatever_a_name_holds_the_rows_are_found_again(
    profile: Profile, names: list[str], *, crlf: bool, packed: bool
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n" if crlf else "\n")
    writer.writerow([aliases[0] for aliases in profile.columns.values()])
    for number, name in enumerate(names):
        cells = dict.fromkeys(profile.columns, "NONE") | {
            "period_start": "01/04/2024",
            "period_end": "30/04/2024",
            "status": "Final",
            "breakdown": "Provider",
            "organisation": f"R{number}",
            "organisation_name": name,
            "value": str(number),
        }
        writer.writerow([cells[column] for column in profile.columns])
    data = out.getvalue().encode()
    figures = list(observations(gzip.compress(data) if packed else data, profile))
    assert [f.org_name for f in figures] == [name.strip() for name in names]
    assert [f.value for f in figures] == [str(n) for n in range(len(names))]


@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_refused_and_never_crash(profile: Profile, data: bytes) -> None:
    with pytest.raises(Refusal):
        list(observations(data, profile))


@given(data=st.data())
def test_a_flipped_or_cut_file_gives_rows_or_a_refusal(
    profile: Profile, table: TableWriter, row: RowWriter, data: st.DataObject
) -> None:
    whole = table(row(), row(code="RXM"), row(code="RHA", value="*"))
    place = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.binary(max_size=2))
    try:
        found = list(observations(whole[:place] + byte + whole[place + 1 :], profile))
    except Refusal:
        return
    assert all(isinstance(figure, Observation) for figure in found)


def test_read_gives_the_status_each_row_states(profile: Profile, table: TableWriter) -> None:
    (entry,) = read(ForeignFile("a.csv", table()), profile)
    assert isinstance(entry, Read)
    assert entry.status == "performance"
