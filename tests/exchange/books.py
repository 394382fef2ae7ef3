"""Workbooks made for tests: honest ones, and ones nobody should open."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from openpyxl import Workbook


def book(rows: Sequence[Sequence[object]], *more: str) -> bytes:
    """Return a workbook with these rows on its first sheet, and further empty sheets."""
    made = Workbook()
    sheet = made.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    for name in more:
        made.create_sheet(name)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def book_of(sheets: Mapping[str, Sequence[Sequence[object]]], *hidden: str) -> bytes:
    """Return a workbook with these sheets, some of them hidden."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        if title in hidden:
            sheet.sheet_state = "hidden"
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return a workbook with parts added or replaced."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, inside in parts.items():
            new.writestr(name, inside)
    return kept.getvalue()
