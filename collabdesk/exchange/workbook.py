"""XLSX workbooks from elsewhere: weighed before they are unpacked, and read without running."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from collabdesk.errors import Refusal
from collabdesk.exchange.sheets import Book, Fault, Sheet, SheetCell, SheetRow, filled, refusal

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

MOST_PARTS: Final = 2_000
MOST_UNPACKED: Final = 200 * 1024 * 1024
MOST_RATIO: Final = 150
RATIO_FROM: Final = 4 * 1024 * 1024
MOST_ROWS: Final = 200_000
MOST_COLUMNS: Final = 256
_MACROS: Final = re.compile(r"(^|/)(vbaproject|vbadata|macrosheets/|activex/)", re.IGNORECASE)
_MACRO_TYPES: Final = (b"macroEnabled", b"vbaProject", b"macrosheet", b"ms-office.activeX")
_DECLARES: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_CHUNK: Final = 1024 * 1024
_ROW: Final = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_NUMBER: Final = re.compile(rb"""\sr=["'](\d{1,9})["']""")
_HIDDEN: Final = re.compile(rb"""\shidden=["'](?:1|true)["']""")
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_SAVE_AGAIN: Final = "Open it in Excel, choose Save As, Excel Workbook (.xlsx), and bring that."
_DAMAGED: Final = "Get the file again from whoever made it."
_NO_SHEET: Final = "It must hold a sheet with a header and rows."


def read_workbook(name: str, content: bytes, sheet: str = "") -> Sheet:
    """Read the first sheet of a workbook, or the one named; values only, nothing is run."""
    _weigh(name, content)
    try:
        with _opened(content, values=True) as values, _opened(content, values=False) as formulas:
            return _sheet(name, values, formulas, _title(name, values, sheet))
    except Refusal:
        raise
    except Exception as error:
        # The library lets many kinds of fault through; a damaged file is no crash of ours.
        words = f"it cannot be read as a workbook ({type(error).__name__})."
        raise refusal(name, "damaged-workbook", words, _DAMAGED) from error


def read_sheets(name: str, content: bytes) -> Book:
    """Read every sheet of a workbook that holds anything; one alone is read or refused."""
    _weigh(name, content)
    try:
        with _opened(content, values=True) as values, _opened(content, values=False) as formulas:
            return _book(name, values, formulas)
    except Refusal:
        raise
    except Exception as error:
        words = f"it cannot be read as a workbook ({type(error).__name__})."
        raise refusal(name, "damaged-workbook", words, _DAMAGED) from error


def hidden_rows(name: str, content: bytes, title: str = "") -> frozenset[int]:
    """Return the numbers of the rows that a sheet hides from whoever looks at it."""
    _weigh(name, content)
    try:
        with _opened(content, values=True) as book, zipfile.ZipFile(io.BytesIO(content)) as packed:
            sheet: Any = book[_title(name, book, title)]
            # The library reads rows one by one and forgets how they are shown.
            written = packed.read(sheet._worksheet_path.removeprefix("/"))  # noqa: SLF001
    except Refusal:
        raise
    except Exception as error:
        words = f"it cannot be read as a workbook ({type(error).__name__})."
        raise refusal(name, "damaged-workbook", words, _DAMAGED) from error
    number, found = 0, set[int]()
    for said in _ROW.findall(written):
        stated = _NUMBER.search(said)
        number = int(stated[1]) if stated else number + 1
        if _HIDDEN.search(said):
            found.add(number)
    return frozenset(found)


def _book(name: str, values: Workbook, formulas: Workbook) -> Book:
    titles = [one for one in values.sheetnames if hasattr(values[one], "iter_rows")]
    found: list[Sheet] = []
    faults: dict[str, Refusal] = {}
    for title in titles:
        try:
            found.append(_sheet(name, values, formulas, title))
        except Refusal as why:
            faults[title] = why
    full = [sheet for sheet in found if any(not row.blank for row in sheet.rows)]
    if not full:
        if faults:
            raise next(iter(faults.values()))
        return Book((_sheet(name, values, formulas, _title(name, values, "")),))
    return Book(tuple(full), tuple(faults))


def _sheet(name: str, values: Workbook, formulas: Workbook, title: str) -> Sheet:
    one = values[title]
    rows = tuple(_rows(name, one, formulas[title]))
    named = "" if title == values.sheetnames[0] else title
    hidden = getattr(one, "sheet_state", "visible") != "visible"
    epoch_1904 = values.epoch.year > 1900  # noqa: PLR2004 the other calendar begins in 1904
    return Sheet(name, None, rows, title, epoch_1904, named, hidden)


def _title(name: str, book: Workbook, wanted: str) -> str:
    title = wanted or next(iter(book.sheetnames), "")
    if title not in book.sheetnames or not hasattr(book[title], "iter_rows"):
        missing = f"it has no sheet “{wanted}”." if wanted else "it has no sheet of cells."
        raise refusal(name, "no-sheet", missing, _NO_SHEET)
    return title


def _weigh(name: str, content: bytes) -> None:
    """Refuse what would run or swell, by the packed file's own list of parts."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _weigh_parts(name, packed.infolist())
            _look_inside(name, packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        words = "the packed file is damaged, or locked with a password."
        raise refusal(name, "damaged-workbook", words, _DAMAGED) from error


def _weigh_parts(name: str, parts: Sequence[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or len(set(names)) != len(names):
        raise refusal(name, "too-large", "it is packed in a way no workbook is.", _SAVE_AGAIN)
    total = sum(part.file_size for part in parts)
    swollen = any(
        part.file_size > RATIO_FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if total > MOST_UNPACKED or swollen:
        words = (
            f"it would unpack to {total / 1024**2:,.0f} MiB, far more than a workbook of figures "
            "holds. Nothing was unpacked."
        )
        raise refusal(name, "too-large", words, "Bring a workbook with the figures alone.")
    if any(_MACROS.search(part) for part in names):
        raise _macros(name)
    if "xl/workbook.xml" not in names:
        words = "it is a packed file, but no Excel workbook (.xlsx)."
        raise refusal(name, "not-a-workbook", words, _SAVE_AGAIN)


def _look_inside(name: str, packed: zipfile.ZipFile) -> None:
    types = (
        packed.read("[Content_Types].xml") if "[Content_Types].xml" in packed.namelist() else b""
    )
    if any(mark in types for mark in _MACRO_TYPES):
        raise _macros(name)
    for part in packed.namelist():
        # A part may be named as it likes: pictures alone are no text for a reader of tables.
        if not part.startswith("xl/media/") and _declares(packed, part):
            words = f"its part {part} declares entities, as no workbook does."
            raise refusal(name, "damaged-workbook", words, _SAVE_AGAIN)


def _declares(packed: zipfile.ZipFile, part: str) -> bool:
    """Tell whether a part declares what unfolds as it is read, or hides it in UTF-16."""
    before = b""
    with packed.open(part) as inside:
        while some := inside.read(_CHUNK):
            if not before and some.startswith(_UTF_16):
                return True
            if _DECLARES.search(before + some):
                return True
            before = some[-16:]
    return False


def _macros(name: str) -> Refusal:
    words = "it holds macros: programs that run when it is opened."
    return refusal(name, "macros", words, _SAVE_AGAIN)


@contextmanager
def _opened(content: bytes, *, values: bool) -> Iterator[Workbook]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # What it cannot keep (styles, validations) is not what is read here.
        warnings.simplefilter("ignore")
        book = load_workbook(
            io.BytesIO(content), read_only=True, data_only=values, keep_links=False
        )
        try:
            yield book
        finally:
            book.close()


def _rows(name: str, values: Any, formulas: Any) -> Iterator[SheetRow]:  # noqa: ANN401 - sheets of a library that names no common type
    # A stated size may be wrong either way; the rows themselves are counted.
    for sheet in (values, formulas):
        sheet.reset_dimensions()
    both = zip_longest(values.iter_rows(), formulas.iter_rows(), fillvalue=())
    held: list[SheetRow] = []
    for number, (one, other) in enumerate(both, start=1):
        if number > MOST_ROWS or len(one) > MOST_COLUMNS:
            words = f"it has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns."
            raise refusal(name, "too-large", words, "Bring the figures alone.")
        cells = zip_longest(one, other)
        row = SheetRow(number, tuple(_cell(value, formula) for value, formula in cells))
        held.append(row)
        if not row.blank:
            yield from held
            held.clear()
    # Of the empty rows under a table, those that the file states are told, not made up.
    yield from held


def _cell(value: Any, formula: Any) -> SheetCell:  # noqa: ANN401 - cells of a library that names no common type
    held = getattr(value, "value", None)
    if held is None and getattr(formula, "data_type", "") == "f":
        return Fault("a formula whose result was not saved")
    if getattr(value, "data_type", "") == "e":
        return Fault(f"an error ({held})")
    return _value(held)


def _value(held: object) -> SheetCell:
    match held:
        case bool():
            return "TRUE" if held else "FALSE"
        case int():
            return Decimal(held)
        case float():
            # A binary number says what was typed to fifteen digits; what follows is noise.
            return Decimal(f"{held:.15g}")
        case dt.datetime():
            return held.date()
        case dt.date():
            return held
        case dt.time() | dt.timedelta():
            return Fault("a time of day")
        case None:
            return None
        case _:
            text = str(held)
            return text if filled(text) else None
