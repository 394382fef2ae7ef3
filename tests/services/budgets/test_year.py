"""A year is set up from its commissioners' envelopes, lived through, and carried into the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from collabdesk.domain.budgets.month_states import MonthState
from collabdesk.domain.changes import OWN, Cell, Insert
from collabdesk.errors import Refusal
from collabdesk.services.budgets import commands as c
from collabdesk.services.budgets.closing.close_commands import CloseMonth
from collabdesk.services.budgets.closing.posting_commands import PostLetters, WithdrawLetter
from collabdesk.services.budgets.planning.sheet_import import BudgetImport
from collabdesk.services.budgets.planning.uplift_words import uplift_words
from collabdesk.services.budgets.planning.year_commands import (
    AddEnvelope,
    AddOpening,
    CopyVersion,
    KeepProvider,
    RecordUplift,
    SetFiscalYear,
)
from collabdesk.services.budgets.queries import (
    envelope_summary,
    findings,
    journals,
    ledger_check,
    refused_edits,
)
from collabdesk.storage.queries.budgets import budget_versions, plan_lines
from tests.services.budgets.office import YEAR, Office
from tests.support.alliance import found_alliance

BASELINE_P = 8_425_000_000
NEXT = "2027/28"


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A year with two envelopes, agreed after its first test."""
    office = Office(found_alliance(tmp_path_factory.mktemp("year"), ("a",)))
    yield office
    office.alliance.close()


def refusal(office: Office, command: object, desk: str = "lead") -> Refusal:
    with pytest.raises(Refusal) as refused:
        office.run(command, desk)
    return refused.value


def summary_row(office: Office) -> bytes:
    """Return the row of the opening allocation."""
    opening = office.summary().opening
    assert opening is not None
    return opening.row


def test_an_envelope_opens_with_its_uplifted_baseline(year: Office) -> None:
    """FIN-09."""
    year.run(SetFiscalYear(YEAR, "additive", "4.15", "2.00"))
    recurrent = year.made(AddEnvelope(YEAR, "NHS England Midlands"))
    once = year.made(AddEnvelope(YEAR, "NHS England Midlands", "non_recurrent"))
    assert refusal(year, AddEnvelope(YEAR, "nhs england midlands")).code == "envelope_exists"
    year.version = year.made(c.CreateBudgetVersion(YEAR, "Opening", "0.5"))
    year.run(AddOpening(year.version, recurrent, BASELINE_P))
    year.run(AddOpening(year.version, once, 1_000_000, "SDF"))
    first, second = (
        move
        for summary in [year.summary()]
        for move in (summary.opening, *summary.letters)
        if move is not None
    )
    assert (first.amount.shown_p, first.commissioner) == (8_606_137_500, "NHS England Midlands")
    assert (second.amount.shown_p, second.recurrence) == (1_000_000, "non_recurrent")
    year.run(SetFiscalYear(YEAR, "multiplicative", "4.15", "2"))
    why = refusal(year, AddOpening(year.version, recurrent, BASELINE_P))
    assert (why.code, why.field) == ("opening_recorded", "envelope")
    other = year.made(AddEnvelope(YEAR, "NHS England North"))
    third = year.made(AddOpening(year.version, other, BASELINE_P))
    last = year.summary().letters[-1]
    assert (last.row, last.amount.shown_p) == (third, 8_599_144_750)
    for _ in range(3):
        year.alliance.desks["lead"].workspace.undo().result()


def test_unknown_providers_are_refused_by_the_list_and_before_there_is_one(year: Office) -> None:
    for code in ("ASL", "PER"):
        year.lines[code] = year.made(c.AddServiceLine(code, code.title()))
    nobody = c.AddPlanLine(year.version, c.PlannedLine(year.lines["PER"], "RZZ", 1))
    why = refusal(year, nobody)
    assert (why.code, why.field) == ("unknown_provider", "provider")
    year.run(KeepProvider("RHA", "Nottinghamshire Healthcare"))
    year.run(KeepProvider("RT5", "Leicestershire Partnership"))
    year.run(KeepProvider("RT5", "Leicestershire", ends=dt.date(2027, 3, 31), succeeded_by="RHA"))
    year.plan("ASL", "RHA", 6_000_000_000)
    year.plan("PER", "RT5", 2_000_000_000)
    line = c.PlannedLine(year.lines["PER"], "RP7", 1)
    why = refusal(year, c.AddPlanLine(year.version, line))
    assert (why.code, why.field) == ("unknown_provider", "provider")
    wrong = KeepProvider("RP7", "Lincolnshire", dt.date(2026, 5, 1), dt.date(2026, 4, 1))
    assert refusal(year, wrong).code == "ends_before_start"


@pytest.mark.parametrize(
    ("month", "closed", "said"),
    [
        (
            1,
            3,
            (
                "M1 to M12: £190,966.68 in M4, which catches up M1 to M3, then £47,741.67 a month "
                "(later £47,741.66)."
            ),
        ),
        (
            7,
            6,
            (
                "M7 to M12: £95,483.34 in M7, then £95,483.34 a month (later £95,483.33). "
                "If the letter pays for M7 to M12 alone, enter 6/12 of the baseline."
            ),
        ),
        (
            11,
            11,
            (
                "M11 to M12: £572,900.00 in M12, which catches up M11. "
                "If the letter pays for M11 to M12 alone, enter 2/12 of the baseline."
            ),
        ),
        (12, 12, "M12 to M12, of which no month is open any more."),
    ],
)
def test_what_a_late_uplift_comes_to_is_said_before(month: int, closed: int, said: str) -> None:
    """FIN-10: the year's difference falls on the months from when it holds."""
    states = [MonthState.LOCKED] * closed + [MonthState.OPEN] * (12 - closed)
    told = uplift_words(8_425_000_000, "4.15", "4.83", month, states)
    assert told == f"All £572,900.00 of the year falls on {said}"


def test_a_late_uplift_catches_up_in_the_first_open_month(year: Office) -> None:
    """FIN-10."""
    year.agree()
    opened = [one.journal for one in [year.summary().opening] if one]
    assert opened == [1]
    for month in (1, 2, 3):
        year.run(CloseMonth(YEAR, month))
    evidence = bytes(range(32))
    year.run(
        RecordUplift(
            year.version,
            "Pay award June",
            BASELINE_P,
            "4.15",
            "4.83",
            letter_date=dt.date(2026, 6, 27),
            evidence_sha256=evidence,
            evidence_name="pay-award.pdf",
        )
    )
    (waiting,) = year.summary().waiting
    assert (waiting.reference, waiting.evidence_sha256) == ("Pay award June", evidence)
    before = year.summary().current.unallocated.shown_p
    assert refusal(year, CloseMonth(YEAR, 4)).code == "close_blocked"
    year.run(PostLetters(YEAR))
    assert refusal(year, PostLetters(YEAR)).code == "nothing_to_post"
    posted = year.ask(journals, YEAR)[-1]
    came = {line.month: -line.amount_p for line in posted.lines if line.account == "envelope"}
    assert (posted.kind, posted.posting_month, posted.effective_month) == ("uplift", 4, 1)
    assert (came[4], came[5], sum(came.values())) == (19_096_668, 4_774_167, 57_290_000)
    summary = year.summary()
    assert summary.waiting == ()
    assert summary.letters[-1].journal == posted.number
    assert summary.current.unallocated.shown_p == before + 57_290_000
    assert summary.posted is not None
    assert summary.posted.identity_holds


def test_a_letter_waits_and_is_then_unallocated_money(year: Office) -> None:
    """FIN-11."""
    year.run(c.AddAllocationMove(year.version, "IAT-12", 125_000_000, "non_recurrent"))
    year.run(c.AddAllocationMove(year.version, "IAT-13", -31_500_000, effective_month=6))
    year.share()
    assert [move.reference for move in year.summary("a").waiting] == ["IAT-12", "IAT-13"]
    year.run(PostLetters(YEAR))
    year.share()
    for desk in ("lead", "a"):
        assert year.ask(ledger_check, desk=desk).holds
        assert year.ask(findings, desk=desk) == ()
    year.run(c.AddAllocationMove(year.version, "IAT-14", -9_000_000_000))
    why = refusal(year, PostLetters(YEAR))
    assert (why.code, why.field) == ("insufficient_unallocated", "amount_p")
    (late,) = year.summary().waiting
    year.alliance.desks["lead"].workspace.undo().result()
    year.alliance.desks["lead"].workspace.redo().result()
    year.run(WithdrawLetter(late.row))
    assert year.summary().waiting == ()
    assert refusal(year, WithdrawLetter(summary_row(year))).code == "not_waiting"
    held = year.summary().posted
    assert held is not None
    assert held.identity_holds


def test_a_letter_counts_once_and_in_an_envelope_of_its_kind(year: Office) -> None:
    shown, on = bytes(range(32)), dt.date(2026, 9, 1)
    again = c.AddAllocationMove(year.version, "iat-12 ", 5, "non_recurrent")
    assert refusal(year, again).words == "iat-12 is recorded already with £1,250,000.00."
    why = refusal(year, c.AddAllocationMove(year.version, "IAT-20", 5, evidence_sha256=shown))
    assert why.code == "letter_recorded"
    assert "recorded already as Pay award June" in why.words
    short = c.AddAllocationMove(year.version, "IAT-20", 5, evidence_sha256=shown[:31])
    assert refusal(year, short).code == "not_a_fingerprint"
    once = year.made(AddEnvelope(YEAR, "NHS England South", "non_recurrent"))
    wrong = RecordUplift(year.version, "Late", 100_000_000, "1", "2", 4, envelope=once)
    assert refusal(year, wrong).field == "envelope"
    letter = c.AddAllocationMove(year.version, "IAT-12", 5, letter_date=on, envelope=once)
    why = refusal(year, letter)
    assert (why.code, why.field) == ("other_kind_of_money", "recurrence")
    row = year.made(replace(letter, recurrence="non-recurrent", evidence_sha256=shown))
    cells: dict[str, Cell] = {
        "version": year.version,
        "reference": "IAT-12",
        "recurrence": "non_recurrent",
        "amount_p": 5,
        "letter_date": on,
        "envelope": once,
    }
    lead = year.alliance.desks["lead"]
    (twin,) = lead.change(Insert("allocation_move", OWN, cells, "twin")).values()
    why = refusal(year, PostLetters(YEAR))
    assert (why.code, why.words) == ("letter_recorded", "IAT-12 is recorded 2 times with £0.05.")
    for one in (row, twin):
        year.run(WithdrawLetter(one))


def test_an_uplift_is_passed_on_to_the_lines(year: Office) -> None:
    before = year.summary().current
    year.run(RecordUplift(year.version, "Drugs", 100_000_000, "1", "2", 4, pass_on=True))
    year.run(PostLetters(YEAR))
    after = year.summary().current
    assert after.unallocated == before.unallocated
    assert after.lines.shown_p - before.lines.shown_p == 1_000_000
    lines = [line for line in year.ask(journals, YEAR)[-1].lines if line.account == "line"]
    shares = {line.provider: 0 for line in lines}
    for line in lines:
        shares[line.provider] += line.amount_p
    assert shares == {"RHA": 750_000, "RT5": 250_000}
    cut = RecordUplift(year.version, "Wrong", 840_000_000_000, "2", "1", 4, pass_on=True)
    row = year.made(cut)
    why = refusal(year, PostLetters(YEAR))
    assert why.code == "insufficient_line"
    assert why.words.endswith(
        ("RHA, which holds £60,007,500.00.", "RT5, which holds £20,002,500.00.")
    )
    year.run(WithdrawLetter(row))


def test_a_what_if_starts_from_the_ledger_and_is_never_agreed(year: Office) -> None:
    row = year.made_version(CopyVersion(year.version, YEAR, "What if beds close", "what_if"))
    assert refusal(year, c.AgreeBudgetVersion(row)).code == "what_if_not_agreed"
    theirs, mine = year.ask(envelope_summary, row), year.summary()
    assert theirs.drafted.lines == mine.current.lines
    assert theirs.drafted.envelope == mine.current.envelope


def test_next_year_begins_with_what_comes_again(year: Office) -> None:
    year.run(SetFiscalYear(NEXT, "additive", "3", "1"))
    row = year.made_version(CopyVersion(year.version, NEXT, "Opening", uplift_lines=True))
    summary = year.ask(envelope_summary, row)
    money = [summary.opening, *summary.letters]
    assert all(move is not None and move.recurrence == "recurrent" for move in money)
    named = next(move for move in money if move is not None and move.commissioner)
    assert named.amount.shown_p == round(8_606_137_500 * 1.02)
    (version,) = (one for one in year.ask(budget_versions) if one.row == row)
    assert (version.fiscal_year, version.based_on) == (NEXT, year.version)
    lines = year.ask(plan_lines, row)
    # The provider that ended is planned at whoever followed it.
    assert {line.provider for line in lines} == {"RHA"}
    total = sum(month or 0 for line in lines for month in line.months)
    assert total == round((8_000_000_000 + 1_000_000) * 1.02)
    year.alliance.desks["lead"].workspace.undo().result()
    assert [one.fiscal_year for one in year.ask(budget_versions)] == [YEAR, YEAR]


@pytest.mark.parametrize(
    "command",
    [
        SetFiscalYear(YEAR),
        AddEnvelope(YEAR, "Ours"),
        KeepProvider("RP7", "Lincolnshire"),
        PostLetters(YEAR),
    ],
)
def test_the_lead_provider_alone_sets_the_year_up(year: Office, command: object) -> None:
    assert refusal(year, command, "a").code == "lead_only"


def test_a_draft_does_not_overtype_a_closed_month(year: Office) -> None:
    rows = {
        kind: year.made_version(CopyVersion(year.version, YEAR, kind, kind))
        for kind in ("revised", "what_if")
    }
    for kind, allowed in (("revised", False), ("what_if", True)):
        line = year.ask(plan_lines, rows[kind])[0]
        paste = c.SetPlannedAmounts((c.AmountEdit(line.row, 2, 7), c.AmountEdit(line.row, 9, 7)))
        if allowed:
            year.run(paste)
            continue
        why = refusal(year, paste)
        assert (why.code, why.field) == ("month_not_open", "m2")
        (marked,) = year.ask(refused_edits, paste)
        assert marked.edit.month == 2
        year.run(c.SetPlannedAmounts(paste.edits[1:]))
        before = year.ask(plan_lines, rows[kind])[0].months
        year.run(c.SpreadTotal(line.row, sum(month or 0 for month in before), "equal"))
        after = year.ask(plan_lines, rows[kind])[0].months
        assert after[:3] == before[:3]
        assert sum(month or 0 for month in after) == sum(month or 0 for month in before)
        assert max(month or 0 for month in after[3:]) - min(month or 0 for month in after[3:]) <= 1


def test_a_workbook_does_not_overtype_a_closed_month(year: Office, tmp_path: Path) -> None:
    row = year.made_version(CopyVersion(year.version, YEAR, "Second revision", "revised"))
    (line, other) = year.ask(plan_lines, row)
    months = [str((month or 0) / 100) for month in line.months]
    wrong = ["1.00", *[str((month or 0) / 100) for month in other.months][1:]]
    months[11] = "7.00"
    names = {one: code for code, one in year.lines.items()}
    lines = [
        "Code,Provider," + ",".join(f"M{n}" for n in range(1, 13)),
        f"{names[line.service_line]},{line.provider}," + ",".join(months),
        f"{names[other.service_line]},{other.provider}," + ",".join(wrong),
    ]
    file = tmp_path / "revision.csv"
    file.write_text("\n".join(lines), "utf-8")
    work = BudgetImport(year.alliance.desks["lead"].workspace.database.read, row)
    found = work.choose(file)
    assert [(one.column, one.why.code) for one in found.left_out] == [("M1", "month_not_open")]
    year.run(work.confirm())
    kept = {one.row: one.months for one in year.ask(plan_lines, row)}
    assert (kept[line.row][11], kept[other.row]) == (700, other.months)
