"""A partner's return on its way in, and the template it is filled in on."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Final

from collabdesk.domain.money import format_pence
from collabdesk.domain.organisations import ods_code
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.exchange.partner_return import (
    ABOUT,
    ITEMS,
    ReturnHead,
    read_return,
    return_table,
    write_template,
)
from collabdesk.exchange.periods_written import month_written
from collabdesk.exchange.sheets import Book, read_book, refusal
from collabdesk.host.atomic_file import write_whole
from collabdesk.services.budgets.actuals.file_reading import (
    Account,
    Answers,
    Asked,
    Reads,
    answered,
    bytes_of,
    faulty,
    told,
)
from collabdesk.services.budgets.actuals.sheet_choice import choose_sheet, otherwise
from collabdesk.services.budgets.returns.reconciling import standing_return
from collabdesk.services.budgets.returns.returns import is_same
from collabdesk.services.budgets.returns.returns_commands import ImportReturn, Returned
from collabdesk.services.commands import Actor
from collabdesk.services.wording import counted

LAYOUT: Final = "Partner return"


def template(partner: str, fiscal_year: str, month: int, alliance: str) -> tuple[str, bytes]:
    """Return the file name and bytes of an empty return for a partner's month."""
    label = FiscalYear.parse(fiscal_year).month(month).label
    name = f"Return {partner} {label}.xlsx"
    return name, write_template(ReturnHead(partner, fiscal_year, label), alliance)


def read_partner_return(
    reads: Reads, me: Actor, fiscal_year: str, path: Path, answers: Answers
) -> Account:
    """Read a return through and say what bringing it in would do."""
    content = bytes_of(path)
    chosen = choose_sheet(_book(path.name, content), answers, (return_table,), (ITEMS,))
    try:
        found = read_return(path.name, content, chosen.sheet.named)
    except Refusal as why:
        return otherwise(chosen, why)
    own = "" if me.is_lead else me.ods
    partner = _partner(found.head, own, answers)
    year = _year(path.name, found.head, fiscal_year)
    month = _month(found.head, year, answers)
    asked = (*chosen.asked, partner, month)
    rows = len(found.rows) + len(found.left_out)
    if partner.open or month.open:
        first = ("Say whose return of which month it is, then read it again.",)
        return Account(LAYOUT, rows, 0, 0, 0, first, told(found.left_out), asked)
    items = tuple(Returned(r.number, r.reference, r.amount_p, r.words) for r in found.rows)
    command = ImportReturn(
        path.name,
        sha256(content).digest(),
        ods_code(partner.value, "partner"),
        year.label,
        int(month.value),
        items,
    )
    with reads() as connection:
        at = (command.fiscal_year, command.month, command.partner)
        before = standing_return(connection, *at)
        same = before is not None and is_same(connection, before, command)
    said = [f"{counted(len(items), 'row')}, {format_pence(found.total_p)} in all."]
    if not items:
        said.append(
            "There is nothing to bring in: enter a reference and an amount for each charge."
        )
    if year.label != fiscal_year:
        said.append(f"It is a return of {year.label}; you are looking at {fiscal_year}.")
    if before is not None and not same:
        said.append(f"It takes the place of {before.name}.")
    return Account(
        LAYOUT,
        rows,
        0 if same else len(items),
        0,
        len(items) if same else 0,
        tuple(said),
        told(found.left_out),
        asked,
        "This return is here already; nothing would change." if same else "",
        None if same or not items else command,
    )


def _book(name: str, content: bytes) -> Book:
    """Read the sheets of a return; what the template says of itself is no choice."""
    book = read_book(name, content)
    sheets = tuple(sheet for sheet in book.sheets if sheet.title != ABOUT)
    return Book(sheets or book.sheets, book.unread)


def _partner(head: ReturnHead, own: str, answers: Answers) -> Asked:
    value = answered(answers, "partner", head.partner or own)
    asked = Asked("partner", "Whose return is it?", "ODS code, such as RP7", value)
    try:
        ods_code(value, "partner")
    except Refusal as why:
        return faulty(asked, why) if value else Asked(asked.key, asked.label, asked.hint, open=True)
    return asked


def _year(name: str, head: ReturnHead, shown: str) -> FiscalYear:
    """Return the year a return is of; refused where its year and its month cannot both be so."""
    year = FiscalYear.parse(head.fiscal_year or shown)
    month = month_written(head.month, year, "month") if head.month else year.month(1)
    if month not in year.months:
        raise refusal(
            name,
            "head-contradicts",
            f"its sheet “{ABOUT}” says {year.label} and {month.label}, which is a month of "
            f"{FiscalYear.of(month.first).label}.",
            f"Put right whichever of the two was changed on “{ABOUT}”.",
        )
    return year


def _month(head: ReturnHead, year: FiscalYear, answers: Answers) -> Asked:
    stated = ""
    if head.month:
        stated = str(month_written(head.month, year, "month").number)
    value = answered(answers, "month", stated)
    choices = tuple((str(month.number), month.label) for month in year.months)
    known = value in {key for key, _ in choices}
    return Asked("month", "Month", "", value, (("", "Choose"), *choices), open=not known)


def save_template(path: Path, partner: str, fiscal_year: str, month: int, alliance: str) -> str:
    """Write an empty return to a file; return what was done in words."""
    _, content = template(partner, fiscal_year, month, alliance)
    write_whole(path, content)
    return f"{path.name} saved"
