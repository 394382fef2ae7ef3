from __future__ import annotations

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.budgets import commands as c
from collabdesk.services.budgets.queries import refused_edits
from tests.services.budgets.office import Office


def _months(office: Office, plan_line: bytes, desk: str = "lead") -> list[int]:
    rows = {row.plan_line: row for row in office.grid(desk).rows}
    return [cell.amount.shown_p for cell in rows[plan_line].months]


def _plan_line(office: Office, code: str = "ASL", provider: str = "RHA") -> bytes:
    return next(
        row.plan_line
        for row in office.grid().rows
        if row.plan_line and (row.code, row.provider) == (code, provider)
    )


def test_an_annual_total_is_phased_equally_to_the_penny(office: Office) -> None:
    """FIN-01."""
    office.begin()
    row = office.plan("ASL", "RHA", 1_000_000_001)
    assert _months(office, row) == [83_333_334] * 5 + [83_333_333] * 7


def test_an_annual_total_is_phased_by_working_days(office: Office) -> None:
    """FIN-03, in the year 2025/26."""
    office.version = office.made(c.CreateBudgetVersion("2025/26", "Opening"))
    office.lines["ASL"] = office.made(c.AddServiceLine("ASL", "Adult low secure"))
    row = office.plan("ASL", "RHA", 456_789_012, "working_days")
    assert _months(office, row) == [
        *(36_109_803, 36_109_803, 37_915_294, 41_526_274, 36_109_803, 39_720_784),
        *(41_526_274, 36_109_803, 37_915_294, 37_915_293, 36_109_803, 39_720_784),
    ]


@pytest.mark.parametrize(
    ("total_p", "first"),
    [(100, [34, 33, 33]), (-100, [-34, -33, -33]), (1, [1, 0, 0]), (0, [0, 0, 0])],
)
def test_equal_shares_are_told_apart_by_their_place(
    office: Office, total_p: int, first: list[int]
) -> None:
    """FIN-07."""
    office.begin()
    line = c.PlannedLine(office.lines["ASL"], "RHA", total_p, "custom", (1, 1, 1, *[0] * 9))
    row = office.made(c.AddPlanLine(office.version, line))
    assert _months(office, row) == first + [0] * 9


def test_many_lines_are_loaded_all_or_none(drafting: Office) -> None:
    more = tuple(c.PlannedLine(drafting.lines["ASL"], ods, 1_200) for ods in ("rp7", "RT5"))
    done = drafting.run(c.LoadPlan(drafting.version, more))
    assert done.words == "2 plan lines loaded"
    assert _months(drafting, _plan_line(drafting, "ASL", "RP7")) == [100] * 12
    again = (c.PlannedLine(drafting.lines["PER"], "RP7", 1), more[0])
    with pytest.raises(Refusal, match="already has this service line at RP7"):
        drafting.run(c.LoadPlan(drafting.version, again))
    assert len(drafting.grid().rows) == 2 + 4


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (c.PlannedLine(b"?" * 16, "RP7", 100), "not_here"),
        (c.PlannedLine(b"", "R", 100), "ods_code"),
        (c.PlannedLine(b"", "RHA", 100), "line_exists"),
        (c.PlannedLine(b"", "RP7", 100, "weekly"), "not_a_choice"),
        (c.PlannedLine(b"", "RP7", 100, "custom", (1, 2)), "weights_not_twelve"),
    ],
)
def test_a_line_that_cannot_be_planned_is_refused(
    unchanged: Office, line: c.PlannedLine, code: str
) -> None:
    row = line.service_line or unchanged.lines["ASL"]
    wanted = c.PlannedLine(row, line.provider, line.total_p, line.profile, line.weights)
    with pytest.raises(Refusal) as refused:
        unchanged.run(c.AddPlanLine(unchanged.version, wanted))
    assert refused.value.code == code


def test_a_paste_is_one_step_to_undo_in_words(drafting: Office) -> None:
    row = _plan_line(drafting)
    edits = tuple(c.AmountEdit(row, n, 100 * n, seen_p=2_000_000) for n in (1, 2, 3))
    assert drafting.run(c.SetPlannedAmounts(edits)).words == "3 planned amounts"
    assert _months(drafting, row)[:4] == [100, 200, 300, 2_000_000]
    drafting.alliance.desks["lead"].workspace.undo().result()
    assert _months(drafting, row) == [2_000_000] * 12
    assert {r.profile for r in drafting.grid().rows if r.plan_line == row} == {"equal"}


def test_one_amount_is_named_by_its_line_and_month(drafting: Office) -> None:
    edit = c.AmountEdit(_plan_line(drafting), 6, 5)
    done = drafting.run(c.SetPlannedAmounts((edit,)), "b")
    assert done.words == "Adult low secure at RHA, M6"


def test_an_amount_as_it_already_is_changes_nothing(unchanged: Office) -> None:
    edit = c.AmountEdit(_plan_line(unchanged), 6, 2_000_000)
    assert unchanged.run(c.SetPlannedAmounts((edit,))).words == "0 planned amounts"
    assert unchanged.run(c.SetPlannedAmounts(())).record is None


def test_edits_are_refused_cell_by_cell_before_anything_is_written(unchanged: Office) -> None:
    row = _plan_line(unchanged)
    command = c.SetPlannedAmounts(
        (
            c.AmountEdit(row, 1, 5, seen_p=1),
            c.AmountEdit(row, 2, 5, seen_p=2_000_000),
            c.AmountEdit(row, 13, 5),
            c.AmountEdit(b"?" * 16, 1, 5),
        )
    )
    refused = unchanged.ask(refused_edits, command)
    assert [(one.edit.month, one.why.code) for one in refused] == [
        (1, "changed_meanwhile"),
        (13, "month"),
        (1, "not_here"),
    ]
    with pytest.raises(Refusal, match="2 other amounts cannot be set either") as why:
        unchanged.run(command)
    assert why.value.field == "m1"
    assert _months(unchanged, row) == [2_000_000] * 12


def test_a_single_refused_edit_speaks_for_itself(unchanged: Office) -> None:
    edit = c.AmountEdit(_plan_line(unchanged), 4, 5, seen_p=7)
    with pytest.raises(Refusal) as why:
        unchanged.run(c.SetPlannedAmounts((edit,)))
    assert why.value.words == (
        "M4 Jul 2026 of Adult low secure at RHA changed meanwhile from £0.07 to £20,000.00."
    )


def test_an_agreed_version_is_no_longer_edited(agreed: Office) -> None:
    row = _plan_line(agreed)
    for command in (c.SetPlannedAmounts((c.AmountEdit(row, 1, 5),)), c.SpreadTotal(row, 12)):
        with pytest.raises(Refusal, match="“Opening” is agreed"):
            agreed.run(command, "a")


def test_a_total_is_spread_again_and_the_old_months_come_back(drafting: Office) -> None:
    row = _plan_line(drafting)
    done = drafting.run(c.SpreadTotal(row, 1_200, "calendar_days"))
    assert done.words == "Adult low secure at RHA: £12.00 spread"
    assert sum(_months(drafting, row)) == 1_200
    drafting.alliance.desks["lead"].workspace.undo().result()
    assert _months(drafting, row) == [2_000_000] * 12


def test_a_total_is_spread_on_a_line_that_is_here(unchanged: Office) -> None:
    with pytest.raises(Refusal, match="line of the plan is not here"):
        unchanged.run(c.SpreadTotal(b"?" * 16, 12))
