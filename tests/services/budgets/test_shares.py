"""Risk and gain share: versions, bases, caps, and statements that only their readers open."""

from __future__ import annotations

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.budgets.forecast import forecast_commands as f
from collabdesk.services.budgets.forecast.outturn import outturn
from collabdesk.services.budgets.shares import share_commands as c
from collabdesk.services.budgets.shares.share_position import SharePosition, share_position
from tests.services.budgets.office import OPENING_P, YEAR, Office


def org(office: Office, desk: str) -> bytes:
    return office.alliance.desks[desk].workspace.me().organisation


def terms(
    office: Office, *shares: int | None, caps: tuple[int | None, ...] = ()
) -> tuple[c.PartnerTerms, ...]:
    limits = caps or (None,) * len(shares)
    desks = ("lead", "a", "b")
    return tuple(
        c.PartnerTerms(org(office, desk), share, None, cap)
        for desk, share, cap in zip(desks, shares, limits, strict=False)
    )


def record(office: Office, *shares: int | None, **given: object) -> None:
    caps = given.pop("caps", ())
    asked: dict[str, object] = {
        "fiscal_year": YEAR,
        "name": "2026/27",
        "effective_month": 1,
        "collar_pct": "0.5",
        "cap_pct": "3",
        "partners": terms(office, *shares, caps=caps),  # type: ignore[arg-type]
    }
    office.run(c.AddShareAgreement(**(asked | given)))  # type: ignore[arg-type]


def seen(office: Office, desk: str = "lead") -> SharePosition:
    opener = office.alliance.desks[desk].workspace.opener()
    return office.ask(share_position, opener, YEAR, desk=desk)


def issue(office: Office) -> None:
    office.run(c.IssueStatements(YEAR, tuple(line.terms for line in seen(office).agreements)))


def overspend(office: Office, amount_p: int) -> None:
    """Forecast an overspend of the year, to the penny."""
    now = office.ask(outturn, YEAR)
    extra = amount_p + now.budget_p - now.outturn_p
    line = next(one for one in now.lines if one.code == "ASL" and one.key.provider == "RHA")
    assert line.months_p is not None
    wanted = f.ForecastChoice(
        office.lines["ASL"], "RHA", "manual", "Beds", ((12, line.months_p[11] + extra),)
    )
    office.run(f.ChooseForecasts(YEAR, (wanted,)))


def test_a_loss_goes_through_collar_caps_and_a_fixed_point_and_the_rest_stays_in_sight(
    midyear: Office,
) -> None:
    record(midyear, 5_000, 3_000, 2_000, caps=(None, 100_000, 400_000))
    overspend(midyear, 1_500_000)
    found = seen(midyear)
    assert found.shared is not None
    assert found.result_p == -1_500_000
    assert found.shared.collar_p == -500_000, "0.5 % of £1,000,000"
    assert found.shared.band_p == -1_000_000
    assert list(found.shared.partners.values()) == [-642_857, -100_000, -257_143]
    assert found.exposure_p == -500_000
    capped = terms(midyear, 5_000, 3_000, 2_000, caps=(300_000, 100_000, 50_000))
    midyear.run(c.RemoveShareAgreement(found.agreements[0].row))
    record(midyear, partners=capped)
    again = seen(midyear).shared
    assert again is not None
    assert list(again.partners.values()) == [-300_000, -100_000, -50_000]
    assert (again.unabsorbed_p, seen(midyear).exposure_p) == (-550_000, -1_050_000)
    assert sum(again.partners.values()) + again.unabsorbed_p == again.band_p, "I10"


def test_a_partner_joins_in_mid_year_with_a_version_of_its_own(midyear: Office) -> None:
    record(midyear, 6_000, 4_000, collar_pct="0", cap_pct="100")
    joined = terms(midyear, 5_000, 3_000, 2_000)
    record(
        midyear, partners=joined, name="With b", effective_month=7, collar_pct="0", cap_pct="100"
    )
    overspend(midyear, 900_000)
    found = seen(midyear)
    assert [(line.first, line.last) for line in found.agreements] == [(1, 6), (7, 12)]
    shared = found.shared
    assert shared is not None
    early, late = shared.parts
    assert early.shared.result_p + late.shared.result_p == -900_000
    assert early.of(org(midyear, "b")) == 0
    assert shared.partners[org(midyear, "b")] == late.shared.partners_p[2] != 0


def test_a_statement_is_read_by_its_partner_and_the_lead_and_by_nobody_else(
    midyear: Office,
) -> None:
    record(midyear, 5_000, 3_000, 2_000, caps=(None, 100_000, None))
    overspend(midyear, 1_500_000)
    issue(midyear)
    midyear.share()
    lead, mine = seen(midyear).statements, seen(midyear, "a").statements
    assert {one.partner.ods: one.share_p for one in lead} == {
        "RHA": -642_857,
        "RP7": -100_000,
        "RT5": -257_143,
    }
    shown = {one.partner.ods: one for one in mine}
    assert (shown["RP7"].share_p, shown["RP7"].share_bp) == (-100_000, 3_000)
    assert shown["RP7"].beyond_cap_p == -200_000
    assert "30.00 % of −£10,000.00 is −£1,000.00." in shown["RP7"].statement.replace("-", "−")
    assert "keeps £2,000.00 of the loss" in shown["RP7"].statement
    for other in ("RHA", "RT5"):
        assert (shown[other].share_p, shown[other].share_bp, shown[other].statement) == (
            None,
            None,
            "",
        )
        assert shown[other].words.startswith("Sealed for")
    assert seen(midyear, "a").shared is None, "it cannot read the others' terms"
    (agreement,) = seen(midyear, "a").agreements
    assert [line.share_bp for line in agreement.partners] == [None, 3_000, None]
    for desk in midyear.alliance.desks.values():
        files = [path for path in desk.workspace.folder.rglob("*") if path.is_file()]
        assert all(b"of the loss from you" not in path.read_bytes() for path in files)


def test_statements_made_again_supersede_and_the_first_are_still_there(midyear: Office) -> None:
    record(midyear, 5_000, 5_000, collar_pct="0")
    issue(midyear)
    overspend(midyear, 200_000)
    issue(midyear)
    made = seen(midyear).statements
    assert [(one.issue, one.newest) for one in made] == [
        (2, True),
        (2, True),
        (1, False),
        (1, False),
    ]
    with pytest.raises(Refusal, match="Statements were made by"):
        midyear.run(c.RemoveShareAgreement(seen(midyear).agreements[0].row))
    midyear.alliance.desks["lead"].workspace.undo().result()
    assert [one.issue for one in seen(midyear).statements] == [1, 1]


def test_shares_follow_the_budgets_the_ledger_holds(midyear: Office) -> None:
    record(midyear, None, None, basis="budget")
    (agreement,) = seen(midyear).agreements
    assert [line.share_bp for line in agreement.partners] == [8_571, 1_429]
    assert [line.weight for line in agreement.partners] == [36_000_000, 6_000_000]


def test_the_whole_envelope_shares_what_no_line_was_given_too(midyear: Office) -> None:
    record(midyear, 5_000, 5_000, collar_pct="0", cap_pct="100", result="envelope")
    now = midyear.ask(outturn, YEAR)
    assert seen(midyear).result_p == OPENING_P - now.outturn_p


@pytest.mark.parametrize(
    ("shares", "given", "code", "field"),
    [
        ((5_000, 4_999), {}, "shares_must_total_10000bp", "shares_bp"),
        ((10_001, -1), {}, "negative_share", "row2.share_bp"),
        ((5_000, None), {}, "row_without_share", "row2.share_bp"),
        ((5_000, 5_000), {"basis": "performance"}, "row_without_weight", "row1.weight"),
        ((5_000, 5_000), {"caps": (None, -1)}, "negative_cap", "row2.cap_p"),
        ((5_000, 5_000), {"collar_pct": "4"}, "collar_above_cap", "collar_pct"),
        ((5_000, 5_000), {"basis": "luck"}, "not_a_choice", "basis"),
        ((5_000, 5_000), {"result": "luck"}, "not_a_choice", "result"),
        ((5_000, 5_000), {"effective_month": 13}, "month", "month"),
        ((5_000, 5_000), {"name": " "}, "name_missing", "name"),
        ((), {}, "no_partners", "partners"),
        (
            (5_000, 5_000),
            {"partners": (c.PartnerTerms(bytes(16), 10_000),)},
            "unknown_partner",
            "row1.partner",
        ),
    ],
)
def test_what_is_no_agreement(
    half_year: Office, shares: tuple[int, ...], given: dict[str, object], code: str, field: str
) -> None:
    with pytest.raises(Refusal) as why:
        record(half_year, *shares, **given)
    assert (why.value.code, why.value.field) == (code, field)


def test_what_is_refused_of_statements(midyear: Office) -> None:
    with pytest.raises(Refusal, match="No share agreement is recorded"):
        issue(midyear)
    record(midyear, 5_000, 5_000)
    read = tuple(line.terms for line in seen(midyear).agreements)
    with pytest.raises(Refusal, match="holds from M1 already"):
        record(midyear, 5_000, 5_000)
    midyear.run(c.RemoveShareAgreement(seen(midyear).agreements[0].row))
    record(midyear, 6_000, 4_000)
    with pytest.raises(Refusal, match="changed after these terms were read"):
        midyear.run(c.IssueStatements(YEAR, read))
    with pytest.raises(Refusal, match="lead provider makes"):
        midyear.run(c.IssueStatements(YEAR, ()), "a")
