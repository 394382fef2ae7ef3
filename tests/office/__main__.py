"""LibreOffice works the exported workbooks out again; every formula must agree to the penny.

The values that the formulas carry are taken out of the file first, so that nothing but what
LibreOffice itself computes can agree with them.
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
from tests.support.ledger_years import generated

PROGRAMS: Final = ("soffice", "libreoffice", "localc")
NEEDS: Final = (
    "make test-office needs LibreOffice Calc: install the package libreoffice-calc-nogui "
    "(or libreoffice-calc), so that soffice is on the path, then run it again."
)
SIZES: Final = ((1, 1, 2), (3, 2, 60), (20, 12, 5_000))
"""Lines, providers and journals of the years that are worked out."""
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
    return 1 if differing else 0


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


def recalculated(program: str, content: bytes) -> bytes:
    """Return what LibreOffice makes of a workbook."""
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder, "given.xlsx"), Path(folder, "made")
        given.write_bytes(content)
        profile = f"-env:UserInstallation={Path(folder, 'profile').as_uri()}"
        convert = [program, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(made)]
        subprocess.run([*convert, str(given)], check=True, capture_output=True, timeout=600)
        return Path(made, "given.xlsx").read_bytes()


if __name__ == "__main__":
    sys.exit(main())
