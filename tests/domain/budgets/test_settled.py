from __future__ import annotations

import pytest

from collabdesk.domain.budgets.ledger import JournalKind
from collabdesk.domain.budgets.settled import check_not_opened, check_settled, check_unchanged
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


def test_a_figure_somebody_changed_meanwhile_is_not_overtyped() -> None:
    with pytest.raises(Refusal, match=r"from £1\.00 to £2\.50") as refused:
        check_unchanged("M3 Jun 2026 of Perinatal at RHA", 100, 250, "m3")
    assert (refused.value.code, refused.value.field) == ("changed_meanwhile", "m3")


@pytest.mark.parametrize("seen", [None, 250])
def test_a_figure_as_seen_may_be_overtyped(seen: int | None) -> None:
    check_unchanged("M3 Jun 2026 of Perinatal at RHA", seen, 250, "m3")
