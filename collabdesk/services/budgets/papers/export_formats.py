"""The formats a year can be taken away in, in words; what writes them is imported when asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Format:
    """A format in words, and how its file's name begins and ends."""

    key: str
    words: str
    said: str
    ending: str
    begins: str = "Budget"

    @property
    def pack(self) -> bool:
        """Tell whether it is the board pack, which is asked with more."""
        return self in PACK_FORMATS


FORMATS: Final = (
    Format(
        "xlsx",
        "Excel workbook with live formulas",
        "Every posting as values, and a report that adds them up by formulas.",
        ".xlsx",
    ),
    Format(
        "pdf",
        "PDF paper",
        "Budget and actual by line, with bookmarks and tags for screen readers.",
        ".pdf",
    ),
    Format("docx", "Word document", "The same paper, to be worked on further.", ".docx"),
    Format(
        "csv",
        "CSV of every posting",
        "One row for each line of each journal, in pounds and pence.",
        ".csv",
    ),
    Format(
        "beancount",
        "Beancount journal",
        "Plain text that an independent program works out again, with its balances asserted.",
        ".beancount",
    ),
    Format(
        "fiscal",
        "Fiscal Data Package",
        "CSV and datapackage.json: proposed, approved, adjusted and executed.",
        ".zip",
    ),
)

_PACK: Final = "Board pack"
PACK_FORMATS: Final = (
    Format(
        "pack-pdf",
        "Board pack, PDF",
        "A page to be read and the tables behind it, tagged for screen readers.",
        ".pdf",
        _PACK,
    ),
    Format(
        "pack-docx", "Board pack, Word", "The same pack, to be worked on further.", ".docx", _PACK
    ),
    Format(
        "pack-xlsx",
        "Board pack, Excel",
        "The same pack, a sheet for each part, figures as numbers.",
        ".xlsx",
        _PACK,
    ),
)


def file_name(fiscal_year: str, stamp: str, chosen: Format, reported: int | None = None) -> str:
    """Return what a file is called unless somebody says otherwise; `reported` is an earlier month.

    >>> file_name("2026/27", "Ledger as at #12, locked to M5", FORMATS[3])
    'Budget 2026-27 as at 12.csv'
    """
    number = stamp.partition("#")[2].partition(",")[0]
    asat = f" as at {number}" if number else ""
    asat = asat if reported is None else f" M{reported} as reported"
    return f"{chosen.begins} {fiscal_year.replace('/', '-')}{asat}{chosen.ending}"
