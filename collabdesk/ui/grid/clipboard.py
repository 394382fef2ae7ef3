"""Tables as tab-separated text, both ways, as spreadsheets write them."""

from __future__ import annotations

import csv
import io


def to_tsv(table: list[list[str]]) -> str:
    """Write rows of texts; one with a tab, a quote or a line end is quoted."""
    out = io.StringIO()
    csv.writer(out, dialect="excel-tab", lineterminator="\n").writerows(table)
    return out.getvalue()


def from_tsv(text: str) -> list[list[str]]:
    """Read rows of texts; the line end a spreadsheet adds at the end is no row."""
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = clean.removesuffix("\n")
    return list(csv.reader(io.StringIO(clean), dialect="excel-tab")) if clean else []
