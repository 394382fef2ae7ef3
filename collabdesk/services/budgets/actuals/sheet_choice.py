"""Which sheet of a workbook is meant: asked where more than one holds anything."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from collabdesk.errors import Refusal
from collabdesk.exchange.sheets import Book, Sheet
from collabdesk.services.budgets.actuals.file_reading import (
    Account,
    Answers,
    Asked,
    answered,
    faulty,
)

Known = Callable[[Sheet], object]
"""Reads the head of a sheet of some kind; refuses any other, or finds nothing in it."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The sheet that is read, what was asked to find it, and all sheets of its file."""

    sheet: Sheet
    asked: tuple[Asked, ...]
    book: Book


def choose_sheet(
    book: Book, answers: Answers, kinds: Sequence[Known], before: Sequence[str] = ()
) -> Chosen:
    """Find the sheet that is meant: as answered, as of an earlier file, or the first known.

    `kinds` are tried in order, each on every sheet; `before` are the titles of earlier files.
    """
    sheets = {sheet.title: sheet for sheet in book.sheets}
    usual = next((title for title in before if title in sheets), "") or _first(book, kinds).title
    value = answered(answers, "sheet", usual)
    sheet = sheets.get(value, sheets[usual])
    asked = (_ask(book, sheet),) if len(sheets) + len(book.unread) > 1 else ()
    return Chosen(sheet, asked, book)


def titles_before(readings: Sequence[str | None]) -> tuple[str, ...]:
    """Return the sheets that were read of earlier files; `readings` are theirs, oldest first."""
    return tuple(filter(None, map(sheet_of, reversed(readings))))


def sheet_of(reading: str | None) -> str:
    """Return the sheet that was read of a kept file; empty for its first."""
    return str(json.loads(reading or "{}").get("sheet", ""))


def _first(book: Book, kinds: Sequence[Known]) -> Sheet:
    for known in kinds:
        for sheet in book.sheets:
            with suppress(Refusal):
                if known(sheet):
                    return sheet
    return book.sheets[0]


def otherwise(chosen: Chosen, why: Refusal) -> Account:
    """Ask for another sheet where the chosen one is not what is looked for.

    Refused as it was where there is no other sheet, or another reason.
    """
    if not chosen.asked or why.code != "unknown-layout":
        raise why
    rows = sum(not row.blank for row in chosen.sheet.rows)
    said = (f"{why.words} Choose the sheet that holds it, then read it again.",)
    return Account("Another sheet", rows, 0, 0, 0, said, (), (faulty(chosen.asked[0], why),))


def _ask(book: Book, chosen: Sheet) -> Asked:
    choices = tuple(
        (one.title, f"{one.title} (hidden)" if one.hidden else one.title) for one in book.sheets
    )
    hint = "The other sheets of the workbook are not read."
    if book.unread:
        hint = f"Too large or damaged, and not read: {', '.join(book.unread)}."
    return Asked("sheet", "Which sheet?", hint, chosen.title, choices)
