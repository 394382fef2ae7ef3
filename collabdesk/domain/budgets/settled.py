"""What must be settled, and not yet done, before money is agreed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from collabdesk.domain.budgets.ledger import JournalKind
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
            remedy="Move agreed money with a virement.",
            field="version",
        )
