"""Delimited text read through an import profile: the same bytes give the same rows everywhere.

The standard `csv` module and text only; no float and no data frame ever touches a figure.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from collabdesk.domain.metrics.observation import Flag, Key, Observation
from collabdesk.errors import Refusal
from collabdesk.exchange.decimal_text import canonical, ungrouped
from collabdesk.exchange.foreign_text import CancelToken, ForeignFile, Progress
from collabdesk.exchange.profiles import Profile, breakdown_key, folded

NATIONAL: Final = "national"
# Spreadsheets write the sign; without one it may be a real code, such as provider 8E782.
_MANGLED_CODE: Final = re.compile(r"[0-9](?:[.,][0-9]+)?[eE][+-][0-9]+")
_DATE_PATTERNS: Final = {
    "dd/mm/yyyy": re.compile(r"(?P<d>[0-9]{2})/(?P<m>[0-9]{2})/(?P<y>[0-9]{4})"),
    "yyyy-mm-dd": re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})"),
    "yyyymmdd": re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})"),
}


@dataclass(frozen=True, slots=True)
class Parked:
    """A row whose breakdown the profile does not know; it is counted and left out."""

    row: int
    breakdown: str


@dataclass(frozen=True, slots=True)
class Read:
    """One row understood, with the status its file states."""

    observation: Observation
    status: str


def observations(data: bytes | Path, profile: Profile) -> Iterator[Observation]:
    """Iterate over the figures of a release, refusing the first key that occurs twice.

    Rows whose breakdown the profile does not know are left out, on every machine alike.
    """
    seen: dict[Key, int] = {}
    for entry in read(ForeignFile("the release's file", data), profile):
        if isinstance(entry, Parked):
            continue
        figure = entry.observation
        first = seen.setdefault(figure.key, figure.source_row)
        if first != figure.source_row:
            raise duplicate_key(figure, first)
        yield figure


def read(
    file: ForeignFile,
    profile: Profile,
    *,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> Iterator[Read | Parked]:
    """Iterate over the rows of `file` in order, or refuse with the row where it fails."""
    form = file.form(profile.file.encodings)
    ends_well = form.ends_with_line_break or not profile.checks.ends_with_line_break
    lines = file.lines(form.encoding, progress=progress, cancel=cancel)
    rows = enumerate(_records(file.name, lines, profile), start=1)
    _, header = next(rows)
    reader = _RowReader(file.name, profile, header)
    count = 1
    for number, cells in rows:
        count = number
        yield reader.row(number, cells)
    if count == 1:
        raise _refusal(file.name, "no-rows", "it has a header and no rows.", _AGAIN)
    if not ends_well:
        words = f"it stops in the middle of row {count}, so it may be cut short."
        raise _refusal(file.name, "truncated", words, _AGAIN)


def duplicate_key(figure: Observation, first_row: int) -> Refusal:
    """Return the refusal for a figure that stands twice in one release."""
    return Refusal(
        code="duplicate-key",
        words=(
            f"Rows {first_row} and {figure.source_row} both give {figure.measure} for "
            f"{figure.org_code}, {figure.period_start:%d/%m/%Y} to {figure.period_end:%d/%m/%Y}."
        ),
        remedy="A release may state a figure once. Ask its publisher which one is right.",
        field="file",
    )


_AGAIN: Final = "Get the file again from its publisher."


def header_places(header: Sequence[str], profile: Profile) -> dict[str, int]:
    """Return the place of each column the profile maps; a missing one is left out."""
    labels = [folded(label) for label in header]
    found = {}
    for name, aliases in profile.columns.items():
        places = [place for place, label in enumerate(labels) if label in aliases]
        if len(places) == 1:
            found[name] = places[0]
    return found


def _records(name: str, lines: Iterator[str], profile: Profile) -> Iterator[list[str]]:
    records = csv.reader(lines, delimiter=profile.file.delimiter, strict=True)
    number = 0
    try:
        for cells in records:
            number += 1
            yield cells
    except csv.Error as error:
        if "unexpected end" in str(error):
            words = f"it stops inside a quoted cell of row {number + 1}, so it is cut short."
            raise _refusal(name, "truncated", words, _AGAIN) from error
        words = f"row {number + 1} is not written as delimited text should be ({error})."
        raise _refusal(name, "not-delimited-text", words, _AGAIN) from error


class _RowReader:
    """Understands rows of one file; labels and dates that repeat are understood once."""

    def __init__(self, name: str, profile: Profile, header: Sequence[str]) -> None:
        self._name = name
        self._profile = profile
        self._width = len(header)
        self._labels = header
        self._places = header_places(header, profile)
        missing = [column for column in profile.columns if column not in self._places]
        if missing:
            looked_for = " or ".join(alias.upper() for alias in profile.columns[missing[0]])
            words = f"its header has no single column {looked_for}."
            raise self._refusal("unknown-layout", words, "Choose the profile of this layout.")
        self._dates: dict[str, dt.date] = {}
        self._kinds: dict[str, str | None] = {}
        self._statuses: dict[str, str] = {}
        self._end: dt.date | None = None

    def row(self, number: int, cells: list[str]) -> Read | Parked:
        if len(cells) != self._width:
            raise self._wrong_width(number, len(cells))
        cell = self._cell(cells)
        breakdown = cell("breakdown")
        kind = self._kind(breakdown)
        if kind is None:
            return Parked(number, breakdown)
        start, end = self._period(number, cell)
        value, flag = self._value(number, cell("value"))
        figure = Observation(
            self._code(number, cell, "measure"),
            kind,
            self._code(number, cell, "organisation"),
            cell("organisation_name"),
            start,
            end,
            self._secondary(number, cell),
            value,
            flag,
            number,
        )
        return Read(figure, self._status(number, cell("status")))

    def _cell(self, cells: list[str]) -> Callable[[str], str]:
        places = self._places

        def cell(column: str) -> str:
            place = places.get(column)
            return "" if place is None else cells[place].strip()

        return cell

    def _kind(self, label: str) -> str | None:
        if label not in self._kinds:
            key = breakdown_key(label)
            known = self._profile.breakdowns
            self._kinds[label] = known.get(key) or known.get(key.split("; ")[0])
        return self._kinds[label]

    def _code(self, number: int, cell: Callable[[str], str], column: str) -> str:
        code = cell(column)
        if not code:
            words = f"row {number} has nothing in {self._label(column)}."
            raise self._refusal("missing-code", words, _AGAIN)
        if column in self._profile.cells.text and _MANGLED_CODE.fullmatch(code):
            words = f"row {number} holds {code} in {self._label(column)}: a code made a number."
            remedy = "A spreadsheet has changed the codes. Get the file again and do not save it."
            raise self._refusal("mangled-code", words, remedy)
        return code

    def _secondary(self, number: int, cell: Callable[[str], str]) -> str:
        code = cell("secondary")
        extra = [part.strip() for part in cell("breakdown").split(";")[1:]]
        if code in self._profile.cells.no_secondary:
            return ""
        return ": ".join(("; ".join(extra), self._code(number, cell, "secondary"))).removeprefix(
            ": "
        )

    def _period(self, number: int, cell: Callable[[str], str]) -> tuple[dt.date, dt.date]:
        start = self._date(number, cell, "period_start")
        end = self._date(number, cell, "period_end")
        if end < start:
            words = f"row {number} has a period that ends ({end:%d/%m/%Y}) before it starts."
            raise self._refusal("bad-period", words, _AGAIN)
        self._end = self._end or end
        if self._profile.checks.one_period_end and end != self._end:
            words = f"row {number} ends on {end:%d/%m/%Y}, others on {self._end:%d/%m/%Y}."
            raise self._refusal("bad-period", words, "Bring the file of one month at a time.")
        return start, end

    def _date(self, number: int, cell: Callable[[str], str], column: str) -> dt.date:
        text = cell(column)
        if text not in self._dates:
            date = parse_date(text, self._profile.cells.dates)
            if date is None:
                wanted = " or ".join(self._profile.cells.dates)
                words = f"row {number} has {text!r} in {self._label(column)}, not {wanted}."
                raise self._refusal("bad-date", words, _AGAIN)
            self._dates[text] = date
        return self._dates[text]

    def _value(self, number: int, text: str) -> tuple[str | None, Flag]:
        rules = self._profile.cells
        if text in rules.suppressed:
            return None, Flag.SUPPRESSED
        if text in rules.missing:
            return None, Flag.MISSING
        plain = ungrouped(text, rules.thousands)
        value = None if plain is None else canonical(plain, exponent=rules.exponent)
        if value is None:
            words = f"row {number} has {text!r} in {self._label('value')}: not a number or a mark."
            raise self._refusal("bad-value", words, "Choose a profile that knows this mark.")
        return value, Flag.OK

    def _status(self, number: int, text: str) -> str:
        if text and text not in self._statuses:
            status = self._profile.statuses.get(folded(text))
            if status is None:
                words = f"row {number} has the status {text!r}, which the profile does not know."
                raise self._refusal("unknown-status", words, "Add it to a copy of the profile.")
            self._statuses[text] = status
        return self._statuses.get(text, "")

    def _wrong_width(self, number: int, found: int) -> Refusal:
        words = f"row {number} has {found} of {self._width} cells, so the file may be cut short."
        return self._refusal("truncated" if found < self._width else "bad-row", words, _AGAIN)

    def _label(self, column: str) -> str:
        return self._labels[self._places[column]].strip()

    def _refusal(self, code: str, words: str, remedy: str) -> Refusal:
        return _refusal(self._name, code, words, remedy)


def parse_date(text: str, formats: tuple[str, ...]) -> dt.date | None:
    """Return the date `text` states in the first format that fits, or None."""
    for name in formats:
        match = _DATE_PATTERNS[name].fullmatch(text)
        if match is not None:
            try:
                return dt.date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                return None
    return None


def _refusal(name: str, code: str, words: str, remedy: str) -> Refusal:
    return Refusal(code=code, words=f"{name}: {words}", remedy=remedy, field="file")
