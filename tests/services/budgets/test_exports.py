"""What leaves a workspace: every format from one ledger, stamped, whole or not at all."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from collabdesk.errors import NotPossible, Refusal
from collabdesk.exchange.ledger_year import LedgerYear, Side
from collabdesk.services.budgets.papers.export_formats import FORMATS
from collabdesk.services.budgets.papers.exports import ledger_year, stamp_words, write_export
from collabdesk.services.budgets.position import position
from tests.exchange.beancounted import balances
from tests.services.budgets.office import YEAR, Office

DAY = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def ledger(half_year: Office) -> LedgerYear:
    return half_year.ask(ledger_year, YEAR, DAY)


def test_every_export_says_which_ledger_it_is_of(half_year: Office, ledger: LedgerYear) -> None:
    last = max(one.journal for one in ledger.postings)
    assert ledger.stamp == f"Ledger as at #{last}, locked to M6"
    assert half_year.ask(stamp_words, YEAR) == ledger.stamp


@pytest.mark.parametrize("key", [one.key for one in FORMATS])
def test_each_format_is_written_whole_and_says_its_stamp(
    key: str, ledger: LedgerYear, tmp_path: Path
) -> None:
    path = tmp_path / "export"
    written = write_export(ledger, key, path)
    assert written.words == f"export saved: {ledger.stamp}"
    assert path.stat().st_size > 500
    assert list(tmp_path.iterdir()) == [path]


def test_the_exported_ledger_is_the_position_of_every_line(
    half_year: Office, ledger: LedgerYear
) -> None:
    held = half_year.ask(position, YEAR)
    for side in Side:
        months = {(n.row, n.provider): m for n, m in ledger.months(side).items()}
        wanted = {
            (key.service_line, key.provider): tuple(
                line.budget_p if side is Side.BUDGET else line.actual_p
            )
            for key, line in held.lines.items()
        }
        assert {k: m for k, m in months.items() if any(m)} == {
            k: m for k, m in wanted.items() if any(m)
        }
    assert -ledger.accounts["envelope"] == held.envelope_p


def test_beancount_recomputes_the_ledger_of_a_workspace(
    half_year: Office, ledger: LedgerYear, tmp_path: Path
) -> None:
    path = tmp_path / "year.beancount"
    write_export(ledger, "beancount", path)
    summed: dict[str, int] = defaultdict(int)
    for account, amount_p in balances(path.read_bytes()).items():
        summed[account.split(":")[0]] += amount_p
    held = half_year.ask(position, YEAR)
    assert summed["Expenses"] == sum(sum(line.actual_p) for line in held.lines.values())
    assert -summed["Income"] == held.envelope_p


def test_the_csv_adds_up_to_nought(ledger: LedgerYear, tmp_path: Path) -> None:
    path = tmp_path / "year.csv"
    write_export(ledger, "csv", path)
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    assert sum(Decimal(row["Amount"]) for row in rows) == 0


def test_a_cancelled_export_leaves_what_was_there(ledger: LedgerYear, tmp_path: Path) -> None:
    path = tmp_path / "year.xlsx"
    path.write_bytes(b"the old file")

    def cancel(words: str, _done: int, _total: int) -> None:
        if words == "Saving":
            raise InterruptedError

    with pytest.raises(InterruptedError):
        write_export(ledger, "xlsx", path, cancel)
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"the old file"]


def test_a_place_that_cannot_be_written_is_told_in_words(
    ledger: LedgerYear, tmp_path: Path
) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(NotPossible) as refused:
        write_export(ledger, "csv", tmp_path / "taken")
    assert refused.value.code == "cannot-write"
    with pytest.raises(NotPossible, match="No such file or directory"):
        write_export(ledger, "csv", tmp_path / "mistyped" / "year.csv")
    assert not (tmp_path / "mistyped").exists()


def test_a_year_without_a_ledger_has_nothing_to_take_away(half_year: Office) -> None:
    with pytest.raises(Refusal) as refused:
        half_year.ask(ledger_year, "2030/31", DAY)
    assert refused.value.code == "nothing_posted"
