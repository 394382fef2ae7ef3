"""Last year's workbook comes into a draft in one step; the same file again changes nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import Workbook

from collabdesk.errors import NotPossible, Refusal
from collabdesk.services.budgets.planning.sheet_import import BringBudget, BudgetImport
from collabdesk.services.budgets.planning.year_commands import KeepProvider
from collabdesk.storage.queries.budgets import service_lines
from collabdesk.ui.budgets.budget_importer import BudgetImporter
from tests.services.budgets.office import Office

ROWS = """Code,Service line,Provider,Total
ASL,Adult low secure,RHA,"£240,000.00"
ASL,Adult low secure,RT5,"£12,000.00"
CAM,CAMHS Tier 4,RHA,£1.00
XXX,Unknown,RP7,£5.00
"""


class Quiet:
    """Progress that nobody looks at."""

    cancelled = False

    def say(self, words: str, done: int = 0, total: int = 0) -> None:
        """Say nothing."""


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


def test_an_ordinary_workbook_is_read_as_people_keep_it(drafting: Office, tmp_path: Path) -> None:
    """A cover sheet, titles over the headings, months as dates, names for codes, sums, £000."""
    drafting.run(KeepProvider("RHA", "Our own trust"))
    drafting.run(KeepProvider("RT5", "The county's trust"))
    book = Workbook()
    cover = book.active
    assert cover is not None
    cover.append(["Provider collaborative"])
    sheet = book.create_sheet("Budget 25-26")
    sheet.append(["Budget 2025/26"])
    sheet.append(["All figures in £000"])
    sheet.append([])
    months = [dt.datetime(2025 + (n > 9), (n + 2) % 12 + 1, 1) for n in range(1, 13)]  # noqa: DTZ001 - as Excel keeps a day
    sheet.append(["Service line", "Provider", *months, "Total"])
    sheet.append(["Adult low secure", "Our own trust", *[2_000.5] * 12, 24_006])
    sheet.append(["Perinatal", "RT5", *[10] * 12, 120])
    sheet.append(["Subtotal secure", None, *[2_010.5] * 12, 24_126])
    sheet.append(["Unheard of", "RT5", *[1] * 12, 12])
    sheet.append(["Grand total", None, *[2_010.5] * 12, 24_126])
    draft = book.create_sheet("Draft")
    draft.sheet_state = "hidden"
    draft.append(["Service line", "Provider", "Total"])
    draft.append(["Perinatal", "RT5", 77])
    file = tmp_path / "Budget 2025-26 final v3.xlsx"
    book.save(file)
    work = bring(drafting)
    found = work.choose(file)
    assert (found.sheet.unit.value, found.sheet.table.sheet.title) == ("£000", "Budget 25-26")
    assert (found.new, found.changed, found.sheet.total_p) == (1, 1, 2_412_600_000)
    assert [(one.row, one.why.code) for one in found.left_out] == [(8, "line_unknown")]
    assert bring(drafting).choose(file, "£").sheet.total_p == 2_412_600
    assert [(one.title, one.hidden) for one in found.sheets] == [
        ("Sheet", False),
        ("Budget 25-26", False),
        ("Draft", True),
    ]
    drafting.run(work.confirm())
    rows = {(row.name, row.provider): row for row in drafting.grid().rows}
    assert rows["Adult low secure", "RHA"].months[0].amount.shown_p == 200_050_000
    assert rows["Perinatal", "RT5"].total.shown_p == 12_000_000
    assert bring(drafting).choose(file).same == 2
    importer = BudgetImporter(drafting.alliance.desks["lead"].workspace, drafting.version)
    asked = importer.dry_run(file, Quiet()).asks[0]
    importer.answer({"sheet": "Draft"})
    chosen = importer.dry_run(file, Quiet())
    assert (asked.value, chosen.asks[0].value, chosen.mapped) == ("Budget 25-26", "Draft", 1)
    assert ("Draft", "Draft (hidden)") in chosen.asks[0].choices
    importer.answer({"sheet": "Sheet"})
    with pytest.raises(Refusal, match="“Sheet”"):
        importer.dry_run(file, Quiet())
    assert importer.dry_run(file, Quiet()).asks[0].value == "Budget 25-26"
