"""LibreOffice works the exported workbooks out again; every formula must agree to the penny.

The values that the formulas carry are taken out of the file first, so that nothing but what
LibreOffice itself computes can agree with them. A return that a partner fills in, saves there
and sends back must say what was filled in.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Final

import openpyxl

from collabdesk.exchange.ledger_workbook import workbook_of
from collabdesk.exchange.partner_return import ReturnHead, ReturnRow, read_return, write_template
from tests.support.ledger_years import generated

PROGRAMS: Final = ("soffice", "libreoffice", "localc")
NEEDS: Final = (
    "make test-office needs LibreOffice Calc: install the package libreoffice-calc-nogui "
    "(or libreoffice-calc), so that soffice is on the path, then run it again."
)
SIZES: Final = ((1, 1, 2), (3, 2, 60), (20, 12, 5_000))
"""Lines, providers and journals of the years that are worked out."""
HEAD: Final = ReturnHead("RP7", "2026/27", "M6 Sep 2026")
HIDDEN: Final = 4
ROWS: Final = (
    ReturnRow(2, "INV 1", 123_450, "A formula"),
    ReturnRow(3, "007", -5_000, "A credit note; its reference is no number"),
    ReturnRow(HIDDEN, "INV 2", 700, "Hidden"),
    ReturnRow(5, "=B2", 9_999_999_999_99, "Words that look like a formula"),
    ReturnRow(6, "INV é–1", 1, "A penny, “quoted”, £"),
)
_CARRIED: Final = re.compile(rb"(</f>)<v>[^<]*</v>")
Figures = dict[tuple[str, str], Decimal]


def main() -> int:
    """Check each size; return 1 if LibreOffice is missing or disagrees."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        print(NEEDS, file=sys.stderr)  # noqa: T201 - speaks to the person at the terminal
        return 1
    differing = 0
    for size in SIZES:
        content = workbook_of(generated(*size))
        ours = figures(content, content)
        theirs = figures(content, recalculated(program, without_values(content)))
        wrong = [cell for cell in ours if pence(ours[cell]) != pence(theirs.get(cell))]
        differing += len(wrong)
        said = f"{size[0]} lines × {size[1]} providers, {size[2]:,} journals"
        print(f"{said}: {len(ours) - len(wrong):,} formulas agree, {len(wrong)} differ")  # noqa: T201
        for cell in wrong[:5]:
            print(f"  {cell}: ours {ours[cell]}, LibreOffice {theirs.get(cell)}")  # noqa: T201
    lost = [said for said, kept in returned(program).items() if not kept]
    print(f"Return template, saved as workbook and as CSV: {'; '.join(lost) or 'all rows back'}")  # noqa: T201
    return 1 if differing or lost else 0


def returned(program: str) -> dict[str, bool]:
    """Save a filled-in return in LibreOffice; tell of each thing whether it came back the same."""
    bare = read_return("a.xlsx", recalculated(program, write_template(HEAD, "=Alliance")))
    sent = filled_in()
    back = read_return("a.xlsx", recalculated(program, sent))
    plain = read_return("a.csv", recalculated(program, sent, "csv"))
    seen = tuple(row for row in ROWS if row.number != HIDDEN)
    return {
        "an empty template says whose it is": (bare.head, bare.rows, bare.left_out)
        == (HEAD, (), ()),
        "whose and which month": back.head == HEAD,
        "every row that is seen, a formula by its result": back.rows == seen,
        "the hidden row left out": [(one.row, one.why.code) for one in back.left_out]
        == [(HIDDEN, "row_hidden")],
        # Text does not say what a sheet hid: there every row is read.
        "every row as text": (plain.rows, plain.left_out) == (ROWS, ()),
    }


def filled_in() -> bytes:
    """Return a template as a partner leaves it: one amount a formula, one row hidden."""
    book = openpyxl.load_workbook(io.BytesIO(write_template(HEAD, "=Alliance", ROWS)))
    sheet = book["Return"]
    sheet["C2"] = "=1000+234.5"
    sheet.row_dimensions[HIDDEN].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def figures(formulas: bytes, values: bytes) -> Figures:
    """Return the value of every formula of one workbook as another one of its shape holds it."""
    asked = openpyxl.load_workbook(io.BytesIO(formulas))
    held = openpyxl.load_workbook(io.BytesIO(values), data_only=True)
    return {
        (sheet.title, cell.coordinate): Decimal(str(held[sheet.title][cell.coordinate].value or 0))
        for sheet in asked.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def pence(pounds: Decimal | None) -> Decimal | None:
    """Return pounds as whole pence."""
    return None if pounds is None else (pounds * 100).quantize(Decimal(1))


def without_values(content: bytes) -> bytes:
    """Return a workbook whose formulas carry no value."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, _CARRIED.sub(rb"\1", old.read(name)))
    return out.getvalue()


def recalculated(program: str, content: bytes, saved_as: str = "xlsx") -> bytes:
    """Return what LibreOffice makes of a workbook, saved as one or as text."""
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder, "given.xlsx"), Path(folder, "made")
        given.write_bytes(content)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        convert = [program, profile, "--headless", "--convert-to", saved_as, "--outdir", str(made)]
        subprocess.run([*convert, str(given)], check=True, capture_output=True, timeout=600)
        return Path(made, f"given.{saved_as}").read_bytes()


if __name__ == "__main__":
    sys.exit(main())
