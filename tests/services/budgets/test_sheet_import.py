"""Last year's workbook comes into a draft in one step; the same file again changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from collabdesk.errors import NotPossible, Refusal
from collabdesk.services.budgets.sheet_import import BringBudget, BudgetImport
from collabdesk.services.budgets.year_commands import KeepProvider
from collabdesk.storage.queries.budgets import service_lines
from tests.services.budgets.office import Office

ROWS = """Code,Service line,Provider,Total
ASL,Adult low secure,RHA,"£240,000.00"
ASL,Adult low secure,RT5,"£12,000.00"
CAM,CAMHS Tier 4,RHA,£1.00
XXX,Unknown,RP7,£5.00
"""


def bring(office: Office) -> BudgetImport:
    reads = office.alliance.desks["lead"].workspace.database.read
    return BudgetImport(reads, office.version)


def test_a_workbook_comes_in_and_goes_again(drafting: Office, tmp_path: Path) -> None:
    for code in ("RHA", "RT5"):
        drafting.run(KeepProvider(code, code))
    file = tmp_path / "last year.csv"
    file.write_text(ROWS, "utf-8")
    work = bring(drafting)
    found = work.choose(file)
    assert (found.new, found.changed, found.same) == (2, 0, 1)
    assert found.new_lines == ("CAM",)
    assert [one.why.code for one in found.left_out] == ["unknown_provider"]
    before = drafting.grid().total.total.shown_p
    assert drafting.run(work.confirm()).words == "2 lines from last year.csv"
    assert drafting.grid().total.total.shown_p == before + 1_200_100
    assert "CAM" in {line.code for line in drafting.ask(service_lines)}
    again = bring(drafting)
    assert (again.choose(file).new, again.choose(file).same) == (0, 3)
    file.write_text(ROWS.replace("12,000", "15,000"), "utf-8")
    changed = bring(drafting)
    assert changed.choose(file).changed == 1
    drafting.run(changed.confirm())
    assert drafting.grid().total.total.shown_p == before + 1_500_100
    workspace = drafting.alliance.desks["lead"].workspace
    workspace.undo().result()
    workspace.undo().result()
    assert drafting.grid().total.total.shown_p == before
    assert "CAM" not in {line.code for line in drafting.ask(service_lines)}


def test_only_a_draft_takes_a_file_and_only_one_that_can_be_read(
    unchanged_ledger: Office, tmp_path: Path
) -> None:
    file = tmp_path / "budget.csv"
    file.write_text(ROWS, "utf-8")
    with pytest.raises(Refusal, match="is agreed"):
        bring(unchanged_ledger).choose(file)
    with pytest.raises(NotPossible, match="cannot be read"):
        bring(unchanged_ledger).choose(tmp_path / "nothing.csv")
    with pytest.raises(Refusal, match="No row of a file"):
        bring(unchanged_ledger).confirm()
    with pytest.raises(Refusal) as refused:
        unchanged_ledger.run(BringBudget(unchanged_ledger.version, (), "x"), "a")
    assert refused.value.code == "lead_only"
