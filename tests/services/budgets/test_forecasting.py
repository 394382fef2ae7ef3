"""Forecasts: a method for each line, months kept, and movements that add up."""

from __future__ import annotations

import datetime as dt

import pytest

from collabdesk.domain.budgets.forecast import Method
from collabdesk.domain.budgets.ledger import LineKey
from collabdesk.domain.budgets.variance import Rating
from collabdesk.domain.changes import SetCells
from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.contract_commands import AddContract, ContractTerms
from collabdesk.services.budgets.forecast import forecast_commands as f
from collabdesk.services.budgets.forecast.outturn import ForecastLine, Outturn, outturn
from collabdesk.services.policy import SetPolicy
from collabdesk.storage.queries.forecasts import kept_lines, kept_versions
from tests.services.budgets.office import YEAR, Office
from tests.services.budgets.outturn import ASL_P, PER_P, SPENT, close, spend


def seen(office: Office, desk: str = "lead") -> Outturn:
    return office.ask(outturn, YEAR, desk=desk)


def line(
    office: Office, code: str = "ASL", provider: str = "RHA", desk: str = "lead"
) -> ForecastLine:
    key = LineKey(office.lines[code], provider)
    return next(one for one in seen(office, desk).lines if one.key == key)


def choose(office: Office, method: str, code: str = "ASL", **given: object) -> None:
    choice = f.ForecastChoice(office.lines[code], "RHA", method, **given)  # type: ignore[arg-type]
    office.run(f.ChooseForecasts(YEAR, (choice,)))


def explain(office: Office, *given: tuple[str, int], code: str = "ASL") -> None:
    movements = tuple(f.MovementGiven(reason, amount_p) for reason, amount_p in given)
    office.run(f.ExplainMovement(YEAR, office.lines[code], "RHA", movements))


def test_a_line_nobody_chose_for_is_forecast_by_its_remaining_budget(half_year: Office) -> None:
    asl = line(half_year)
    assert asl.method is Method.BUDGET_REMAINING
    assert asl.ytd_p == sum(SPENT["ASL", "RHA"])
    assert asl.outturn_p == asl.ytd_p + ASL_P // 2
    assert asl.months_p is not None
    assert asl.months_p[:6] == SPENT["ASL", "RHA"]
    assert asl.variance is not None
    assert asl.variance.amount_p == ASL_P // 2 - asl.ytd_p


def test_unbudgeted_spend_is_shown_and_red_and_nil_lines_are_hidden(half_year: Office) -> None:
    found = seen(half_year)
    stray = line(half_year, "PER", "RT5")
    assert stray.unbudgeted
    assert found.rating(stray.variance) is Rating.RED
    assert stray.variance is not None
    assert stray.variance.pct is None
    assert found.hidden == 0
    assert len(found.lines) == 4
    assert sum(found.months_p) == found.outturn_p


def test_a_line_with_nothing_in_any_month_is_hidden_and_counted(drafting: Office) -> None:
    drafting.plan("PER", "RT5", 0)
    drafting.agree()
    assert (len(seen(drafting).lines), seen(drafting).hidden) == (2, 1)


def test_each_method_is_chosen_by_line_and_taken_back_as_one_step(midyear: Office) -> None:
    for method in ("straight_line_months", "straight_line_days", "last_three"):
        choose(midyear, method)
        assert line(midyear).method == method
    choose(midyear, "excluding_one_offs")
    ytd = sum(SPENT["ASL", "RHA"])
    assert line(midyear).outturn_p == (ytd - 50_000) * 2 + 50_000
    midyear.alliance.desks["lead"].workspace.undo().result()
    assert line(midyear).method is Method.LAST_THREE


def test_a_forecast_by_hand_starts_from_the_one_before_and_needs_its_reason(
    midyear: Office,
) -> None:
    choose(midyear, "straight_line_months")
    before = line(midyear).outturn_p
    with pytest.raises(Refusal) as why:
        choose(midyear, "manual")
    assert why.value.field == "reason"
    choose(midyear, "manual", reason="Two beds open in M9", months_p=((9, 3_000_000),))
    now = line(midyear)
    assert (now.method, now.reason) == (Method.MANUAL, "Two beds open in M9")
    assert now.months_p is not None
    assert now.months_p[8] == 3_000_000
    assert before is not None
    assert sum(now.months_p) == before - 2_083_333 + 3_000_000
    midyear.share()
    assert line(midyear, desk="a") == now


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"method": "guess"}, "method_unknown", "method"),
        ({"method": "manual", "reason": " "}, "reason_missing", "reason"),
        (
            {"method": "manual", "reason": "x", "months_p": ((6, 1),)},
            "month_has_its_actual",
            "m6",
        ),
        ({"method": "manual", "reason": "x", "months_p": ((13, 1),)}, "month", "month"),
    ],
)
def test_what_cannot_be_chosen(
    half_year: Office, given: dict[str, object], code: str, field: str
) -> None:
    with pytest.raises(Refusal) as why:
        choose(half_year, **given)  # type: ignore[arg-type]
    assert (why.value.code, why.value.field) == (code, field)


def test_a_partner_reads_the_forecast_and_the_lead_makes_it(half_year: Office) -> None:
    wanted = f.ChooseForecasts(YEAR, (f.ForecastChoice(half_year.lines["ASL"], "RHA", "manual"),))
    with pytest.raises(Refusal, match="lead provider forecasts"):
        half_year.run(wanted, "a")


def test_last_month_moves_to_this_one_by_reasons_that_add_up(midyear: Office) -> None:
    midyear.run(f.KeepForecast(YEAR))
    assert seen(midyear).kept
    spend(midyear, 7, ASL=2_500_000)
    close(midyear, 7)
    moved = line(midyear)
    assert (seen(midyear).last, moved.moved_p) == (6, 500_000)
    assert line(midyear, "PER").moved_p == -100_000
    with pytest.raises(Refusal, match=r"£5,000\.00 of it has no reason, and"):
        midyear.run(f.KeepForecast(YEAR))
    with pytest.raises(Refusal, match=r"the other £1,000\.00") as why:
        explain(midyear, ("activity", 400_000))
    assert why.value.code == "movement_does_not_add_up"
    explain(midyear, ("activity", 300_000), ("new_package", 200_000))
    explain(midyear, ("activity", 500_000))
    assert [one.reason.value for one in line(midyear).movements] == ["activity"]
    others = seen(midyear).unexplained
    reasons = tuple(
        f.MovementReason(bytes(one.key.service_line), one.key.provider, "phasing")  # type: ignore[arg-type]
        for one in others
    )
    midyear.run(f.GiveReasons(YEAR, reasons))
    found = seen(midyear)
    assert not found.unexplained
    assert found.last_p is not None
    moved_p = sum(one.amount_p for each in found.lines for one in each.movements)
    assert found.last_p + moved_p == found.outturn_p, "I9"
    midyear.run(f.KeepForecast(YEAR))
    midyear.share()
    assert seen(midyear, "a").last == 6
    assert seen(midyear, "a").lines == found.lines


def test_taking_an_explanation_back_brings_the_earlier_one_again(midyear: Office) -> None:
    midyear.run(f.KeepForecast(YEAR))
    spend(midyear, 7, ASL=2_500_000)
    close(midyear, 7)
    explain(midyear, ("activity", 300_000), ("price", 200_000))
    explain(midyear, ("error", 500_000))
    midyear.alliance.desks["lead"].workspace.undo().result()
    assert {one.reason.value: one.amount_p for one in line(midyear).movements} == {
        "activity": 300_000,
        "price": 200_000,
    }


def test_before_anything_is_closed_a_run_rate_says_it_has_nothing_to_go_by(agreed: Office) -> None:
    choose(agreed, "straight_line_months", "PER")
    found = line(agreed, "PER")
    assert (found.outturn_p, found.variance, found.moved_p) == (None, None, None)
    assert seen(agreed).without == (found,)
    assert seen(agreed).outturn_p == 36_000_000
    with pytest.raises(Refusal, match="No month of 2026/27 is closed yet"):
        agreed.run(f.KeepForecast(YEAR))


def test_what_there_is_nothing_to_explain(half_year: Office) -> None:
    with pytest.raises(Refusal, match="nothing moved yet"):
        explain(half_year, ("activity", 1))


def test_thresholds_are_the_partners_setting(midyear: Office) -> None:
    asl = line(midyear)
    assert seen(midyear).rating(asl.variance) is Rating.AMBER
    midyear.run(SetPolicy("variance_amber_pct", "10"))
    midyear.run(SetPolicy("variance_red_pct", "20"))
    assert seen(midyear).rating(asl.variance) is Rating.GREEN


def test_risks_widen_the_outlook_until_they_are_closed(midyear: Office) -> None:
    add = f.AddRisk(YEAR, "risk", "Agency staff", 0, 100_000, 300_000, "50")
    row = midyear.made(add)
    save = f.AddRisk(YEAR, "opportunity", "Beds sold", 200_000, 50_000, 0, "20", owner="Estates")
    midyear.made(save)
    found = seen(midyear).outlook
    now = found.forecast_p
    assert (found.best_p, found.likely_p, found.worst_p, found.expected_p) == (
        now - 200_000,
        now + 50_000,
        now + 300_000,
        now + 40_000,
    )
    midyear.run(f.ChangeRisk(row, "Agency staff", 0, 100_000, 400_000, "50"))
    assert seen(midyear).outlook.worst_p == now + 400_000
    midyear.run(f.CloseRisk(row))
    assert seen(midyear).outlook.worst_p == now
    assert [one.open for one in seen(midyear).risks] == [True, False]
    with pytest.raises(Refusal, match="no name"):
        midyear.run(f.ChangeRisk(row, " ", 0, 0, 0, "50"))
    with pytest.raises(Refusal, match="not there"):
        midyear.run(f.CloseRisk(bytes(16)))


def test_a_forecast_that_was_kept_is_never_changed(midyear: Office) -> None:
    midyear.run(f.KeepForecast(YEAR))
    (version,) = midyear.ask(kept_versions, YEAR)
    kept = midyear.ask(kept_lines, version.row)[0]
    with pytest.raises(Refusal):
        midyear.alliance.desks["lead"].change(
            SetCells("forecast_line", kept.row, {"outturn_p": kept.outturn_p + 1})
        )
    choose(midyear, "straight_line_months")
    assert not seen(midyear).kept, "it is not what was kept any more"
    midyear.run(f.KeepForecast(YEAR))
    assert seen(midyear).kept
    assert [one.version for one in midyear.ask(kept_versions, YEAR)] == [1, 2]
    assert midyear.ask(kept_lines, version.row)[0] == kept


def test_no_partner_writes_the_leads_forecast(midyear: Office) -> None:
    choose(midyear, "last_three")
    midyear.share()
    row = line(midyear).row
    assert row is not None
    with pytest.raises(Refusal, match="no right to change this record"):
        midyear.alliance.desks["a"].change(SetCells("forecast", row, {"method": "manual"}))


def test_what_contracts_commit_stands_beside_the_actual_and_can_be_the_forecast(
    midyear: Office,
) -> None:
    april, march = dt.date(2026, 4, 1), dt.date(2027, 3, 31)
    terms = ContractTerms("B1", midyear.lines["ASL"], "RHA", "block", april, march, 30_000_000)
    midyear.run(AddContract(YEAR, terms))
    choose(midyear, "committed")
    asl = line(midyear)
    assert asl.committed_p == 15_000_000, "closed months have nothing left to come"
    assert asl.outturn_p == asl.ytd_p + 15_000_000


def test_a_budget_that_is_not_of_this_year_changes_nothing(half_year: Office) -> None:
    found = half_year.ask(outturn, "2031/32")
    assert (found.lines, found.outturn_p, sum(found.months_p)) == ((), 0, 0)
    assert PER_P
