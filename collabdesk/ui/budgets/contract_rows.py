"""Sheets of contracts, typed or pasted: prices, bills, quality measures and spells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from collabdesk.domain.budgets.terms import COUNTED, QUARTERS, Counted
from collabdesk.domain.decimals import decimal_text, parse_decimal
from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.contract_board import ContractLine, ContractsBoard
from collabdesk.services.budgets.contracts.contract_commands import (
    BillLine,
    Judged,
    JudgeQuality,
    PriceFrom,
    RecordBills,
    SetPrices,
)
from collabdesk.services.budgets.contracts.spells import LocalSpell, check, keep
from collabdesk.ui.budgets.contract_words import (
    MEASURES,
    measure_named,
    pounds_text,
    price_column,
    price_p,
)
from collabdesk.ui.budgets.forms import Place
from collabdesk.ui.budgets.rows_dialog import (
    Asked,
    Done,
    Failed,
    Kept,
    RowsDialog,
    Send,
    Values,
)
from collabdesk.ui.grid import GridColumn, Kind
from collabdesk.ui.grid.cells import Value

_BP: Final = 100


def needed(values: Values, *asked: tuple[str, str]) -> None:
    """Refuse a row in which something that is asked for is missing."""
    for key, what in asked:
        if values[key] is None:
            raise Refusal(
                code="cell_missing",
                words=f"The row has no {what}.",
                remedy="Fill it in.",
                field=key,
            )


def cell_text(value: Value) -> str:
    """Return a cell as text."""
    return value.strip() if isinstance(value, str) else "" if value is None else str(value)


def cell_int(value: Value, what: str) -> int:
    """Return a cell as a whole number, or refuse it."""
    if not isinstance(value, int):
        raise Refusal(
            code="not_whole", words=f"The {what} is not a whole number.", remedy="Type digits."
        )
    return value


def cell_date(value: Value) -> dt.date:
    """Return a cell as a day, or refuse it."""
    if not isinstance(value, dt.date):
        raise Refusal(
            code="day_missing", words="The row has no day.", remedy="Type it as 07/04/2026."
        )
    return value


Command = Callable[[Sequence[object], tuple[bytes, ...]], object]


def _by_command(place: Place, command: Command) -> Send:
    """Send rows with the keys of those that are no longer there as they were."""

    def send(sheet: QWidget, kept: Kept, done: Done, failed: Failed) -> None:
        made = [one for one in kept.made if isinstance(one, tuple)]
        gone = [*kept.emptied, *(key for key, _ in made if key is not None)]
        keys = tuple(key for key in gone if isinstance(key, bytes))
        place.desk.submit(sheet, command([one for _, one in made], keys), done, failed)

    return send


def prices_dialog(place: Place, line: ContractLine) -> RowsDialog:
    """Ask for the dated prices of a contract."""
    measures = [MEASURES[measure] for measure in COUNTED[line.form]] or [MEASURES[Counted.CASES]]
    columns = (
        GridColumn("starts", "From", kind=Kind.DATE, editable=True),
        price_column("price", "Price", "of one, £"),
        GridColumn("measure", "Of", kind=Kind.ENUM, editable=True, choices=tuple(measures)),
    )

    def make(values: Values, key: object) -> object:
        needed(values, ("starts", "first day"), ("price", "price"))
        measure = measure_named(cell_text(values["measure"]) or measures[0])
        starts = cell_date(values["starts"])
        return key, PriceFrom(measure.value, starts, price_p(values["price"]))

    def command(made: Sequence[object], gone: tuple[bytes, ...]) -> object:
        prices = tuple(one for one in made if isinstance(one, PriceFrom))
        return SetPrices(line.contract.row, prices, gone)

    rows: list[tuple[object, Values]] = [
        (
            one.row,
            {
                "starts": one.starts,
                "price": pounds_text(one.price_p),
                "measure": MEASURES[Counted(one.measure)],
            },
        )
        for one in line.prices
    ]
    said = (
        "Each price holds from its day until the next; without a word it is of "
        f"{measures[0].lower()}."
    )
    asked = Asked(
        f"Prices of {line.contract.reference}",
        "Set",
        columns,
        make,
        _by_command(place, command),
        said,
        rows,
    )
    return RowsDialog(place.around, asked, place.parent)


def bills_dialog(place: Place, line: ContractLine) -> RowsDialog:
    """Ask for lines of bills; a credit note has a price below nought."""
    columns = (
        GridColumn("month", "Month", kind=Kind.NUMBER, editable=True),
        GridColumn("reference", "Bill or credit note", editable=True),
        GridColumn("count", "Cases", kind=Kind.NUMBER, editable=True),
        price_column("price", "Price", "of one, £"),
        GridColumn("credits", "Takes back", editable=True),
    )

    def make(values: Values, key: object) -> object:
        needed(values, ("month", "month"), ("reference", "reference"), ("price", "price"))
        count = 1 if values["count"] is None else cell_int(values["count"], "number of cases")
        return key, BillLine(
            cell_int(values["month"], "month"),
            cell_text(values["reference"]),
            count,
            price_p(values["price"]),
            cell_text(values["credits"]),
        )

    def command(made: Sequence[object], gone: tuple[bytes, ...]) -> object:
        lines = tuple(one for one in made if isinstance(one, BillLine))
        return RecordBills(line.contract.row, lines, gone)

    rows: list[tuple[object, Values]] = [
        (
            one.row,
            {
                "month": one.month,
                "reference": one.reference,
                "count": one.count,
                "price": pounds_text(one.price_p),
                "credits": one.credits or None,
            },
        )
        for one in line.bills
    ]

    said = "Months are 1 (April) to 12 (March). A credit note has a price below nought."
    asked = Asked(
        f"Bills of {line.contract.reference}",
        "Record",
        columns,
        make,
        _by_command(place, command),
        said,
        rows,
    )
    return RowsDialog(place.around, asked, place.parent)


def quality_dialog(place: Place, line: ContractLine, quarter: int) -> RowsDialog:
    """Ask for the quality measures of a quarter."""
    columns = (
        GridColumn("name", "Measure", editable=True),
        GridColumn("weight", "Weight", kind=Kind.NUMBER, unit=" %", editable=True),
        GridColumn("achieved", "Met", kind=Kind.NUMBER, unit=" %", editable=True),
    )
    there = [one for one in line.quality if one.quarter == quarter]
    known: dict[object, Judged] = {
        one.row: Judged(one.name, one.weight_bp, one.achieved_bp) for one in there
    }

    def make(values: Values, key: object) -> object:
        needed(values, ("name", "name"), ("weight", "weight"))
        met = values["achieved"]
        one = Judged(
            cell_text(values["name"]),
            _basis(values["weight"]),
            None if met is None else _basis(met),
        )
        return key, one

    def send(sheet: QWidget, kept: Kept, done: Done, failed: Failed) -> None:
        stay = {key: one for key, one in known.items() if key not in kept.emptied}
        new = []
        for made in kept.made:
            if isinstance(made, tuple):
                key, one = made
                if key in stay:
                    stay[key] = one
                else:
                    new.append(one)
        command = JudgeQuality(line.contract.row, quarter, (*stay.values(), *new))
        place.desk.submit(sheet, command, done, failed)

    rows = [
        (
            one.row,
            {"name": one.name, "weight": _pct(one.weight_bp), "achieved": _pct(one.achieved_bp)},
        )
        for one in there
    ]
    asked = Asked(
        f"Quality of {line.contract.reference}, quarter {quarter} of {QUARTERS}",
        "Write",
        columns,
        make,
        send,
        "The weights total 100 %. What is met is paid when the quarter closes.",
        rows,
    )
    return RowsDialog(place.around, asked, place.parent)


def _basis(value: Value) -> int:
    exact = parse_decimal(str(value)) * _BP
    if exact.denominator != 1:
        raise Refusal(
            code="more_than_two_decimals",
            words=f"{value} % has more than two decimals.",
            remedy="Enter per cent with up to two decimals.",
        )
    return int(exact)


def _pct(basis: int | None) -> Value:
    if basis is None:
        return None
    text = decimal_text(parse_decimal(str(basis)) / _BP)
    return text if "." in text else int(text)


def spells_dialog(place: Place, board: ContractsBoard, there: Sequence[LocalSpell]) -> RowsDialog:
    """Ask for the spells of this laptop; they are kept here and never shared."""
    by_name = {line.contract.reference.casefold(): line for line in board.lines}
    names = {line.contract.row: line.contract.reference for line in board.lines}
    nights = (Counted.BED_DAYS, Counted.LEAVE_DAYS, Counted.BED_HELD)
    columns = (
        GridColumn("pseudonym", "Pseudonym", editable=True),
        GridColumn("contract", "Contract", editable=True),
        GridColumn("admitted", "Admitted", kind=Kind.DATE, editable=True),
        GridColumn("discharged", "Discharged", kind=Kind.DATE, editable=True),
        GridColumn(
            "measure",
            "Nights are",
            kind=Kind.ENUM,
            editable=True,
            choices=tuple(MEASURES[one] for one in nights),
        ),
    )

    def make(values: Values, key: object) -> object:
        needed(values, ("contract", "contract"), ("admitted", "day of admission"))
        name = cell_text(values["contract"])
        line = by_name.get(name.casefold())
        if line is None:
            raise Refusal(
                code="contract_unknown",
                words=f"There is no contract {name} in {board.year.label}.",
                remedy="Write its reference as in the list of contracts.",
                field="contract",
            )
        left = values["discharged"]
        one = LocalSpell(
            number=key if isinstance(key, int) else 0,
            contract=line.contract.row,
            pseudonym=cell_text(values["pseudonym"]),
            measure=measure_named(cell_text(values["measure"]) or MEASURES[nights[0]]).value,
            admitted=cell_date(values["admitted"]),
            discharged=None if left is None else cell_date(left),
        )
        check(one)
        return one

    def send(sheet: QWidget, kept: Kept, done: Done, failed: Failed) -> None:
        workspace = place.desk.workspace
        gone = [one for one in there if one.number in kept.emptied]
        made = [one for one in kept.made if isinstance(one, LocalSpell)]
        place.desk.keep(sheet, keep(workspace, made, gone), done, failed)

    rows = [(one.number, _spell_values(one, names)) for one in there if one.contract in names]
    said = (
        "Spells stay on this laptop: they are in no change set, and only totals that rest on "
        "enough people are shared. Use pseudonyms, never NHS numbers."
    )
    asked = Asked("Spells on this laptop", "Keep", columns, make, send, said, rows)
    return RowsDialog(place.around, asked, place.parent)


def _spell_values(one: LocalSpell, names: dict[bytes, str]) -> Values:
    return {
        "pseudonym": one.pseudonym,
        "contract": names[one.contract],
        "admitted": one.admitted,
        "discharged": one.discharged,
        "measure": MEASURES[Counted(one.measure)],
    }
