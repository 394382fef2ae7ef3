"""A published file on its way in: spending over £25,000, or a table of allocations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection

from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.exchange.allocations import (
    AllocationTable,
    Unit,
    amount_columns,
    read_allocations,
    stated_unit,
    unit_named,
)
from collabdesk.exchange.sheet_dates import DateOrder, shapes
from collabdesk.exchange.sheets import Book, Sheet, read_book, refusal, table_as_told
from collabdesk.exchange.spend import (
    SpendFile,
    dates_of,
    headings_with_dates,
    read_spend,
    spend_table,
)
from collabdesk.exchange.trial_balance import ledger_table
from collabdesk.services.budgets.actuals.actuals_commands import KeepFile
from collabdesk.services.budgets.actuals.amount_choice import amounts_before, ask_amount
from collabdesk.services.budgets.actuals.file_reading import (
    Account,
    Answers,
    Asked,
    Reads,
    answered,
    ask_order,
    bytes_of,
    order_words,
    told,
)
from collabdesk.services.budgets.actuals.sheet_choice import (
    choose_sheet,
    otherwise,
    sheet_of,
    titles_before,
)
from collabdesk.services.wording import counted
from collabdesk.storage.queries import actuals as stored

SPEND: Final = "spend_file"
ALLOCATIONS: Final = "allocation_table"
Reading: TypeAlias = dict[str, Any]
"""What was answered about a file, as its JSON text holds it."""


def read_published(reads: Reads, path: Path, answers: Answers) -> Account:
    """Read a published file through and say what keeping it would bring."""
    content = bytes_of(path)
    with reads() as connection:
        kept = stored.source_files(connection, SPEND, ALLOCATIONS)
        before = _columns_before(connection)
    readings = [one.reading for one in kept]
    amounts, titles = amounts_before(readings), titles_before(readings)
    kinds = (spend_table, headings_with_dates, amount_columns)
    chosen = choose_sheet(read_book(path.name, content), answers, kinds, titles)
    published = _ask_published(chosen.book, answers)
    if any(one.open for one in published):
        rows = sum(not row.blank for row in chosen.sheet.rows) - 1
        asked = (*chosen.asked, *published)
        return Account("Payments by cost centre", rows, 0, 0, 0, (published[0].hint,), (), asked)
    with reads() as connection:
        here = kept_already(connection, content, chosen.sheet.named)
    try:
        found = _read(chosen.sheet, content, answers, _Before(before, amounts), here)
    except Refusal as why:
        return otherwise(chosen, why)
    return replace(found, asked=(*chosen.asked, *published, *found.asked))


def _read(
    sheet: Sheet,
    content: bytes,
    answers: Answers,
    before: _Before,
    here: stored.SourceFile | None,
) -> Account:
    again = f"This file is here already, as {here.name}; nothing would change." if here else ""
    try:
        spend_table(sheet)
    except Refusal:
        headings = headings_with_dates(sheet)
        if not headings:
            return _allocations(sheet, content, answers, again)
        asked = _ask_columns(headings, before.columns, answers)
        if any(one.open for one in asked):
            said = ("Its headings are not known. Say which columns are which.",)
            rows = sum(not row.blank for row in sheet.rows) - 1
            return Account("Payments under other headings", rows, 0, 0, 0, said, (), asked, again)
        return _spend(sheet, content, answers, again, asked)
    asked = ask_amount(spend_table(sheet), answers, before.amounts)
    return _spend(sheet, content, answers, again, asked)


@dataclass(frozen=True, slots=True)
class _Before:
    """What was answered about earlier files, the newest first."""

    columns: tuple[Mapping[str, str], ...]
    amounts: tuple[str, ...]


_COLUMNS: Final = (
    ("amount", "Which column is the amount?", True),
    ("date", "Which is the date?", True),
    ("supplier", "Which is the supplier?", False),
    ("area", "Which is the expense area?", False),
    ("reference", "Which is the reference?", False),
)


def _columns_before(reads: Connection) -> tuple[Mapping[str, str], ...]:
    """Return the columns that were pointed out in earlier files, the newest first."""
    kept = reversed(stored.source_files(reads, SPEND))
    found = (json.loads(one.reading or "{}").get("columns") for one in kept)
    return tuple(columns for columns in found if columns)


def _ask_columns(
    headings: tuple[str, ...], before: tuple[Mapping[str, str], ...], answers: Answers
) -> tuple[Asked, ...]:
    """Ask for each column; those of an earlier file with the same headings are put forward."""
    usual = next((each for each in before if set(filter(None, each.values())) <= set(headings)), {})
    asked = []
    for key, label, needed in _COLUMNS:
        value = answered(answers, f"column_{key}", usual.get(key, ""))
        value = value if value in headings else ""
        first = ("", "Choose" if needed else "It has none")
        choices = (first, *((name, name) for name in headings))
        missing = needed and not value
        asked.append(Asked(f"column_{key}", label, "", value, choices, open=missing))
    return tuple(asked)


def _ask_published(book: Book, answers: Answers) -> tuple[Asked, ...]:
    """Refuse a general ledger on any sheet: the file would travel whole to every partner.

    Payments with suppliers and days may be either: then somebody says that it is published.
    """
    name = book.sheets[0].name
    if book.unread:
        words = f"its sheet “{book.unread[0]}” cannot be read, and would travel with it."
        raise refusal(name, "too-large", words, "Bring a workbook without that sheet.")
    ledgers = list(filter(_is_ledger, book.sheets))
    value = answered(answers, "published")
    certain = ledgers if value == "no" else [one for one in ledgers if not _has_payees(one)]
    if certain:
        place = f"its sheet “{certain[0].title}”" if len(book.sheets) > 1 else "this"
        raise Refusal(
            code="is_a_ledger",
            words=f"{name}: {place} is a general ledger with cost centres and subjectives, not a "
            "published file. A published file travels whole to every partner.",
            remedy="Import it under Actuals, where it is posted and only its figures travel.",
            field="file",
        )
    if not ledgers:
        return ()
    return (Asked("published", "Is it published?", _EITHER, value, _PUBLIC, open=value != "yes"),)


_EITHER: Final = (
    "It has cost centres and subjectives, as a general ledger does; a published file travels whole "
    "to every partner."
)
_PUBLIC: Final = (
    ("", "Choose"),
    ("yes", "Yes: anybody may read every row of it"),
    ("no", "No: it is a general ledger"),
)


def _has_payees(sheet: Sheet) -> bool:
    try:
        places = spend_table(sheet).places
    except Refusal:
        return False
    return {"supplier", "date"} <= places.keys()


def _is_ledger(sheet: Sheet) -> bool:
    try:
        ledger_table(sheet)
    except Refusal:
        return False
    return True


def kept_already(reads: Connection, content: bytes, sheet: str = "") -> stored.SourceFile | None:
    """Return the kept file of the same bytes and sheet, or None."""
    digest = sha256(content).digest()
    kept = stored.source_files(reads, SPEND, ALLOCATIONS)
    return next(
        (one for one in kept if one.sha256 == digest and sheet_of(one.reading) == sheet), None
    )


def _spend(
    sheet: Sheet, content: bytes, answers: Answers, again: str, told_of: tuple[Asked, ...] = ()
) -> Account:
    said_of = {one.key: one.value for one in told_of}
    columns = {
        key.removeprefix("column_"): value
        for key, value in said_of.items()
        if key.startswith("column_")
    }
    table = table_as_told(sheet, columns) if columns else spend_table(sheet)
    cells = dates_of(table)
    order = [ask_order(cells, answers)] if shapes(cells).ambiguous else []
    asked = [*told_of, *order]
    if any(one.open for one in asked):
        rows = sum(not row.blank for row in table.body)
        first = order_words(order[0]) if order else ("Say which amount counts.",)
        return Account("Spending over £25,000", rows, 0, 0, 0, first, (), tuple(asked), again)
    reading: Reading = {"date_order": answered(answers, "date_order")} if order else {}
    if columns:
        reading["columns"] = columns
    if "amount" in said_of:
        reading["amount"] = said_of["amount"]
    if sheet.named:
        reading["sheet"] = sheet.named
    found = spend_in(sheet, reading)
    source = answered(answers, "source", found.entity)
    hint = "Its mapping of codes is kept under this name."
    asked.insert(0, Asked("source", "Which body spent it?", hint, source, open=not source))
    months = sorted({row.month for row in found.rows})
    said = [f"{counted(len(found.rows), 'payment')}, {format_pence(found.total_p)} in all."]
    if months:
        said.append(f"Paid in {', '.join(month.label for month in months)}.")
    if found.blank:
        said.append(f"{counted(found.blank, 'blank row')} passed over.")
    command = KeepFile(
        SPEND,
        sheet.name,
        content,
        source,
        FiscalYear.of(months[0].first).label if months else "",
        months[0].number if len(months) == 1 else None,
        len(found.rows),
        found.total_p,
        json.dumps(reading, sort_keys=True),
    )
    ready = source and found.rows and not again
    return Account(
        "Spending over £25,000",
        len(found.rows) + len(found.left_out),
        0 if again else len(found.rows),
        0,
        len(found.rows) if again else 0,
        tuple(said),
        told(found.left_out),
        tuple(asked),
        again,
        command if ready else None,
    )


def spend_in(sheet: Sheet, reading: Reading) -> SpendFile:
    """Read a spend file as was answered about it."""
    order = reading.get("date_order", "")
    known = DateOrder(order) if order in set(DateOrder) else None
    return read_spend(sheet, known, reading.get("columns"), reading.get("amount", ""))


def _allocations(sheet: Sheet, content: bytes, answers: Answers, again: str) -> Account:
    columns = amount_columns(sheet)
    stated = stated_unit(sheet)
    unit = answered(answers, "unit", stated.value if stated else "")
    column = answered(answers, "column", columns[0] if columns else "")
    column = column if column in columns else ""
    asked = (
        Asked(
            "unit",
            "What do its figures count?",
            "The head of the table or its notes say; nothing is assumed.",
            unit,
            (("", "Choose"), *((each.value, _UNITS[each]) for each in Unit)),
            open=unit not in set(Unit),
        ),
        Asked(
            "column",
            "Which column is the allocation?",
            "",
            column,
            (("", "Choose"), *((name, name) for name in columns)),
            open=not column,
        ),
        Asked(
            "source", "Whose table is it?", "", answered(answers, "source", sheet.name), open=False
        ),
    )
    rows = sum(not row.blank for row in sheet.rows) - 1
    if any(one.open for one in asked):
        first = ("Say what its figures count, then read it again.",)
        return Account("Table of allocations", rows, 0, 0, 0, first, (), asked, again)
    reading = {"unit": unit, "column": column}
    if sheet.named:
        reading["sheet"] = sheet.named
    found = allocations_in(sheet, reading)
    top = found.rows[0] if found.rows else None
    sample = f"{top.name}: {format_pence(top.amount_p)}." if top else "No allocation in it."
    said = (f"{counted(len(found.rows), 'allocation')}, {format_pence(found.total_p)}.", sample)
    command = KeepFile(
        ALLOCATIONS,
        sheet.name,
        content,
        asked[2].value,
        "",
        None,
        len(found.rows),
        found.total_p,
        json.dumps(reading, sort_keys=True),
    )
    return Account(
        "Table of allocations",
        len(found.rows) + len(found.left_out),
        0 if again else len(found.rows),
        0,
        len(found.rows) if again else 0,
        said,
        told(found.left_out),
        asked,
        again,
        None if again or not found.rows else command,
    )


_UNITS: Final = {
    Unit.POUNDS: "Pounds (£)",
    Unit.THOUSANDS: "Thousands of pounds (£000)",
    Unit.MILLIONS: "Millions of pounds (£m)",
}


def allocations_in(sheet: Sheet, reading: Reading) -> AllocationTable:
    """Read a table of allocations as was answered about it."""
    return read_allocations(sheet, unit_named(reading.get("unit", "")), reading.get("column", ""))
