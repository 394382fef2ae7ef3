"""A month of the general ledger on its way in: its balances, or its transactions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.actuals import SourceRow, check_control
from collabdesk.domain.money import format_pence, parse_money_or_sum
from collabdesk.domain.periods import MONTH_NAMES, MONTHS_IN_YEAR, FiscalYear, Month
from collabdesk.errors import Refusal
from collabdesk.exchange.sheet_dates import DateOrder, shapes
from collabdesk.exchange.sheets import LeftOut, Sheet, Table, no_layout, read_book
from collabdesk.exchange.spend import SpendFile, dates_of, entity_of, read_spend, spend_table
from collabdesk.exchange.trial_balance import (
    Periods,
    dates_in,
    ledger_headings,
    ledger_table,
    months_in,
    of_another_time,
    read_trial_balance,
    unsaid_of_months,
    years_and_months_in,
)
from collabdesk.services.budgets.actuals.actuals import Import, plan_import
from collabdesk.services.budgets.actuals.actuals_commands import ImportTrialBalance
from collabdesk.services.budgets.actuals.amount_choice import amounts_before, ask_amount
from collabdesk.services.budgets.actuals.brought import check_brought_once, known_source
from collabdesk.services.budgets.actuals.file_reading import (
    Account,
    Answers,
    Asked,
    Reads,
    answered,
    ask_order,
    bytes_of,
    faulty,
    order_words,
    told,
)
from collabdesk.services.budgets.actuals.ledger_columns import (
    Columns,
    ask_columns,
    columns_of,
    reading_of,
)
from collabdesk.services.budgets.actuals.sheet_choice import choose_sheet, otherwise, titles_before
from collabdesk.services.wording import counted
from collabdesk.storage.queries import actuals as stored


@dataclass(frozen=True, slots=True)
class _Month:
    """One month of a file, whatever its layout."""

    layout: str
    rows: tuple[SourceRow, ...]
    left_out: tuple[LeftOut, ...]
    other_months: int
    transactions: bool

    @property
    def unread(self) -> int:
        """How many rows may hold money and could not be read."""
        return sum(one.hides_money for one in self.left_out)


def read_ledger(reads: Reads, fiscal_year: str, path: Path, answers: Answers) -> Account:
    """Read a file of the general ledger through and say what its import would do."""
    content = bytes_of(path)
    with reads() as connection:
        before = _readings_before(connection, answers)
    kinds = (ledger_table, spend_table, ledger_headings)
    chosen = choose_sheet(read_book(path.name, content), answers, kinds, titles_before(before))
    sheet = chosen.sheet
    year = FiscalYear.parse(fiscal_year)
    try:
        file = _File(sheet, year)
        pointed: tuple[Asked, ...] = ()
    except Refusal as why:
        header = ledger_headings(sheet)
        if header is None:
            return otherwise(chosen, why)
        with reads() as connection:
            pointed = ask_columns(connection, header, answers)
        if any(one.open for one in pointed):
            rows = sum(not row.blank for row in header.body)
            asks = (*chosen.asked, *pointed)
            return Account(_OTHERWISE, rows, 0, 0, 0, (_POINT,), (), asks)
        file = _File(sheet, year, columns_of(pointed))
    order = (*file.asks_order(answers), *file.asks_periods(answers))
    amount = file.asks_amount(answers, amounts_before(before))
    answers = {**answers, **{one.key: one.value for one in amount}}
    asked = [*chosen.asked, *pointed, *amount, *order]
    if any(one.open for one in order):
        return _not_yet(file, asked, *order_words(next(one for one in order if one.open)))
    with reads() as connection:
        source = _ask_source(connection, year.label, answers, file.entity)
        month = _ask_month(file.months(answers), year, answers)
        value = answered(answers, "control")
        hint = "Type it from the ledger’s own report, not from this file."
        control = Asked("control", "Control total of the month", hint, value, open=not value)
        if month.open or source.open:
            asked = [source, month, *asked, control]
            return _not_yet(file, asked, "Say which ledger and month it is, then read it again.")
        of_month = file.month(int(month.value), answers)
        typed, control = _control(of_month, control)
        asked = [source, month, *asked, control]
        command = ImportTrialBalance(
            path.name,
            sha256(content).digest(),
            source.value,
            fiscal_year,
            int(month.value),
            of_month.rows,
            typed or 0,
            of_month.transactions,
            reading_of(file.columns, sheet.named, amount[0].value if amount else ""),
            file.unsaid,
            of_month.unread,
        )
        try:
            check_brought_once(connection, command)
        except Refusal as why:
            asked = [faulty(one, why) if one.key == why.field else one for one in asked]
            return _not_yet(file, asked, why.words, why.remedy)
        plan = plan_import(connection, command)
    return _account(of_month, plan, asked, None if control.open else command)


_OTHERWISE: Final = "A ledger under other headings"
_POINT: Final = (
    "Its headings are not known. Say which columns are which; it is kept for this source."
)


class _File:
    """A ledger file by its layout: a trial balance, or published spending."""

    def __init__(self, sheet: Sheet, year: FiscalYear, columns: Columns | None = None) -> None:
        self._sheet, self._year = sheet, year
        self.columns: Columns = columns or {}
        self.spends = False
        try:
            self._table = ledger_table(sheet, columns)
        except Refusal:
            self._table = _spend_or_refuse(sheet)
            self.spends = True
        self.entity = entity_of(self._table) if self.spends else ""

    @property
    def layout(self) -> str:
        return "Spending over £25,000" if self.spends else "Trial balance"

    @property
    def unsaid(self) -> str:
        return "" if self.spends else unsaid_of_months(self._table, self._year)

    @property
    def count(self) -> int:
        return sum(not row.blank for row in self._table.body)

    def asks_order(self, answers: Answers) -> tuple[Asked, ...]:
        cells = dates_of(self._table) if self.spends else dates_in(self._table)
        return (ask_order(cells, answers),) if shapes(cells).ambiguous else ()

    def asks_periods(self, answers: Answers) -> tuple[Asked, ...]:
        """Ask what 2026-04 is, where periods are written so: ledgers mean either."""
        found = () if self.spends else years_and_months_in(self._table)
        if not found:
            return ()
        value = answered(answers, "periods")
        year, month = (int(part) for part in re.split("[-/]", found[0]))
        fiscal = FiscalYear(year).month(month).label if 1 <= month <= MONTHS_IN_YEAR else found[0]
        name = MONTH_NAMES[(month - 1) % MONTHS_IN_YEAR]
        choices = (
            ("", "Choose: the file itself does not say"),
            ("calendar", f"{found[0]} is {name} {year}"),
            ("fiscal", f"{found[0]} is {fiscal}"),
        )
        hint = "Its periods can be read as months of the calendar or of the fiscal year."
        known = value in {"calendar", "fiscal"}
        return (Asked("periods", "Periods", hint, value, choices, open=not known),)

    def _meant(self, answers: Answers) -> Periods:
        return Periods(_order(answers), answered(answers, "periods") == "calendar")

    def asks_amount(self, answers: Answers, before: Sequence[str]) -> tuple[Asked, ...]:
        return ask_amount(self._table, answers, before) if self.spends else ()

    def _spending(self, answers: Answers) -> SpendFile:
        amount = answered(answers, "amount")
        return read_spend(self._sheet, _order(answers), amount=amount)

    def months(self, answers: Answers) -> tuple[Month, ...]:
        """Return the months of the year that the file names, the fullest first."""
        if not self.spends:
            found = months_in(self._table, self._year, self._meant(answers))
        else:
            every = Counter(row.month for row in self._spending(answers).rows)
            found = tuple(month for month, _ in every.most_common())
        return tuple(month for month in found if FiscalYear.of(month.first) == self._year)

    def month(self, number: int, answers: Answers) -> _Month:
        month = self._year.month(number)
        if not self.spends:
            held = read_trial_balance(self._sheet, month, self.columns, self._meant(answers))
            words = "Ledger transactions" if held.transactions else "Trial balance"
            return _Month(words, held.rows, held.left_out, held.other_months, held.transactions)
        spent = self._spending(answers)
        rows = tuple(
            SourceRow(
                one.number, one.area, one.kind, number, one.amount_p, one.reference, one.supplier
            )
            for one in spent.rows
            if one.month == month
        )
        left_out = tuple(one for one in spent.left_out if one.month in {None, month})
        others = len(spent.rows) - len(rows) + len(spent.left_out) - len(left_out)
        return _Month(self.layout, rows, left_out, others, transactions=True)


def _spend_or_refuse(sheet: Sheet) -> Table:
    wanted = ("a cost centre", "a subjective", "an amount")
    no_ledger = no_layout(sheet, "a trial balance or its transactions", wanted)
    try:
        table = spend_table(sheet)
    except Refusal:
        raise no_ledger from None
    if of_another_time(table):
        raise no_ledger
    return table


def _order(answers: Answers) -> DateOrder | None:
    value = answered(answers, "date_order")
    return DateOrder(value) if value in set(DateOrder) else None


def _readings_before(reads: Connection, answers: Answers) -> tuple[str | None, ...]:
    source = answered(answers, "source")
    kept = stored.source_files(reads, "trial_balance", "transactions")
    return tuple(one.reading for one in kept if source in {"", one.source})


def _ask_source(reads: Connection, fiscal_year: str, answers: Answers, entity: str) -> Asked:
    before = stored.source_files(reads, "trial_balance", "transactions")
    usual = entity or (before[-1].source if before else "")
    value = known_source(reads, fiscal_year, answered(answers, "source", usual))
    hint = "Its mapping of codes is kept under this name."
    return Asked("source", "Which ledger is it from?", hint, value, open=not value)


def _ask_month(found: tuple[Month, ...], year: FiscalYear, answers: Answers) -> Asked:
    one = str(found[0].number) if len(found) == 1 else ""
    value = answered(answers, "month", one)
    listed = found or year.months
    choices = tuple((str(m.number), m.label) for m in sorted(listed))
    known = value in {key for key, _ in choices}
    hint = "" if found else "The file names no month; say which one it is."
    return Asked("month", "Month", hint, value, (("", "Choose"), *choices), open=not known)


def _control(month: _Month, asked: Asked) -> tuple[int | None, Asked]:
    if asked.open:
        return None, asked
    try:
        typed = parse_money_or_sum(asked.value, "control")
        check_control(sum(row.amount_p for row in month.rows), typed)
    except Refusal as why:
        return None, faulty(asked, why)
    return typed, asked


def _not_yet(file: _File, asked: list[Asked], *said: str) -> Account:
    return Account(file.layout, file.count, 0, 0, 0, said, (), tuple(asked))


def _account(
    month: _Month, plan: Import, asked: list[Asked], command: ImportTrialBalance | None
) -> Account:
    said = [_posts(plan)]
    if plan.sorted.waiting:
        said.append(
            f"To wait for a mapping: {counted(len(plan.sorted.waiting), 'row')} of "
            f"{format_pence(plan.sorted.waiting_p)}."
        )
    if plan.sorted.left_out:
        said.append(
            f"Known to be nobody’s here: {counted(len(plan.sorted.left_out), 'row')} of "
            f"{format_pence(plan.sorted.left_out_p)}."
        )
    if month.unread:
        said.append(
            f"{counted(month.unread, 'row')} below cannot be read: what the month has posted "
            "already is left as it is, and the month stays open until they are mended."
        )
    if month.other_months:
        said.append(f"Of other months, and not looked at: {counted(month.other_months, 'row')}.")
    again = "This file is here already; nothing would change." if plan.changes_nothing else ""
    return Account(
        month.layout,
        len(month.rows) + len(month.left_out) + month.other_months,
        len(plan.lines),
        len(plan.sorted.waiting),
        max(0, len(plan.sorted.mapped) - len(plan.lines)),
        tuple(said),
        told(month.left_out),
        tuple(asked),
        again,
        None if plan.changes_nothing else command,
    )


def _posts(plan: Import) -> str:
    if not plan.lines:
        return "Nothing would be posted now."
    total_p = sum(line.amount_p for line in plan.lines)
    lines = counted(len(plan.lines), "line")
    return f"To be posted in M{plan.posting_month}: {lines}, {format_pence(total_p)}."
