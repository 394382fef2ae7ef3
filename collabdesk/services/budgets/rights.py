"""What the lead provider alone may do, and what its ledger keeper alone may."""

from __future__ import annotations

from collabdesk.errors import Refusal
from collabdesk.services.commands import Actor


def check_lead(me: Actor, what: str) -> None:
    """Refuse a partner what the lead provider alone may do; `what` completes the sentence."""
    if not me.is_lead:
        raise Refusal(
            code="lead_only",
            words=f"{me.organisation_name} is a partner here; the lead provider {what}.",
            remedy="Ask the finance lead of the lead provider.",
        )


def check_keeper(me: Actor, what: str) -> None:
    """Refuse another laptop what the ledger keeper alone may do."""
    check_lead(me, what)
    if not me.keeps_ledger:
        raise Refusal(
            code="keeper_only",
            words=f"This laptop does not keep the ledger; the laptop that does {what}.",
            remedy="Do it on the lead provider's laptop that keeps the ledger; "
            "Sharing shows which one that is.",
        )
