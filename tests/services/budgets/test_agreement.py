from __future__ import annotations

from typing import Any

import pytest

from collabdesk.domain.changes import OWN, Cell, Insert
from collabdesk.errors import Refusal
from collabdesk.services.budgets import commands as c
from collabdesk.services.budgets.closing.close_commands import CloseMonth
from collabdesk.services.budgets.closing.posting_commands import (
    PostLetters,
    RephaseLine,
    WithdrawLetter,
)
from collabdesk.services.budgets.planning.year_commands import CopyVersion
from collabdesk.services.budgets.queries import (
    envelope_summary,
    findings,
    journals,
    ledger_check,
    stamp,
)
from collabdesk.services.contested import ResolveContested
from collabdesk.storage.queries.budgets import plan_lines
from tests.services.budgets.office import YEAR, Office

DRAW_P = (3_390_000_000, 2_480_000_000, 1_210_000_000, 640_000_000)


def test_the_envelope_adds_up_as_in_the_worked_case(office: Office) -> None:
    """FIN-11, drafted and posted."""
    office.version = office.made(c.CreateBudgetVersion(YEAR, "Opening", "0.50"))
    for reference, amount_p in (
        ("Opening allocation", 8_606_137_500),
        ("IAT-001 pay award", 57_290_000),
        ("IAT-002 SDF non-recurrent", 125_000_000),
        ("IAT-003 return of capital element", -31_500_000),
    ):
        office.run(c.AddAllocationMove(office.version, reference, amount_p))
    for number, amount_p in enumerate(DRAW_P):
        office.lines["L"] = office.made(c.AddServiceLine(f"L{number}", f"Line {number}"))
        office.plan("L", "RHA", amount_p)
    drafted = office.summary()
    office.agree()
    posted = office.summary()
    assert drafted.posted is None
    assert posted.letters[0].reference == "IAT-001 pay award"
    for standing in (drafted.drafted, posted.posted):
        assert standing is not None
        assert standing.envelope.shown_p == 8_756_927_500
        assert standing.contingency.shown_p == 43_784_638
        assert standing.lines.shown_p == 7_720_000_000
        assert standing.unallocated.shown_p == 993_142_862
        assert standing.identity_holds


def test_a_letter_that_two_laptops_recorded_keeps_a_draft_from_being_agreed(
    drafting: Office,
) -> None:
    cells: dict[str, Cell] = {
        "version": drafting.version,
        "reference": "IAT-001",
        "recurrence": "recurrent",
        "amount_p": 500,
        "effective_month": 1,
    }
    lead = drafting.alliance.desks["lead"]
    for amount_p in (500, 600):
        lead.change(Insert("allocation_move", OWN, cells | {"amount_p": amount_p}))
    with pytest.raises(Refusal, match=r"IAT-001 is recorded 2 times with £5\.00 and £6\.00"):
        drafting.agree()
    wrong = next(one.row for one in drafting.summary().letters if one.amount.shown_p == 600)
    drafting.run(WithdrawLetter(wrong))
    drafting.agree()
    with pytest.raises(Refusal, match="does not wait"):
        drafting.run(WithdrawLetter(drafting.summary().letters[0].row))


def test_agreeing_posts_one_balanced_journal_that_everybody_holds(agreed: Office) -> None:
    for desk in agreed.alliance.desks:
        (journal,) = agreed.ask(journals, YEAR, desk=desk)
        assert (journal.number, journal.kind, journal.source) == (1, "opening", agreed.version)
        assert sum(line.amount_p for line in journal.lines) == 0
        assert agreed.ask(ledger_check, desk=desk).holds
        assert agreed.ask(stamp, desk=desk).words == "Ledger #1"
        assert agreed.grid(desk).posted
        assert agreed.grid(desk).total.total.shown_p == 36_000_000


def test_nothing_is_posted_before_the_first_agreement(drafting: Office) -> None:
    assert drafting.ask(stamp).words == "Nothing posted yet"
    assert not drafting.grid().posted
    assert drafting.ask(ledger_check).journals == 0


def test_an_agreement_is_never_undone(drafting: Office) -> None:
    desk = drafting.alliance.desks["lead"].workspace
    assert desk.undo_stack.undo_words
    assert "cannot be undone" in drafting.agree().words
    assert desk.undo_stack.undo_words == ""


def test_a_partner_does_not_agree_budgets(unchanged: Office) -> None:
    with pytest.raises(Refusal) as refused:
        unchanged.run(c.AgreeBudgetVersion(unchanged.version), "b")
    assert refused.value.code == "lead_only"


def test_lines_and_contingency_stay_within_the_envelope(office: Office) -> None:
    office.begin(contingency_pct="10")
    office.plan("ASL", "RHA", 90_000_001)
    with pytest.raises(Refusal, match=r"£0\.01 more than its envelope") as refused:
        office.agree()
    assert refused.value.code == "exceeds_envelope"
    assert office.ask(stamp).number == 0


def test_an_agreed_version_is_not_agreed_again(agreed: Office) -> None:
    with pytest.raises(Refusal, match="“Opening” is agreed"):
        agreed.agree()


def test_a_year_has_one_opening_budget(agreed: Office) -> None:
    agreed.version = agreed.made(c.CreateBudgetVersion(YEAR, "Second"))
    agreed.run(c.AddAllocationMove(agreed.version, "IAT-1", 100))
    with pytest.raises(Refusal, match="in the ledger already"):
        agreed.agree()


def test_a_contested_amount_stops_agreement_until_it_is_settled(drafting: Office) -> None:
    row = next(r.plan_line for r in drafting.grid().rows if r.plan_line)
    drafting.run(c.SetPlannedAmounts((c.AmountEdit(row, 6, 100),)), "a")
    drafting.run(c.SetPlannedAmounts((c.AmountEdit(row, 6, 300),)), "b")
    drafting.share()
    with pytest.raises(Refusal, match="M6") as refused:
        drafting.agree()
    assert refused.value.code == "contested"
    drafting.run(ResolveContested("plan_line", row, "m6", 300, "Beds open in September"))
    drafting.agree()
    assert drafting.grid().total.total.shown_p == 34_000_300


def _line_of(office: Office, version: bytes, code: str) -> bytes:
    """Return the row of a service line in a version."""
    mine = (one for one in office.ask(plan_lines, version) if one.provider == "RHA")
    return next(one.row for one in mine if one.service_line == office.lines[code])


def test_a_revised_budget_posts_what_it_changes_and_keeps_what_came_since(agreed: Office) -> None:
    opening = agreed.version
    agreed.run(CloseMonth(YEAR, 1))
    revised = agreed.made_version(CopyVersion(opening, YEAR, "Revised in May", "revised"))
    edits = (
        c.AmountEdit(_line_of(agreed, revised, "ASL"), 9, 2_500_000),
        c.AmountEdit(_line_of(agreed, revised, "PER"), 9, 900_000),
    )
    agreed.run(c.SetPlannedAmounts((c.AmountEdit(edits[1].plan_line, 9, 950_000),)))
    assert _refused(agreed, revised) == "own_figures"
    agreed.share()
    agreed.run(c.SetPlannedAmounts(edits), "a")
    agreed.share()
    agreed.run(c.AddAllocationMove(revised, "IAT-7", 5_000))
    agreed.run(PostLetters(YEAR))
    agreed.run(RephaseLine(YEAR, agreed.lines["ASL"], "RHA", "calendar_days"))
    drafted = agreed.ask(envelope_summary, revised)
    assert drafted.drafted.identity_holds
    assert (drafted.drafted.envelope.shown_p, drafted.drafted.lines.shown_p) == (
        100_005_000,
        36_000_000 + 500_000 - 100_000,
    )
    before = {row.provider: row for row in agreed.grid().rows if row.name == "Adult low secure"}
    agreed.run(c.AgreeBudgetVersion(revised))
    agreed.share()
    for desk in ("lead", "a"):
        posted = agreed.ask(journals, YEAR, desk=desk)[-1]
        assert (posted.kind, posted.posting_month, posted.source) == ("revision", 2, revised)
        assert sorted(line.amount_p for line in posted.lines) == [-400_000, -100_000, 500_000]
        assert agreed.ask(ledger_check, desk=desk).holds
        assert agreed.ask(findings, desk=desk) == ()
    after = {row.provider: row for row in agreed.grid().rows if row.name == "Adult low secure"}
    # The line phased again since keeps its phasing; September alone is £5,000 more.
    moved = [
        now.amount.shown_p - then.amount.shown_p
        for now, then in zip(after["RHA"].months, before["RHA"].months, strict=True)
    ]
    assert moved == [0] * 8 + [500_000, 0, 0, 0]
    summary = agreed.ask(envelope_summary, revised)
    assert (summary.waiting, summary.current) == ((), agreed.summary().current)
    assert summary.current == drafted.drafted
    # History stays: the opening budget's plan is what it was, and money still comes to the year.
    assert sum(m or 0 for o in agreed.ask(plan_lines, opening) for m in o.months) == 36_000_000
    agreed.run(c.AddAllocationMove(revised, "IAT-8", 700))
    agreed.run(PostLetters(YEAR))
    again = agreed.made_version(CopyVersion(revised, YEAR, "Revised again", "revised"))
    with pytest.raises(Refusal, match="moves no money"):
        agreed.run(c.AgreeBudgetVersion(again))


def test_a_revised_budget_stays_within_the_year_it_was_copied_from(agreed: Office) -> None:
    loose = agreed.made(c.CreateBudgetVersion(YEAR, "From nothing", kind="revised"))
    revised = agreed.made_version(CopyVersion(agreed.version, YEAR, "Revised", "revised"))
    line = _line_of(agreed, revised, "ASL")
    codes = []
    for month, amount_p in ((2, 90_000_000), (2, -30_000_000), (1, 2_000_007)):
        agreed.run(c.SetPlannedAmounts((c.AmountEdit(line, month, amount_p),)))
        if month == 1:
            agreed.run(c.SetPlannedAmounts((c.AmountEdit(line, 2, 2_000_000),)))
            agreed.run(CloseMonth(YEAR, 1))
        codes.append(_refused(agreed, revised))
    assert codes == ["exceeds_envelope", "overdrawn", "month_not_open"]
    assert _refused(agreed, loose) == "not_a_revision"
    asks = agreed.made_version(CopyVersion(agreed.version, YEAR, "What if", "what_if"))
    assert _refused(agreed, asks) == "what_if_not_agreed"
    assert agreed.ask(stamp).number == 1


def _refused(office: Office, version: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        office.run(c.AgreeBudgetVersion(version))
    return refused.value.code


def test_recurrent_lines_and_releases_stay_within_the_recurrent_envelope(office: Office) -> None:
    """Money for one year pays no recurrent line: not at the opening, later, nor from a pot."""
    office.begin()
    office.run(c.AddAllocationMove(office.version, "SDF", 20_000_000, "non_recurrent"))
    line = office.plan("ASL", "RHA", 100_000_001)
    office.plan("PER", "RHA", 0)
    with pytest.raises(Refusal, match=r"1,000,000\.01 on .* £1,000,000\.00") as refused:
        office.agree()
    assert refused.value.code == "exceeds_recurrent_envelope"
    office.run(c.SpreadTotal(line, 99_000_000, "equal"))
    office.agree()
    pot: dict[str, Any] = {"from_line": b"", "from_provider": "", "from_pot": "unallocated"}
    with pytest.raises(Refusal, match=r"£10,000\.00 of the recurrent") as refused:
        office.propose(1_000_001, "lead", **pot)
    assert refused.value.field == "recurrence"
    office.propose(1_000_001, "lead", recurrence="non_recurrent", **pot)
    office.propose(1_000_000, "lead", **pot)
    revised = office.made_version(CopyVersion(office.version, YEAR, "Revised", "revised"))
    office.share()
    office.run(c.SpreadTotal(_line_of(office, revised, "ASL"), 100_000_001, "equal"), "a")
    office.share()
    assert _refused(office, revised) == "exceeds_recurrent_envelope"
