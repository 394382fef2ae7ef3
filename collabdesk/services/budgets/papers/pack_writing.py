"""Write a board pack: the same blocks as PDF, as Word document or as workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from collabdesk.exchange.paper.blocks import Paper
from collabdesk.exchange.paper.docx import docx_of
from collabdesk.exchange.paper.pdf import pdf_of
from collabdesk.exchange.paper.xlsx import xlsx_of
from collabdesk.host.atomic_file import write_whole
from collabdesk.services.budgets.papers.exporting import Written
from collabdesk.services.budgets.papers.pack_asked import PackAsked, PackReader
from collabdesk.services.budgets.papers.pack_paper import pack_paper
from collabdesk.services.budgets.papers.pack_reading import board_pack

_WRITERS: Final[Mapping[str, Callable[[Paper], bytes]]] = {
    "pack-pdf": pdf_of,
    "pack-docx": docx_of,
    "pack-xlsx": xlsx_of,
}


def write_pack(  # noqa: PLR0913, PLR0917 - what an export is asked with
    reads: Connection,
    fiscal_year: str,
    asked: PackAsked,
    reader: PackReader,
    key: str,
    path: Path,
    told: Callable[[str, int, int], object],
) -> Written:
    """Write a pack: the whole file or, after Cancel or a fault, none at all."""
    pack = board_pack(reads, fiscal_year, asked, reader)
    told("Laying the pages", 0, 0)
    content = _WRITERS[key](pack_paper(pack, reader.draws()))
    told("Saving", 0, 0)
    write_whole(path, content)
    return Written(path, len(pack.figures.lines), pack.stamp)
