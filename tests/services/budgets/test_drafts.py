from __future__ import annotations

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.budgets import commands as c
from collabdesk.services.budgets.queries import service_lines, versions
from tests.services.budgets.office import YEAR, Office


def test_a_version_starts_as_a_draft_with_its_contingency_in_one_form(office: Office) -> None:
    row = office.made(c.CreateBudgetVersion(YEAR, "Opening", "0.50"))
    (version,) = office.ask(versions)
    assert (version.row, version.state, version.contingency_pct) == (row, "draft", "0.5")


@pytest.mark.parametrize(
    ("command", "code", "field"),
    [
        (c.CreateBudgetVersion("2026", "Opening"), "fiscal_year", "fiscal_year"),
        (c.CreateBudgetVersion(YEAR, "  "), "name_missing", "name"),
        (c.CreateBudgetVersion(YEAR, "Second", "101"), "contingency_pct", "contingency_pct"),
        (c.CreateBudgetVersion(YEAR, "OPENING"), "version_exists", "name"),
        (c.AddServiceLine("", "Adult"), "code_missing", "code"),
        (c.AddServiceLine("X", " "), "name_missing", "name"),
        (c.AddServiceLine("asl", "Another"), "code_taken", "code"),
        (c.AddServiceLine("X", "Other", kind="ward"), "not_a_choice", "kind"),
        (c.AddServiceLine("X", "Other", recurrence="once"), "not_a_choice", "recurrence"),
        (c.AddServiceLine("X", "Other", parent=b"?" * 16), "not_here", "parent"),
        (c.AddAllocationMove(b"?" * 16, "IAT-001", 5), "not_here", "version"),
    ],
)
def test_a_wrong_entry_is_refused_at_its_field(
    unchanged: Office, command: object, code: str, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        unchanged.run(command)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"reference": " "}, "reference_missing"),
        ({"amount_p": 0}, "amount_nil"),
        ({"recurrence": "sometimes"}, "not_a_choice"),
        ({"effective_month": 13}, "month"),
    ],
)
def test_a_wrong_allocation_is_refused(
    unchanged: Office, cells: dict[str, object], code: str
) -> None:
    asked: dict[str, object] = {"version": unchanged.version, "reference": "IAT", "amount_p": 1}
    with pytest.raises(Refusal) as refused:
        unchanged.run(c.AddAllocationMove(**(asked | cells)))  # type: ignore[arg-type]
    assert refused.value.code == code


@pytest.mark.parametrize(
    "command",
    [
        c.CreateBudgetVersion(YEAR, "Ours"),
        c.AddServiceLine("X", "Other"),
        c.AddAllocationMove(b"?" * 16, "IAT-001", 5),
    ],
)
def test_the_lead_provider_alone_starts_budgets(unchanged: Office, command: object) -> None:
    with pytest.raises(Refusal, match="Lincolnshire Partnership") as refused:
        unchanged.run(command, "a")
    assert refused.value.code == "lead_only"


def test_service_lines_stand_in_the_order_they_came_in(drafting: Office) -> None:
    drafting.run(c.AddServiceLine("HUB", "Commissioning hub", "hub", parent=drafting.lines["ASL"]))
    assert [line.code for line in drafting.ask(service_lines)] == ["ASL", "PER", "HUB"]


def test_what_was_started_can_be_undone_and_done_again(office: Office) -> None:
    office.begin()
    desk = office.alliance.desks["lead"].workspace
    assert desk.undo().result() == "Allocation “Opening allocation” of £1,000,000.00"
    assert office.summary().opening is None
    desk.redo().result()
    opening = office.summary().opening
    assert opening is not None
    assert opening.amount.shown_p == 100_000_000
