"""What must be settled, unchanged and not yet done before figures are changed or agreed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from collabdesk.domain.budgets.ledger import JournalKind
from collabdesk.domain.money import format_pence
from collabdesk.errors import Refusal


def check_settled(what: str, contested: Collection[str]) -> None:
    """Refuse to go on while figures of a record are contested; `what` names the record."""
    if contested:
        raise Refusal(
            code="contested",
            words=f"{what} is contested: two trusts entered different figures.",
            remedy="Settle it first, with a reason.",
            field=min(contested),
        )


def check_not_opened(fiscal_year: str, posted: Iterable[JournalKind]) -> None:
    """Refuse a second opening budget for a year: its envelope would count twice."""
    if JournalKind.OPENING in posted:
        raise Refusal(
            code="year_already_agreed",
            words=f"An opening budget for {fiscal_year} is in the ledger already.",
            remedy="Copy the agreed version as a revised budget, or move money with a virement.",
            field="version",
        )


def check_unchanged(what: str, seen_p: int | None, now_p: int, field: str) -> None:
    """Refuse to overtype a figure that is no longer the one its author was looking at."""
    if seen_p is not None and seen_p != now_p:
        raise Refusal(
            code="changed_meanwhile",
            words=f"{what} changed meanwhile from {format_pence(seen_p)} to {format_pence(now_p)}.",
            remedy="Look at the new figure, then enter yours again if it still stands.",
            field=field,
        )
