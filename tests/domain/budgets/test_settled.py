from __future__ import annotations

import pytest

from collabdesk.domain.budgets.ledger import JournalKind
from collabdesk.domain.budgets.settled import check_not_opened, check_settled
from collabdesk.errors import Refusal


def test_a_contested_figure_is_settled_before_money_is_agreed() -> None:
    with pytest.raises(Refusal, match="The virement is contested") as refused:
        check_settled("The virement", {"month", "amount_p"})
    assert (refused.value.code, refused.value.field) == ("contested", "amount_p")


def test_settled_figures_pass() -> None:
    check_settled("The virement", frozenset())


def test_a_year_is_opened_once() -> None:
    with pytest.raises(Refusal, match="2026/27 is in the ledger already"):
        check_not_opened("2026/27", [JournalKind.OPENING, JournalKind.VIREMENT])


def test_a_year_without_an_opening_may_be_opened() -> None:
    check_not_opened("2026/27", [])
