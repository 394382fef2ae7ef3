"""The questions of the out-of-area board: placements kept here, and the baseline of a saving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from collabdesk.domain.budgets.out_of_area import REASONS, Reason
from collabdesk.domain.money import parse_money_or_sum
from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.contract_commands import SetBaseline
from collabdesk.services.budgets.contracts.placement_board import LineSaving, PlacementBoard
from collabdesk.services.budgets.contracts.spells import LocalPlacement, check, keep
from collabdesk.ui.budgets.contract_rows import cell_date, cell_int, cell_text, needed
from collabdesk.ui.budgets.contract_words import pounds_text, price_column, price_p
from collabdesk.ui.budgets.forms import Place, plain_pounds
from collabdesk.ui.budgets.rows_dialog import Asked, Done, Failed, Kept, RowsDialog, Values
from collabdesk.ui.budgets.typed import whole
from collabdesk.ui.form import Field, FormDialog
from collabdesk.ui.form import Values as Typed
from collabdesk.ui.grid import GridColumn, Kind

_COLUMNS: Final = (
    GridColumn("pseudonym", "Pseudonym", editable=True),
    GridColumn("line", "Service line", editable=True),
    GridColumn("provider", "Where", editable=True),
    GridColumn("admitted", "Admitted", kind=Kind.DATE, editable=True),
    GridColumn("discharged", "Discharged", kind=Kind.DATE, editable=True),
    price_column("price", "Price", "of a night, £"),
    GridColumn("distance", "Distance", "km", kind=Kind.NUMBER, editable=True),
    GridColumn("reason", "Why", kind=Kind.ENUM, editable=True, choices=tuple(REASONS.values())),
    GridColumn("review", "Review due", kind=Kind.DATE, editable=True),
)


def placements_dialog(place: Place, board: PlacementBoard) -> RowsDialog:
    """Ask for the placements of this laptop; they are kept here and never shared."""
    lines = {name.casefold(): row for row, name in board.line_names.items()}
    there = [one.row for one in board.kept]

    def make(values: Values, key: object) -> object:
        needed(values, ("line", "service line"), ("admitted", "day of admission"))
        needed(values, ("price", "price of a night"), ("distance", "distance"), ("reason", "why"))
        line = lines.get(cell_text(values["line"]).casefold())
        if line is None:
            raise Refusal(
                code="line_unknown",
                words=f"There is no service line {cell_text(values['line'])}.",
                remedy="Write its name as in the plan.",
                field="line",
            )
        left, review = values["discharged"], values["review"]
        one = LocalPlacement(
            number=key if isinstance(key, int) else 0,
            service_line=line,
            pseudonym=cell_text(values["pseudonym"]),
            provider=cell_text(values["provider"]),
            admitted=cell_date(values["admitted"]),
            discharged=None if left is None else cell_date(left),
            price_p=price_p(values["price"]),
            distance_km=cell_int(values["distance"], "distance"),
            reason=_reason(cell_text(values["reason"])).value,
            review_due=None if review is None else cell_date(review),
        )
        check(one)
        return one

    def send(sheet: QWidget, kept: Kept, done: Done, failed: Failed) -> None:
        workspace = place.desk.workspace
        gone = [one for one in there if one.number in kept.emptied]
        made = [one for one in kept.made if isinstance(one, LocalPlacement)]
        place.desk.keep(sheet, keep(workspace, made, gone), done, failed)

    said = (
        "Placements stay on this laptop: they are in no change set, and only totals that rest on "
        "enough people are shared. Use pseudonyms, never NHS numbers."
    )
    rows = _rows(there, board)
    asked = Asked("Placements on this laptop", "Keep", _COLUMNS, make, send, said, rows)
    return RowsDialog(place.around, asked, place.parent)


def _reason(words: str) -> Reason:
    return next(reason for reason, said in REASONS.items() if said == words)


def _rows(there: Sequence[LocalPlacement], board: PlacementBoard) -> list[tuple[object, Values]]:
    return [
        (
            one.number,
            {
                "pseudonym": one.pseudonym,
                "line": board.line_names.get(one.service_line, ""),
                "provider": one.provider or None,
                "admitted": one.admitted,
                "discharged": one.discharged,
                "price": pounds_text(one.price_p),
                "distance": one.distance_km,
                "reason": REASONS[Reason(one.reason)],
                "review": one.review_due,
            },
        )
        for one in there
    ]


def baseline_form(place: Place, board: PlacementBoard, one: LineSaving | None) -> FormDialog:
    """Ask what placements of a line were before, and what shows it."""
    base = one.baseline if one is not None else None
    lines = tuple((row.hex(), name) for row, name in board.line_names.items())
    fields = (
        Field(
            "service_line",
            "Service line",
            "choice",
            choices=lines,
            value=base.service_line.hex() if base else "",
        ),
        Field(
            "nights",
            "Nights out of area in a whole year",
            value=str(base.nights) if base else "",
            required=True,
            half=True,
        ),
        Field(
            "price_p",
            "Price of a night then",
            value=plain_pounds(base.price_p) if base else "",
            required=True,
            half=True,
        ),
        Field(
            "local_cost_p",
            "Yearly cost of the local beds instead",
            value=plain_pounds(base.local_cost_p or 0) if base else "",
            half=True,
        ),
        Field(
            "evidence",
            "What shows it",
            "text",
            hint="Such as the contract monitoring of the year before, and its date",
            value=base.evidence if base else "",
            required=True,
        ),
    )

    def make(typed: Typed) -> object:
        return SetBaseline(
            board.year.label,
            bytes.fromhex(typed["service_line"]),
            whole(typed, "nights"),
            _money(typed, "price_p"),
            typed["evidence"],
            _money(typed, "local_cost_p"),
        )

    said = "A saving is shown against this and nothing else; it is never assumed."
    return FormDialog(
        place.around,
        place.desk,
        "What is the saving measured against?",
        "State the baseline",
        fields,
        make,
        said=said,
        parent=place.parent,
    )


def _money(typed: Typed, key: str) -> int:
    return parse_money_or_sum(typed[key], key) if typed[key].strip() else 0
