"""Accruals, corrections of locked months, phasing anew: nothing closed ever changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from collabdesk.domain.budgets.ledger import (
    Account,
    Heading,
    JournalKind,
    JournalLine,
    LineKey,
    post,
)
from collabdesk.errors import Refusal
from collabdesk.services.budgets.closing.close_commands import CloseMonth
from collabdesk.services.budgets.closing.posting_commands import (
    CorrectJournal,
    Expected,
    PostAccrual,
    RephaseLine,
    TrueLine,
)
from collabdesk.services.budgets.closing.restated import Restated, restated
from collabdesk.services.budgets.queries import PostedJournal, findings, journals, ledger_check
from tests.services.budgets.office import YEAR, Office
from tests.support.alliance import found_alliance


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An agreed budget with M1 to M3 closed and £700.00 spent in M2."""
    office = Office(found_alliance(tmp_path_factory.mktemp("posting"), ("a",)))
    office.begin()
    office.plan("ASL", "RHA", 24_000_000)
    office.plan("PER", "RHA", 12_000_000)
    office.agree()
    spend(office, 2, 70_000)
    for month in (1, 2, 3):
        office.run(CloseMonth(YEAR, month))
    office.share()
    yield office
    office.alliance.close()


def spend(office: Office, month: int, pence: int) -> None:
    key = LineKey(office.lines["ASL"], "RHA")
    lines = [
        JournalLine(Account.SPEND, pence, key, month, reference="INV-1"),
        JournalLine(Account.GENERAL_LEDGER, -pence, month=month),
    ]
    heading = Heading(YEAR, JournalKind.ACTUAL, month, f"Trial balance M{month}")
    office.alliance.desks["lead"].change(post(heading, lines))


def last(office: Office, kind: str) -> PostedJournal:
    return [one for one in office.ask(journals) if one.kind == kind][-1]


def truth(office: Office, side: str = "actual") -> Restated:
    return office.ask(restated, YEAR, side)


def spend_line(journal: PostedJournal) -> bytes:
    return next(line.row for line in journal.lines if line.account == "spend")


def test_a_closed_month_is_corrected_in_the_open_one(ledger: Office) -> None:
    wrong = last(ledger, "actual")
    before = wrong.lines
    ledger.run(
        CorrectJournal(wrong.row, (TrueLine(spend_line(wrong), 65_000),), "Credit note overlooked")
    )
    assert next(one for one in ledger.ask(journals) if one.row == wrong.row).lines == before
    view = truth(ledger)
    assert (view.total[1].reported_p, view.total[1].restated_p) == (70_000, 65_000)
    assert (view.total[3].reported_p, view.total[3].restated_p) == (-5_000, 0)
    assert view.rows[0].differs
    assert ledger.ask(ledger_check).holds
    assert ledger.ask(findings) == ()
    with pytest.raises(Refusal) as refused:
        ledger.run(CorrectJournal(wrong.row, (), "Once more"))
    assert refused.value.code == "already_reversed"
    again = last(ledger, "correction")
    to = TrueLine(spend_line(again), 65_000, ledger.lines["PER"])
    ledger.run(CorrectJournal(again.row, (to,), "Wrong line"))
    names = {row.name: row.months[1].restated_p for row in truth(ledger).rows}
    assert names == {"Adult low secure at RHA": 0, "Perinatal at RHA": 65_000}


def test_an_accrual_takes_itself_back(ledger: Office) -> None:
    expected = Expected(ledger.lines["PER"], "rha", 9_000, "PO 7")
    before = truth(ledger).total
    ledger.run(PostAccrual(YEAR, 5, (expected,), "Agency not billed"))
    after = truth(ledger).total
    assert after[4].restated_p - before[4].restated_p == 9_000
    assert after[5].restated_p - before[5].restated_p == -9_000
    accrual, back = last(ledger, "accrual"), last(ledger, "accrual_reversal")
    assert back.reverses == accrual.row
    assert (accrual.posting_month, back.posting_month) == (5, 6)
    for wrong in (accrual, back):
        with pytest.raises(Refusal) as refused:
            ledger.run(CorrectJournal(wrong.row, (), "Once more"))
        assert refused.value.code == "already_reversed"
    assert ledger.ask(ledger_check).holds


def test_the_accrual_of_march_ends_in_april_of_the_next_year(ledger: Office) -> None:
    ledger.run(PostAccrual(YEAR, 12, (Expected(ledger.lines["ASL"], "RHA", 400),), "Year end"))
    back = last(ledger, "accrual_reversal")
    assert (back.fiscal_year, back.posting_month) == ("2027/28", 1)
    assert ledger.ask(ledger_check).holds


def test_a_line_is_phased_again_over_its_open_months(ledger: Office) -> None:
    before = truth(ledger, "budget").rows[0].months
    weights = (9, 9, 9, 0, 0, 0, 0, 0, 1, 1, 1, 1)
    ledger.run(RephaseLine(YEAR, ledger.lines["ASL"], "RHA", "custom", weights))
    view = truth(ledger, "budget")
    after = [month.restated_p for month in view.rows[0].months]
    assert after[:3] == [month.restated_p for month in before[:3]]
    assert after[3:8] == [0] * 5
    assert sum(after) == 24_000_000
    assert not any(month.later_p for month in view.total)
    assert ledger.ask(ledger_check).holds
    phased = last(ledger, "rephasing")
    moved = TrueLine(phased.lines[0].row, phased.lines[0].amount_p, ledger.lines["PER"])
    with pytest.raises(Refusal) as refused:
        ledger.run(CorrectJournal(phased.row, (moved,), "It belongs to another line"))
    assert (refused.value.code, refused.value.remedy) == (
        "budget_not_corrected",
        "Phase the line again.",
    )


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (
            lambda o: PostAccrual(YEAR, 5, (Expected(o.lines["ASL"], "RP7", 1),), "x"),
            "unknown_line",
        ),
        (lambda _: PostAccrual(YEAR, 5, (), "x"), "nothing_to_post"),
        (lambda _: PostAccrual(YEAR, 5, (), " "), "words_missing"),
        (lambda o: PostAccrual(YEAR, 13, (Expected(o.lines["ASL"], "RHA", 1),), "x"), "month"),
        (lambda _: CorrectJournal(b"?" * 16, (), "x"), "not_here"),
        (lambda o: CorrectJournal(o.ask(journals)[0].row, (), " "), "reason_missing"),
        (lambda o: CorrectJournal(o.ask(journals)[0].row, (), "x"), "moved_by_approval"),
        (
            lambda o: CorrectJournal(o.ask(journals)[0].row, (TrueLine(b"?" * 16, 1),), "x"),
            "not_of_this_journal",
        ),
        (lambda o: RephaseLine(YEAR, o.lines["ASL"], "RT5"), "unknown_line"),
        (lambda o: RephaseLine(YEAR, o.lines["ASL"], "RHA", "monthly"), "profile_unknown"),
    ],
)
def test_what_breaks_a_rule_is_refused(ledger: Office, command: Any, code: str) -> None:  # noqa: ANN401 - a command of the office
    with pytest.raises(Refusal) as refused:
        ledger.run(command(ledger))
    assert refused.value.code == code


def test_partners_post_nothing(ledger: Office) -> None:
    with pytest.raises(Refusal) as refused:
        ledger.run(RephaseLine(YEAR, ledger.lines["ASL"], "RHA"), "a")
    assert refused.value.code == "lead_only"


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-9_000, 9_000)), max_size=5))
def test_restated_differs_from_reported_by_what_was_posted_later(
    ledger: Office, steps: list[tuple[int, int]]
) -> None:
    """I5 and I12: closed rows stay; the two views differ by the later entries alone."""
    closed = {one.row: one for one in ledger.ask(journals, YEAR) if one.posting_month <= 3}
    for what, pence in steps:
        with suppress(Refusal):
            _step(ledger, what, pence)
    posted = ledger.ask(journals, YEAR)
    assert {one.row: one for one in posted if one.posting_month <= 3} == closed
    view = truth(ledger)
    for month in range(1, 13):
        lines = [
            (one.posting_month, line.month, line.amount_p)
            for one in posted
            for line in one.lines
            if line.account == "spend"
        ]
        later_p = sum(p for at, belongs, p in lines if belongs == month and at > month)
        early_p = sum(p for at, belongs, p in lines if at == month and (belongs or 0) < month)
        shown = view.total[month - 1]
        assert shown.reported_p == sum(p for at, _, p in lines if at == month)
        assert shown.restated_p == sum(p for _, belongs, p in lines if belongs == month)
        assert shown.restated_p - shown.reported_p == later_p - early_p
    assert ledger.ask(ledger_check).holds


def _step(ledger: Office, what: int, pence: int) -> None:
    if what == 0:
        spend(ledger, 4 + pence % 8, pence or 1)
    elif what == 1:
        line = Expected(ledger.lines["PER"], "RHA", pence)
        ledger.run(PostAccrual(YEAR, 1 + pence % 11, (line,), "Some of it"))
    else:
        wrong = last(ledger, ("actual", "correction")[what % 2])
        ledger.run(CorrectJournal(wrong.row, (TrueLine(spend_line(wrong), pence),), "Again"))
