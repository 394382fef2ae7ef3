from __future__ import annotations

from dataclasses import replace

from collabdesk.domain.budgets.approvals import Tier
from collabdesk.domain.budgets.ledger import LineKey, Recurrence
from collabdesk.domain.budgets.splitting import Proposed, Together, together
from collabdesk.domain.budgets.virement import Virement

L1, L2 = LineKey(b"1" * 16, "RHA"), LineKey(b"2" * 16, "RHA")
SCHEME = (
    Tier(5_000_000, ("finance_lead",), 1),
    Tier(25_000_000, ("finance_lead", "programme_director"), 2),
    Tier(None, ("partnership_board",), 2),
)


def _proposed(row: bytes, amount_p: int, by: str = "u1") -> Proposed:
    virement = Virement("2026/27", L1, L2, amount_p, 3, Recurrence.RECURRENT, "Staffing")
    return Proposed(row, by, virement)


def test_two_halves_need_the_approvals_of_the_whole() -> None:
    """FIN-28."""
    first, second = _proposed(b"1", 4_900_000), _proposed(b"2", 4_900_000)
    assert together(SCHEME, second, [first, second]) == Together(9_800_000, 1, possible_split=True)


def test_one_large_part_is_no_split() -> None:
    small, large = _proposed(b"1", 100), _proposed(b"2", 6_000_000)
    found = together(SCHEME, small, [small, large])
    assert found == Together(6_000_100, 1, possible_split=False)


def test_only_the_same_hands_between_the_same_lines_in_the_same_month_count() -> None:
    mine = _proposed(b"1", 4_900_000)
    turned = replace(mine.virement, source=L2, target=L1)
    others = [
        _proposed(b"2", 4_900_000, by="u2"),
        Proposed(b"3", "u1", turned),
        Proposed(b"4", "u1", replace(mine.virement, month=4)),
        Proposed(b"5", "u1", replace(mine.virement, fiscal_year="2027/28")),
        _proposed(b"6", -4_900_000),
    ]
    assert together(SCHEME, mine, others) == Together(4_900_000, 0, possible_split=False)
