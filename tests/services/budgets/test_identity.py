"""Whatever people do in whatever order, the money adds up on every laptop."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from collabdesk.errors import Refusal
from collabdesk.services.budgets import commands as c
from collabdesk.services.budgets.closing.close_commands import CloseMonth, ReopenMonth
from collabdesk.services.budgets.closing.posting_commands import (
    CorrectJournal,
    Expected,
    PostAccrual,
    PostLetters,
    RephaseLine,
    TrueLine,
)
from collabdesk.services.budgets.planning.year_commands import RecordUplift
from collabdesk.services.budgets.queries import findings, journals, ledger_check, virement_list
from collabdesk.services.contested import ResolveContested
from collabdesk.services.figures import contested_cells
from collabdesk.services.policy import SetPolicy
from tests.services.budgets.office import YEAR, Office
from tests.support.alliance import found_alliance

DESKS = ("lead", "a")
Step = tuple[Callable[[Office, str, int], None], str, int]
"""A deed, at which desk, and a number it makes what it needs of."""


def _plan_lines(office: Office, desk: str) -> list[bytes]:
    return [row.plan_line for row in office.grid(desk).rows if row.plan_line]


def _add(office: Office, _: str, number: int) -> None:
    code, provider = ("ASL", "PER")[number % 2], ("RHA", "RP7", "RT5")[number % 3]
    profile = ("equal", "working_days", "calendar_days")[number % 3]
    office.plan(code, provider, 7_777 * (number % 5_000), profile)


def _set(office: Office, desk: str, number: int) -> None:
    lines = _plan_lines(office, desk)
    if not lines:
        return
    edit = c.AmountEdit(lines[number % len(lines)], 1 + number % 12, number * 13 - 5_000)
    office.run(c.SetPlannedAmounts((edit,)), desk)


def _spread(office: Office, desk: str, number: int) -> None:
    lines = _plan_lines(office, desk)
    if not lines:
        return
    office.run(c.SpreadTotal(lines[number % len(lines)], number * 101, "calendar_days"), desk)


def _allocate(office: Office, _: str, number: int) -> None:
    office.run(c.AddAllocationMove(office.version, f"IAT-{number}", number * 7 - 900_000))


def _settle(office: Office, desk: str, number: int) -> None:
    for cell in office.ask(contested_cells, desk=desk):
        value = cell.siblings[number % len(cell.siblings)].value
        office.run(ResolveContested(cell.table, cell.row, cell.column, value, "Agreed"), desk)


def _agree(office: Office, desk: str, _: int) -> None:
    office.run(c.AgreeBudgetVersion(office.version), desk)


def _propose(office: Office, desk: str, number: int) -> None:
    there, back = office.lines["ASL"], office.lines["PER"]
    source, target = (there, back) if number % 2 else (back, there)
    office.propose(number * 7, desk, from_line=source, to_line=target, month=1 + number % 12)


def _approve(office: Office, desk: str, number: int) -> None:
    waiting = office.ask(virement_list, desk=desk)
    if not waiting:
        return
    office.run(c.ApproveVirement(waiting[number % len(waiting)].virement.row), desk)


def _post(office: Office, desk: str, _: int) -> None:
    office.run(c.PostReadyVirements(), desk)


def _release(office: Office, desk: str, number: int) -> None:
    pots = ("contingency", "unallocated")
    out, back = {"from_pot": pots[number % 2]}, {"to_pot": pots[number % 2]}
    side = out if number % 3 else back
    office.propose(number * 3, desk, to_line=office.lines["PER"], month=1 + number % 12, **side)


def _uplift(office: Office, _: str, number: int) -> None:
    new = f"{number % 900 / 100:.2f}"
    passed, month = bool(number % 2), 1 + number % 12
    wanted = RecordUplift(
        office.version, f"Uplift {number}", number * 11, "2.00", new, month, pass_on=passed
    )
    office.run(wanted)


def _post_letters(office: Office, desk: str, _: int) -> None:
    office.run(PostLetters(YEAR), desk)


def _close(office: Office, desk: str, number: int) -> None:
    office.run((CloseMonth, CloseMonth, ReopenMonth)[number % 3](YEAR, 1 + number % 6), desk)


def _rephase(office: Office, desk: str, number: int) -> None:
    profile = ("equal", "working_days", "calendar_days")[number % 3]
    office.run(RephaseLine(YEAR, office.lines[("ASL", "PER")[number % 2]], "RHA", profile), desk)


def _accrue(office: Office, desk: str, number: int) -> None:
    expected = Expected(office.lines["ASL"], "RHA", number * 17 - 400_000)
    office.run(PostAccrual(YEAR, 1 + number % 12, (expected,), "Some of it"), desk)


def _correct(office: Office, desk: str, number: int) -> None:
    posted = office.ask(journals, YEAR, desk=desk)
    wrong = posted[number % len(posted)]
    line = wrong.lines[number % len(wrong.lines)]
    true = TrueLine(line.row, line.amount_p + number - 500_000)
    office.run(CorrectJournal(wrong.row, (true,), "It was wrong"), desk)


def _share(office: Office, _: str, __: int) -> None:
    office.share()


def _undo(office: Office, desk: str, _: int) -> None:
    workspace = office.alliance.desks[desk].workspace
    if not workspace.undo_stack.undo_words.startswith(("Budget version", "Service line")):
        workspace.undo().result()


Deed = Callable[[Office, str, int], None]
DRAFTING: tuple[Deed, ...] = (_add, _set, _set, _spread, _allocate, _settle, _agree, _share, _undo)
MOVED: tuple[Deed, ...] = (_set, _propose, _propose, _approve, _approve, _post, _share, _undo)
POSTED: tuple[Deed, ...] = (
    *(_allocate, _uplift, _post_letters, _close, _rephase, _accrue, _correct, _correct),
    *(_release, _release, _approve, _approve, _post, _share, _undo),
)


def _steps(deeds: tuple[Deed, ...]) -> st.SearchStrategy[list[Step]]:
    step = st.tuples(st.sampled_from(deeds), st.sampled_from(DESKS), st.integers(0, 1_000_000))
    return st.lists(step, min_size=8, max_size=30)


def _adds_up(office: Office, desk: str) -> None:
    """I1, I2, I5, I6 and I7, on every laptop after every step."""
    summary, grid = office.summary(desk), office.grid(desk)
    assert summary.drafted.identity_holds
    assert grid.total.total == summary.current.lines
    if summary.posted:
        assert summary.posted.identity_holds
        pots = (summary.posted.unallocated, summary.posted.contingency)
        assert all(pot.shown_p >= 0 for pot in pots)
        assert not any(row.total.contested for row in grid.rows)
    assert office.ask(ledger_check, desk=desk).holds
    assert office.ask(findings, desk=desk) == ()


# Each example founds an alliance: shrinking a failure would take longer than reading it.
_SOME = settings(
    max_examples=5, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate]
)


@_SOME
@given(_steps(DRAFTING))
def test_a_draft_adds_up_whatever_people_do(steps: list[Step]) -> None:
    _walk(steps, agreed=False)


@_SOME
@given(_steps(MOVED))
def test_the_ledger_adds_up_whatever_people_move(steps: list[Step]) -> None:
    _walk(steps, agreed=True)


@_SOME
@given(_steps(POSTED))
def test_the_ledger_adds_up_whatever_people_do(steps: list[Step]) -> None:
    _walk(steps, agreed=True)


def _walk(steps: Sequence[Step], *, agreed: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        office = Office(found_alliance(Path(folder), ("a",)))
        try:
            _begin(office, agreed=agreed)
            for deed, desk, number in steps:
                with suppress(Refusal):
                    deed(office, desk, number)
                for each in DESKS:
                    _adds_up(office, each)
            office.share()
            left = {office.summary(each).current.unallocated for each in DESKS}
            assert len(left) == 1
        finally:
            office.alliance.close()


def _begin(office: Office, *, agreed: bool) -> None:
    office.begin(contingency_pct="0.5")
    office.plan("ASL", "RHA", 24_000_000)
    office.plan("PER", "RHA", 12_000_000)
    if agreed:
        office.run(SetPolicy("virement_tiers", "above: 1 of anybody"))
        office.agree()
    office.share()
