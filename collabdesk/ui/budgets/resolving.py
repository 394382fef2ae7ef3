"""A contested planned amount as the question that settles it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collabdesk.domain.money import format_pence, parse_money_or_sum
from collabdesk.services.budgets.amounts import Amount
from collabdesk.services.budgets.planning.grid import GridCell, GridRow
from collabdesk.services.budgets.room import Plan
from collabdesk.services.figures import Sibling, Signed
from collabdesk.services.organisations import short_names
from collabdesk.ui.budgets.rows import RowKey
from collabdesk.ui.budgets.wording import exact, laptop, month_label, trust, when
from collabdesk.ui.contested import Claim, Dispute, Effect
from collabdesk.ui.desk import Desk

EXPLANATION = (
    "Each was entered before its author had seen the other. Choosing keeps all of them in the "
    "history."
)


@dataclass(frozen=True)
class ContestedAmount:
    """A planned amount in which several figures stand."""

    plan: Plan
    row: GridRow
    month: int

    @property
    def cell(self) -> GridCell:
        """The cell with everything that stands in it."""
        return self.row.months[self.month - 1]

    @property
    def column(self) -> str:
        """The name of its column."""
        return f"m{self.month}"

    def place(self, trusts: Mapping[str, str]) -> str:
        """Say where it stands."""
        label = month_label(self.plan.version.fiscal_year, self.month)
        return f"{self.row.name}, {trust(self.row.provider, trusts)}, {label}"


def contested_at(plan: Plan, key: RowKey, month: int | None) -> ContestedAmount | None:
    """Return the contested amount at a cell of the grid, if it is one."""
    row = provider_row(plan, key)
    if row is None or month is None or not row.months[month - 1].siblings:
        return None
    return ContestedAmount(plan, row, month)


def provider_row(plan: Plan, key: RowKey) -> GridRow | None:
    """Return the provider's row under a key of the grid."""
    return next(
        (
            row
            for row in plan.grid.rows
            if row.level == "provider"
            and (row.service_line or b"", row.provider, row.plan_line or b"") == key[1:]
        ),
        None,
    )


def claims(cell: GridCell, desk: Desk) -> tuple[Claim, ...]:
    """Return what stands in a cell, the lower figure first, with its authors."""
    return tuple(_claim(one, desk) for one in sorted(cell.siblings, key=_pence))


def _pence(sibling: Sibling) -> int:
    return sibling.value if isinstance(sibling.value, int) else 0


def _claim(sibling: Sibling, desk: Desk) -> Claim:
    author = sibling.author
    member = desk.people.get(author.device)
    return Claim(
        sibling.value,
        format_pence(_pence(sibling)),
        member.role if member else "Unknown person",
        trust(member.ods, short_names()) if member else "unknown trust",
        when(author),
        laptop(author, desk),
        verified=bool(author.segment),
    )


def dispute(
    amount: ContestedAmount, signed: Sequence[Signed], trusts: Mapping[str, str], desk: Desk
) -> Dispute:
    """Return the question: which figure stands, and what that does to the totals."""

    def effects(value: object) -> Sequence[Effect]:
        return effects_of(amount, value if isinstance(value, int) else None)

    return Dispute(
        amount.place(trusts),
        _was(amount, signed),
        EXPLANATION,
        claims(amount.cell, desk),
        _read,
        effects,
    )


def _read(text: str) -> tuple[object, str]:
    pence = parse_money_or_sum(text, "value")
    return pence, format_pence(pence)


def _was(amount: ContestedAmount, signed: Sequence[Signed]) -> str:
    standing = {one.value for one in amount.cell.siblings}
    for one in reversed(signed):
        for change in one.changes:
            old = [value for value in change.old if isinstance(value, int)]
            if change.column == amount.column and change.new in standing and old:
                return format_pence(old[0])
    return "not planned before"


def effects_of(amount: ContestedAmount, chosen_p: int | None) -> tuple[Effect, ...]:
    """Return each total before and after a choice, and what was waiting for it."""
    plan, cell = amount.plan, amount.cell.amount
    year = amount.row.total
    planned, left = plan.grid.total.total, plan.summary.current.unallocated
    after = [(_settled(total, cell, chosen_p), total) for total in (year, planned)]
    left_after = _settled(left, -cell, None if chosen_p is None else -chosen_p)
    named = zip(
        (f"{amount.row.name}, year", "Total planned", "Left in envelope"),
        [*after, (left_after, left)],
        strict=True,
    )
    settled = (
        Effect(name, exact(before), exact(now) if chosen_p is not None else "–")
        for name, (now, before) in named
    )
    return (*settled, _agreeing(plan, chosen_p))


def _agreeing(plan: Plan, chosen_p: int | None) -> Effect:
    others = plan.contested - 1
    waiting = "Can be agreed" if others == 0 else f"Waiting for {others} more"
    return Effect(
        "Agreeing the version", "Waiting for this figure", waiting if chosen_p is not None else "–"
    )


def _settled(total: Amount, cell: Amount, chosen_p: int | None) -> Amount:
    if chosen_p is None:
        return total
    return Amount(
        total.shown_p - cell.shown_p + chosen_p,
        total.low_p - cell.low_p + chosen_p,
        total.high_p - cell.high_p + chosen_p,
    )
