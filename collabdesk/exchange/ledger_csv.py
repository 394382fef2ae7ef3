"""The ledger as CSV: one posting a row, exact pounds and pence, no cell a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

from collabdesk.exchange.ledger_year import LedgerYear, Posting, Told, unheard
from collabdesk.exchange.neutral_text import neutral

HEADER: Final = (
    "Journal",
    "Kind",
    "Posted in",
    "Month",
    "Account",
    "Service line code",
    "Service line",
    "Provider",
    "Amount",
    "Recurrence",
    "One-off",
    "Reference",
    "What",
    "File",
    "Row of the file",
    "Ledger",
)
EVERY: Final = 1_000
"""After how many rows a writer says how far it is."""


def csv_of(ledger: LedgerYear, told: Told = unheard) -> bytes:
    """Return every posting of a year; with a byte order mark, so that Excel reads it as UTF-8."""
    out = io.StringIO(newline="")
    written = csv.writer(out)
    written.writerow(HEADER)
    for done, posting in enumerate(ledger.postings):
        if done % EVERY == 0:
            told("Writing rows", done, len(ledger.postings))
        written.writerow([*values(posting), neutral(ledger.stamp)])
    return out.getvalue().encode("utf-8-sig")


def values(posting: Posting) -> Sequence[str]:
    """Return a posting as cells of text: the amount as pounds, words neutralised."""
    line = posting.line
    return (
        str(posting.journal),
        neutral(posting.kind),
        f"M{posting.posting_month}",
        f"M{posting.month}",
        neutral(posting.account),
        neutral(line.code if line else ""),
        neutral(line.name if line else ""),
        neutral(line.provider if line else ""),
        pounds(posting.amount_p),
        neutral(posting.recurrence),
        "yes" if posting.one_off else "",
        neutral(posting.reference),
        neutral(posting.what),
        neutral(posting.file),
        "" if posting.file_row is None else str(posting.file_row),
    )


def pounds(pence: int) -> str:
    """Return pence as plain pounds with two decimals.

    >>> pounds(-5), pounds(123456)
    ('-0.05', '1234.56')
    """
    whole, part = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}{whole}.{part:02}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as plain CSV in UTF-8, for a program to read."""
    out = io.StringIO(newline="")
    written = csv.writer(out, lineterminator="\n")
    written.writerow(header)
    written.writerows(rows)
    return out.getvalue().encode()
