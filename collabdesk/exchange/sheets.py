"""A table somebody brings, from delimited text or a workbook: rows of cells, never a float."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from collabdesk.domain.money import LARGEST, MINUS, parse_money
from collabdesk.domain.periods import Month
from collabdesk.errors import Refusal
from collabdesk.exchange.foreign_text import GZIP, ForeignFile
from collabdesk.exchange.quoted_lines import Record, records

WORKBOOK: Final = b"PK\x03\x04"
MOST_BYTES: Final = 50 * 1024 * 1024
_ENCODINGS: Final = {"utf-8-sig": "utf-8", "cp1252": "cp1252"}
_SEPARATORS: Final = ",;\t|"
_HEADER_WITHIN: Final = 20
_FEWEST_HEADINGS: Final = 3
_AGAIN: Final = "Get the file again from whoever made it."


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands in a cell of a workbook that holds no value."""

    words: str


SheetCell: TypeAlias = str | Decimal | dt.date | Fault | None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row by its number in the file, the first being 1."""

    number: int
    cells: tuple[SheetCell, ...]

    @property
    def blank(self) -> bool:
        """Tell whether every cell is empty."""
        return not any(filled(cell) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file; a workbook has no encoding, and gives its first sheet or one named.

    `named` is the title by which it is found again: empty for the first sheet of its file.
    `unread` are rows of text that cannot be read; they stand among the rows as empty ones.
    """

    name: str
    encoding: str | None
    rows: tuple[SheetRow, ...]
    title: str = ""
    epoch_1904: bool = False
    named: str = ""
    hidden: bool = False
    unread: tuple[LeftOut, ...] = ()

    @property
    def header(self) -> tuple[SheetCell, ...]:
        """The first row as it stands."""
        return self.rows[0].cells if self.rows else ()


def filled(cell: SheetCell) -> bool:
    """Tell whether a cell holds anything."""
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def text_of(cell: SheetCell) -> str:
    """Return a cell as text: a code that a spreadsheet made a number is its digits."""
    match cell:
        case str():
            return cell.strip()
        case Decimal():
            return f"{cell:f}"
        case dt.date():
            return f"{cell:%d/%m/%Y}"
        case _:
            return ""


@dataclass(frozen=True, slots=True)
class Book:
    """The sheets of a file that hold anything, in order, and the titles that cannot be read."""

    sheets: tuple[Sheet, ...]
    unread: tuple[str, ...] = ()


def read_book(name: str, content: bytes) -> Book:
    """Read every sheet of a file; delimited text is one sheet."""
    if not content.startswith(WORKBOOK) or len(content) > MOST_BYTES:
        return Book((read_sheet(name, content),))
    from collabdesk.exchange.workbook import read_sheets

    return read_sheets(name, content)


def read_sheet(name: str, content: bytes, title: str = "") -> Sheet:
    """Read a file by what it holds, whatever it is called; refused in words.

    `title` names the sheet of a workbook; without it the first is read.
    """
    if len(content) > MOST_BYTES:
        words = f"it is larger than {MOST_BYTES // 1024**2} MiB."
        raise refusal(name, "too-large", words, "Bring one month at a time.")
    if content.startswith(WORKBOOK):
        from collabdesk.exchange.workbook import read_workbook

        return read_workbook(name, content, title)
    if content.startswith(GZIP):
        words = "it is packed (gzip)."
        raise refusal(name, "not-delimited-text", words, "Unpack it and bring the file in it.")
    return _delimited(name, content)


def _delimited(name: str, content: bytes) -> Sheet:
    if b"\n" not in content:
        # Older systems end their lines with a carriage return alone.
        content = content.replace(b"\r", b"\n")
    file = ForeignFile(name, content)
    form = file.form(tuple(_ENCODINGS))
    lines = list(file.lines(form.encoding))
    rows: list[SheetRow] = []
    unread: list[LeftOut] = []
    for number, record in enumerate(records(lines, _separator(lines)), start=1):
        # A row that cannot be read keeps its number, so that those after it keep theirs.
        rows.append(SheetRow(number, record.cells or ()))
        if record.cells is None:
            unread.append(_unread(number, record, lines[record.first - 1]))
    if len(unread) == len(rows):
        words = "none of its rows is written as delimited text should be."
        raise refusal(name, "not-delimited-text", words, _AGAIN)
    return Sheet(name, _ENCODINGS[form.encoding], tuple(rows), unread=tuple(unread))


def _unread(number: int, record: Record, line: str) -> LeftOut:
    one = record.first == record.last
    place = f"line {record.first}" if one else f"lines {record.first} to {record.last}"
    why = Refusal(
        code="stray_quote",
        words=f"A quotation mark stands in the wrong place, so {place} of the file "
        f"{'is' if one else 'are'} not read.",
        remedy='Put a quotation mark at both ends of the cell, or write "" for one inside it.',
        field="row",
    )
    return LeftOut(number, place, line.strip()[:_LONGEST], why)


def _separator(lines: Sequence[str]) -> str:
    """Return the sign that cuts the first lines into most cells; a comma where none does."""
    counts = {
        sign: max((len(cells) for cells in _cut(lines[:_HEADER_WITHIN], sign)), default=1)
        for sign in _SEPARATORS
    }
    return max(_SEPARATORS, key=lambda sign: counts[sign])


def _cut(lines: Sequence[str], sign: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(io.StringIO("".join(lines), newline=""), delimiter=sign)
    except csv.Error:
        return


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose columns are known: where each field stands, and the rows under its header."""

    sheet: Sheet
    places: dict[str, int]
    header_at: int

    @property
    def body(self) -> tuple[SheetRow, ...]:
        """The rows under the header."""
        return self.sheet.rows[self.header_at + 1 :]

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings, trimmed."""
        return tuple(text_of(cell) for cell in self.sheet.rows[self.header_at].cells)

    def cell(self, row: SheetRow, field: str) -> SheetCell:
        """Return a field of a row; nothing where the file has no such column."""
        place = self.places.get(field)
        return row.cells[place] if place is not None and place < len(row.cells) else None

    def text(self, row: SheetRow, field: str) -> str:
        """Return a field of a row as text."""
        return text_of(self.cell(row, field))

    def heading(self, field: str) -> str:
        """Return what the file calls a field."""
        return self.headings[self.places[field]] if field in self.places else field


Aliases: TypeAlias = dict[str, tuple[str, ...]]


def plain_heading(cell: SheetCell) -> str:
    """Return a heading in small letters and single spaces, without signs."""
    return " ".join(re.sub(r"[^a-z0-9£]+", " ", text_of(cell).casefold()).split())


_NO_MONEY: Final = frozenset({"no_code", "total_row", "heading_again", "money_blank"})
_SUMS: Final = frozenset({"total", "totals", "grand total", "sub total", "subtotal", "sum"})


def names_a_sum(text: str) -> bool:
    """Tell whether a row under this name is the sum of others."""
    return plain_heading(text) in _SUMS


def recognised(
    sheet: Sheet, aliases: Aliases, needed: Sequence[str], one_of: Sequence[frozenset[str]] = ()
) -> Table | None:
    """Find the header among the first rows: the first row that names all that is needed.

    Of each group of `one_of` it names at least one: a title may hold a word of a heading.
    """
    for place, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        places = _places([plain_heading(cell) for cell in row.cells], aliases)
        if all(field in places for field in needed) and all(places.keys() & g for g in one_of):
            return Table(sheet, places, place)
    return None


def header_row(sheet: Sheet, aliases: Aliases) -> Table | None:
    """Find the first row that can be a header, with what of it is known; None without one."""
    for place, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        if sum(isinstance(cell, str) and filled(cell) for cell in row.cells) >= _FEWEST_HEADINGS:
            headings = [plain_heading(cell) for cell in row.cells]
            return Table(sheet, _places(headings, aliases), place)
    return None


def table_as_told(sheet: Sheet, columns: Mapping[str, str]) -> Table:
    """Find the columns somebody pointed out, by their headings; refused where one is missing."""
    wanted = {field: heading for field, heading in columns.items() if heading}
    for place, row in enumerate(sheet.rows[:_HEADER_WITHIN]):
        headings = [text_of(cell) for cell in row.cells]
        if all(heading in headings for heading in wanted.values()):
            places = {field: headings.index(heading) for field, heading in wanted.items()}
            return Table(sheet, places, place)
    raise no_layout(sheet, "the file you mean", sorted(wanted.values()))


def _places(headings: Sequence[str], aliases: Aliases) -> dict[str, int]:
    found: dict[str, int] = {}
    for field, known in aliases.items():
        for alias in known:
            exact = alias.removesuffix("*")
            fits = [
                place
                for place, heading in enumerate(headings)
                if place not in found.values()
                and (heading == exact or (alias.endswith("*") and _has(heading, exact)))
            ]
            if fits:
                # Tax stands beside an amount and is not it; "net of VAT" alone still is.
                found[field] = min(fits, key=lambda place: "vat" in headings[place].split())
                break
    return found


def _has(heading: str, words: str) -> bool:
    """Tell whether a heading holds these words; the date of a thing is not the thing."""
    dated = "date" in heading.split() and "date" not in words.split()
    return not dated and f" {words} " in f" {heading} "


# --- figures ------------------------------------------------------------------------------

_DIGITS: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
_BODY: Final = rf"£?(?P<whole>{_DIGITS})(?:\.(?P<part>[0-9]{{1,20}}))?"
_SIGNED: Final = (
    (1, re.compile(_BODY)),
    (-1, re.compile(rf"[-{MINUS}]{_BODY}")),
    (-1, re.compile(rf"\({_BODY}\)")),
    (-1, re.compile(rf"{_BODY}\s*CR")),
)
_LOOSE: Final = rf"£?\s*(?P<whole>{_DIGITS})(?:\.(?P<part>[0-9]{{1,20}}))?"
_EXPORTED: Final = (
    (1, re.compile(_LOOSE)),
    (-1, re.compile(rf"{_LOOSE}\s*[-{MINUS}]")),
    (-1, re.compile(rf"£?\s*[-{MINUS}]\s*{_LOOSE}")),
    (-1, re.compile(rf"\(\s*{_LOOSE}\s*\)")),
)
"""How finance systems and number formats write amounts that nobody would type."""
_NIL: Final = re.compile(rf"£?\s*[-{MINUS}\N{{EN DASH}}]")
_THIN: Final = re.compile(r"(?<=\d)[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}](?=\d{3}(?!\d))")
"""The spaces that stand between thousands in some exports, and are never typed."""
_LONGEST: Final = 60


def exact_pounds(cell: SheetCell) -> Fraction | None:
    """Return the exact pounds of a cell, however many decimals it has; None if it has none."""
    if isinstance(cell, Decimal):
        return Fraction(cell)
    if not isinstance(cell, str) or len(cell.strip()) > _LONGEST:
        return None
    return _matched(cell.strip(), _SIGNED)


def _matched(text: str, patterns: Iterable[tuple[int, re.Pattern[str]]]) -> Fraction | None:
    for sign, pattern in patterns:
        found = pattern.fullmatch(text)
        if found is not None:
            whole, part = found["whole"].replace(",", ""), found["part"] or ""
            return sign * Fraction(int(whole + part), 10 ** len(part))
    return None


def _as_exported(cell: SheetCell) -> Fraction | None:
    """Return the pounds of a cell as a ledger or an accounting format writes it: 100.00-, £ -."""
    text = _THIN.sub(",", cell.strip()) if isinstance(cell, str) else ""
    if not text or len(text) > _LONGEST:
        return None
    return Fraction() if _NIL.fullmatch(text) else _matched(text, (*_SIGNED, *_EXPORTED))


def pence_of(cell: SheetCell, field: str, unit: int = 1) -> int:
    """Return a cell of money in whole pence, `unit` being the pounds its figures count.

    Refused where it is no amount, or finer than a penny.
    """
    exact = exact_pounds(cell)
    if exact is None:
        exact = _as_exported(cell)
    if exact is None:
        raise _not_money(cell, field)
    pence = exact * 100 * unit
    if pence.denominator != 1:
        raise Refusal(
            code="money_decimals",
            words=f"“{text_of(cell)}” is finer than a penny.",
            remedy="Enter at most two places after the point.",
            field=field,
        )
    if abs(pence) > LARGEST:
        parse_money(str(abs(pence) // 100), field)
    return int(pence)


def _not_money(cell: SheetCell, field: str) -> Refusal:
    if isinstance(cell, Fault):
        words, remedy = f"The cell holds {cell.words}.", "Put the amount itself in the cell."
        return Refusal(code="no_value", words=words, remedy=remedy, field=field)
    if isinstance(cell, dt.date):
        words = f"The cell holds a date, {cell:%d/%m/%Y}, where an amount belongs."
        remedy = "Format the cell as a number and enter the amount."
        return Refusal(code="money_date", words=words, remedy=remedy, field=field)
    try:
        parse_money(text_of(cell), field)
    except Refusal as why:
        return why
    raise TypeError(cell)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row or cell that is left out, and why; the others are still read.

    `month` is the one it is of, where that can be read.
    """

    row: int
    column: str
    what: str
    why: Refusal
    month: Month | None = None

    @property
    def hides_money(self) -> bool:
        """Tell whether money may be missing with it: a heading, a total and a nil row hide none."""
        return self.why.code not in _NO_MONEY


def refusal(name: str, code: str, words: str, remedy: str) -> Refusal:
    """Return the refusal of a whole file."""
    return Refusal(code=code, words=f"{name}: {words}", remedy=remedy, field="file")


def no_layout(sheet: Sheet, kind: str, wanted: Iterable[str]) -> Refusal:
    """Return the refusal of a file without the columns that are looked for."""
    words = f"no row of its first {_HEADER_WITHIN} has headings for {', '.join(wanted)}."
    if sheet.title:
        words += f" It was looked for on the sheet “{sheet.title}”."
    if sheet.unread:
        words += f" {sheet.unread[0].why.words}"
    remedy = f"Check that this is {kind}, and that its headings were not taken out."
    return refusal(sheet.name, "unknown-layout", words, remedy)
