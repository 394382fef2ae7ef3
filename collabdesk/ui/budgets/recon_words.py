"""How a reconciliation is worded and marked."""

from __future__ import annotations

from typing import Final

from collabdesk.domain.budgets.reconciliation import Match
from collabdesk.domain.money import format_pence
from collabdesk.services.budgets.returns.reconciling import ReconLine
from collabdesk.ui.grid import CellState, GridCell, GridRow

MATCHES: Final[dict[Match, str]] = {
    Match.MATCHED: "Matched",
    Match.WITHIN_TOLERANCE: "Within tolerance",
    Match.TRANSPOSITION_SUSPECT: "Digits swapped?",
    Match.DIFFERS: "Differs",
    Match.MISSING_IN_LEDGER: "Missing in ledger",
    Match.MISSING_IN_RETURN: "Missing in return",
}
_GOOD: Final = frozenset({Match.MATCHED, Match.WITHIN_TOLERANCE})
_LONG: Final[dict[Match, str]] = {
    Match.MATCHED: "Ledger and return agree to the penny.",
    Match.WITHIN_TOLERANCE: "The difference is within the tolerance of this month.",
    Match.TRANSPOSITION_SUSPECT: "The same digits stand in another order; two may be swapped.",
    Match.DIFFERS: "Both sides know it, with different amounts.",
    Match.MISSING_IN_LEDGER: "The return has it, the ledger does not.",
    Match.MISSING_IN_RETURN: "The ledger has it, the return does not.",
}


def row_of(line: ReconLine) -> GridRow:
    """Return a reference as the list shows it."""
    item = line.item
    good = line.settled
    state = CellState.GOOD if good else CellState.CONCERN
    cells = (
        GridCell(item.key),
        GridCell(item.ledger_p),
        GridCell(item.return_p),
        GridCell(item.difference_p),
        GridCell(MATCHES[item.match], state=state),
        GridCell(query_words(line)),
    )
    return GridRow(item.key, cells)


def query_words(line: ReconLine) -> str:
    """Say how far the asking has come."""
    query = line.query
    if query is None:
        return "Matched by hand" if line.matched else ""
    if query.settled:
        return "Changed since it was settled" if query.stale else "Settled"
    return "Answered" if query.answers else "Asked"


def item_words(line: ReconLine) -> str:
    """Say in a sentence how a reference stands."""
    said = _LONG[line.item.match]
    if line.item.difference_p and line.item.match not in _GOOD:
        said += f" Ledger less return: {format_pence(line.item.difference_p)}."
    for _, reference in line.matched:
        said += f" {reference} of the return was matched to it by hand."
    return said
