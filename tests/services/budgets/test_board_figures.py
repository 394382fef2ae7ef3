"""The board's figures add up, and each drills to the journal lines it is made of."""

from __future__ import annotations

from collections.abc import Iterator

from collabdesk.domain.budgets.variance import Rating
from collabdesk.services.budgets.commands import ApproveVirement, PostReadyVirements
from collabdesk.services.budgets.forecast import forecast_commands as f
from collabdesk.services.budgets.papers.board_figures import (
    BoardFigures,
    Figure,
    board_figures,
    drilled,
    open_points,
)
from tests.services.budgets.office import OPENING_P, YEAR, Office
from tests.services.budgets.outturn import ASL_P, CLOSED, OUT_P, PER_P, SPENT, close, spend


def seen(office: Office) -> BoardFigures:
    return office.ask(board_figures, YEAR)


def figures(found: BoardFigures) -> Iterator[Figure]:
    for line in (found.headline, *found.lines):
        yield from (line.budget, line.ytd_budget, line.ytd)
    kept = found.reserves
    yield from (kept.contingency, kept.investment, kept.unallocated, kept.envelope)


def test_i16_every_figure_drills_to_journal_lines_that_add_up_to_it(half_year: Office) -> None:
    for figure in figures(seen(half_year)):
        lines = half_year.ask(drilled, YEAR, figure)
        assert sum(line.amount_p for line in lines) * figure.sign == figure.amount_p
    (spent,) = (line for line in seen(half_year).lines if line.code == "PER")
    months = [line.month for line in half_year.ask(drilled, YEAR, spent.ytd)]
    assert set(months) == {1, 2, 3, 4, 5, 6}


def test_the_headline_is_the_sum_of_the_lines_and_the_envelope_is_whole(half_year: Office) -> None:
    found = seen(half_year)
    whole = found.headline
    assert (found.month, found.as_at) == (CLOSED, f"Ledger #{1 + CLOSED}, locked to M{CLOSED}")
    assert whole.budget.amount_p == ASL_P + PER_P + OUT_P
    assert whole.ytd.amount_p == sum(map(sum, SPENT.values()))
    for name in ("outturn_p", "forecast_p"):
        assert getattr(whole, name) == sum(getattr(line, name) for line in found.lines)
    assert (whole.moved_p, found.movement, found.by_reason) == (None, None, {})
    kept = found.reserves
    pots = kept.contingency.amount_p + kept.investment.amount_p + kept.unallocated.amount_p
    assert whole.budget.amount_p + pots == kept.envelope.amount_p == OPENING_P
    assert whole.rating is Rating.GREEN
    assert found.returns == (0, 0)
    assert half_year.ask(open_points, found) == ()


def test_movements_and_virements_are_those_since_the_last_month(midyear: Office) -> None:
    midyear.run(f.KeepForecast(YEAR))
    row = midyear.propose(100_000, "lead", month=9)
    midyear.share()
    midyear.run(ApproveVirement(row), "a")
    midyear.share()
    midyear.run(PostReadyVirements())
    spend(midyear, 7)
    close(midyear, 7)
    lines = [line for line in seen(midyear).headline.providers if line.unexplained_p]
    reasons = tuple(
        f.MovementReason(line.key.service_line, line.key.provider, "phasing")
        for line in lines
        if isinstance(line.key.service_line, bytes)
    )
    midyear.run(f.GiveReasons(YEAR, reasons))
    found = seen(midyear)
    assert found.since == 1 + CLOSED
    assert [one.virement.row for one in found.virements] == [row]
    assert found.movement is not None
    assert found.movement.now_p == found.headline.outturn_p, "I9"
    assert sum(found.by_reason.values()) == found.headline.moved_p
    assert midyear.ask(board_figures, YEAR, None, 99).virements == ()


def test_what_is_confidential_is_there_only_with_the_keys(half_year: Office) -> None:
    opener = half_year.alliance.desks["lead"].workspace.opener()
    assert seen(half_year).share is None
    assert half_year.ask(board_figures, YEAR, opener).share is not None
