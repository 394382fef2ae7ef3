"""One row of a file that travels, as it stands in it."""

from __future__ import annotations

from sqlalchemy import Connection

from collabdesk.errors import NotPossible, Refusal
from collabdesk.exchange.sheets import Sheet, read_sheet, text_of
from collabdesk.services.budgets.actuals.sheet_choice import sheet_of
from collabdesk.storage.queries.actuals import SourceFile
from collabdesk.storage.queries.metrics import chunk
from collabdesk.sync.blobs import reassemble


def row_of(reads: Connection, file: SourceFile, number: int) -> tuple[tuple[str, str], ...]:
    """Return a row of a file as (heading, text); refused where the file is not here in full."""
    sheet = _sheet(reads, file)
    found = next((row for row in sheet.rows if row.number == number), None)
    if found is None:
        raise Refusal(
            code="no_such_row",
            words=f"{file.name} has no row {number}.",
            remedy="Ask whoever imported it.",
            field="row",
        )
    heads = [text_of(cell) for cell in sheet.header]
    heads += [""] * (len(found.cells) - len(heads))
    return tuple(
        (head or f"Column {n}", text_of(cell))
        for n, (head, cell) in enumerate(zip(heads, found.cells, strict=False), 1)
    )


def _sheet(reads: Connection, file: SourceFile) -> Sheet:
    def fetch(digest: bytes) -> bytes:
        held = chunk(reads, digest)
        if held is None:
            raise NotPossible(
                code="file-not-arrived",
                words=f"{file.name} has not arrived in full yet.",
                remedy="Share again; its rows are shown once it is here.",
            )
        return held

    content = b"".join(reassemble(file.file or b"", fetch))
    return read_sheet(file.name, content, sheet_of(file.reading))
