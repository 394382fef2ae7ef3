"""Contracts of every form, what they commit, and what is refused of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from collabdesk.domain.budgets.ledger import LineKey
from collabdesk.domain.changes import Cell, Insert, NewRow, PostJournal
from collabdesk.errors import Refusal
from collabdesk.services.budgets.contracts.commitments import Commitment, commitments
from collabdesk.services.budgets.contracts.contract_board import contracts_board
from collabdesk.services.budgets.contracts.contract_commands import (
    AddContract,
    BillLine,
    ChangeContract,
    ContractTerms,
    CopyContracts,
    DeleteContract,
    Entry,
    Judged,
    JudgeQuality,
    PriceFrom,
    RecordActivity,
    RecordBills,
    RecordInvoice,
    RecordPaid,
    SetPrices,
)
from collabdesk.services.budgets.contracts.contracted import Contracted, contracted
from collabdesk.services.budgets.forecast.forecast_commands import ChooseForecasts, ForecastChoice
from collabdesk.services.budgets.planning.year_commands import KeepProvider, SetFiscalYear
from collabdesk.storage.queries.contracts import bills as bills_of
from collabdesk.storage.queries.contracts import contracts as contracts_of
from collabdesk.storage.queries.contracts import prices as prices_of
from collabdesk.storage.queries.contracts import quality_measures as measures_of
from tests.services.budgets.office import YEAR, Office

APRIL, MARCH = dt.date(2026, 4, 1), dt.date(2027, 3, 31)


def block(office: Office, reference: str, provider: str = "RP7", **cells: Any) -> ContractTerms:  # noqa: ANN401 - the terms of whatever form
    terms = ContractTerms(reference, office.lines["ASL"], provider, "block", APRIL, MARCH)
    return replace(terms, **({"annual_p": 12_000_000} | cells))


def made(office: Office, terms: ContractTerms) -> bytes:
    return office.made(AddContract(YEAR, terms))


def read(office: Office, row: bytes, desk: str = "lead") -> Contracted:
    found = office.ask(contracted, YEAR, desk=desk)
    return next(one for one in found if one.contract.row == row)


def committed(office: Office, provider: str) -> Commitment:
    key = LineKey(office.lines["ASL"], provider)
    return next(one for one in office.ask(commitments, YEAR) if one.key == key)


def test_a_contract_commits_its_months_and_is_read_by_the_partner(contracting: Office) -> None:
    row = made(contracting, block(contracting, "B1", starts=dt.date(2026, 4, 16), quality_bp=400))
    contracting.share()
    one = read(contracting, row, "a")
    assert one.plan_p == one.due_p
    assert sum(one.due_p) == 11_500_000
    assert one.due_p[2] == 960_000 + 100_000
    judged = (Judged("Care plans", 6_000, 10_000), Judged("Visits", 4_000, 5_000))
    contracting.run(JudgeQuality(row, 1, judged))
    assert read(contracting, row).due_p[2] == 960_000 + 80_000
    contracting.run(JudgeQuality(row, 1, (Judged("Care plans", 10_000),)))
    assert read(contracting, row).due_p == one.due_p


def test_nights_are_priced_by_the_list_and_frozen_activity_replaces_flex(
    contracting: Office,
) -> None:
    terms = block(contracting, "O1", form="obd", annual_p=0, planned=1_200)
    row = made(contracting, terms)
    missing = read(contracting, row)
    assert missing.why is not None
    assert missing.why.code == "no_price_in_force"
    prices = (PriceFrom("bed_days", APRIL, 60_000), PriceFrom("bed_days", dt.date(2026, 7, 1), 1))
    contracting.run(SetPrices(row, prices))
    contracting.run(SetPrices(row, (PriceFrom("bed_days", dt.date(2026, 7, 1), 62_000),)))
    plan = read(contracting, row).plan_p
    assert (plan[0], plan[3]) == (100 * 60_000, 100 * 62_000)
    contracting.run(RecordActivity((Entry(row, 1, "bed_days", 90, 8),)))
    assert read(contracting, row).due_p[0] == 90 * 60_000
    contracting.run(RecordActivity((Entry(row, 1, "bed_days", 93, 8),), "freeze"))
    one = read(contracting, row)
    assert (one.due_p[0], one.due_p[1:]) == (93 * 60_000, plan[1:])
    with pytest.raises(Refusal) as caught:
        contracting.run(RecordActivity((Entry(row, 1, "bed_days", 99, 8),)))
    assert caught.value.code == "frozen"


def test_bills_and_credit_notes_are_what_a_contract_by_case_costs(contracting: Office) -> None:
    terms = block(contracting, "C1", form="cost_per_case", annual_p=0, price_p=100_000, planned=12)
    row = made(contracting, terms)
    bills = (BillLine(1, "INV-7", 3, 100_000), BillLine(1, "CN-1", 1, -40_000, "INV-7"))
    contracting.run(RecordBills(row, bills))
    contracting.run(RecordBills(row, (BillLine(1, "inv-7", 4, 100_000),)))
    assert read(contracting, row).due_p == (360_000, *(100_000,) * 11)
    contracting.alliance.desks["lead"].workspace.undo().result()
    assert read(contracting, row).due_p[0] == 260_000
    bills = (BillLine(2, "CN-2", 1, -500, "INV-99"), BillLine(2, "CN-3", 1, -500))
    contracting.run(RecordBills(row, bills))
    board = contracting.ask(contracts_board, YEAR, contracting.alliance.desks["lead"].workspace.me)
    (line,) = (one for one in board.lines if one.contract.row == row)
    assert [bill.reference for bill in line.loose_credits] == ["CN-2", "CN-3"]
    with pytest.raises(Refusal, match="Bill cn-1 is recorded in M1 already") as caught:
        contracting.run(RecordBills(row, (BillLine(2, "cn-1", 1, -40_000),)))
    assert caught.value.field == "reference"
    (note,) = (bill.row for bill in contracting.ask(bills_of, YEAR) if bill.reference == "CN-1")
    contracting.run(RecordBills(row, (), (note,)))
    assert read(contracting, row).due_p[0] == 300_000


def test_a_commitment_is_let_go_as_spending_posts_to_it(contracting: Office) -> None:
    made(contracting, block(contracting, "X1", "RHA"))
    made(
        contracting,
        block(
            contracting,
            "X2",
            "RHA",
            form="package",
            price_p=2_374,
            staff=2,
            hours_per_day="22.5",
            on_cost_pct="6.5",
            annual_p=0,
            starts=dt.date(2026, 5, 1),
            ends=dt.date(2026, 5, 17),
        ),
    )
    before = committed(contracting, "RHA")
    assert before.committed_p[:3] == (1_000_000, 1_000_000 + 1_934_157, 1_000_000)
    assert before.outstanding_p == before.committed_p
    assert len(before.contracts) == 2
    spend(contracting, "RHA", 1, 400_000)
    spend(contracting, "RHA", 2, 9_000_000)
    after = committed(contracting, "RHA")
    assert after.committed_p == before.committed_p
    assert after.outstanding_p == (600_000, 0, *before.committed_p[2:])


def spend(office: Office, provider: str, month: int, amount_p: int) -> None:
    """Post an actual as the import of a trial balance does."""
    heading: dict[str, Cell] = {
        "fiscal_year": YEAR,
        "kind": "actual",
        "posting_month": month,
        "effective_month": month,
        "words": "Trial balance",
    }
    lead = office.alliance.desks["lead"].workspace.me().organisation
    header = Insert("journal", lead, heading, "journal")
    spent: dict[str, Cell] = {
        "journal": NewRow("journal"),
        "account": "spend",
        "amount_p": amount_p,
        "service_line": office.lines["ASL"],
        "provider": provider,
        "month": month,
    }
    paid: dict[str, Cell] = {
        "journal": NewRow("journal"),
        "account": "general_ledger",
        "amount_p": -amount_p,
    }
    lines = (Insert("journal_line", lead, spent), Insert("journal_line", lead, paid))
    office.alliance.desks["lead"].change(PostJournal(header, lines))


@pytest.mark.parametrize(
    ("cells", "field"),
    [
        ({"ends": dt.date(2026, 3, 31)}, "ends"),
        ({"starts": dt.date(2027, 4, 1), "ends": dt.date(2028, 3, 31)}, "starts"),
        ({"reference": " "}, "reference"),
        ({"form": "barter"}, "form"),
        ({"profile": "custom"}, "profile"),
        ({"annual_p": 0}, "annual_p"),
        ({"form": "block_tolerance", "planned": -1}, "planned"),
        ({"form": "block_tolerance", "planned": 600}, "price_p"),
        ({"within_pct": "3,5"}, "within_pct"),
        ({"quality_bp": 10_001}, "quality_bp"),
        ({"form": "package", "price_p": 1, "staff": 1, "hours_per_day": "25"}, "hours_per_day"),
        ({"threshold": -1}, "threshold"),
        ({"form": "package", "price_p": 1, "staff": 1}, "hours_per_day"),
        ({"annual_p": -1}, "annual_p"),
        ({"form": "obd", "planned": 9, "quality_bp": 1}, "quality_bp"),
        ({"form": "pass_through", "quality_bp": 400}, "quality_bp"),
        ({"terms_days": -1}, "terms_days"),
        ({"provider": "?"}, "provider"),
    ],
)
def test_terms_that_cannot_be_paid_are_refused_at_their_field(
    contracting: Office, cells: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as caught:
        contracting.run(AddContract(YEAR, replace(block(contracting, "No"), **cells)))
    assert caught.value.field == field


def test_what_does_not_go_with_a_contract_is_refused(contracting: Office) -> None:
    row = made(contracting, block(contracting, "R1"))
    paid = made(contracting, block(contracting, "R3", quality_bp=200))
    for command, code in (
        (AddContract(YEAR, block(contracting, "r1")), "contract_exists"),
        (RecordBills(row, (BillLine(1, "INV", 1, 1),)), "contract_contract"),
        (RecordActivity((Entry(row, 1, "cases", 4, 0),)), "people_missing"),
        (RecordActivity((Entry(row, 13, "cases", 4, 4),)), "month"),
        (RecordActivity((Entry(row, 1, "cases", 4, 4),), "melt"), "not_a_choice"),
        (RecordActivity((Entry(b"0" * 16, 1, "cases", 4, 4),)), "not_here"),
        (SetPrices(row, (PriceFrom("cases", APRIL, -1),)), "contract_price_p"),
        (SetPrices(row, (PriceFrom("cases", APRIL, 1),) * 2), "two_prices_one_day"),
        (JudgeQuality(row, 5, (Judged("a", 10_000),)), "contract_quarter"),
        (JudgeQuality(row, 1, (Judged("a", 10_000),)), "contract_quality"),
        (JudgeQuality(paid, 1, (Judged("a", 9_999),)), "shares_must_total_10000bp"),
    ):
        with pytest.raises(Refusal) as caught:
            contracting.run(command)
        assert caught.value.code == code
    with pytest.raises(Refusal) as caught:
        contracting.run(ChangeContract(row, block(contracting, "R1", annual_p=1)), "a")
    assert caught.value.code == "lead_only"
    contracting.run(ChangeContract(row, block(contracting, "R2", annual_p=24_000_000)))
    assert read(contracting, row).due_p[0] == 2_000_000


def test_contracts_are_carried_on_once_and_only_those_still_in_force(contracting: Office) -> None:
    first, following = "2030/31", "2031/32"
    start, end = dt.date(2030, 4, 1), dt.date(2031, 3, 31)

    def write(reference: str, **cells: Any) -> bytes:  # noqa: ANN401 - the terms of whatever form
        terms = block(contracting, reference, **({"starts": start, "ends": end} | cells))
        return contracting.made(AddContract(first, terms))

    beds = write("C-beds", form="block_tolerance", planned=100, price_p=1_000, annual_p=0)
    counts = write("C-counts", form="obd", planned=1_200, annual_p=0)
    write("C-over", ends=dt.date(2030, 9, 30))
    long = write("C-long", ends=dt.date(2033, 3, 31), quality_bp=400)
    days = (start, dt.date(2030, 7, 1), dt.date(2031, 7, 1))
    prices = tuple(PriceFrom("bed_days", day, 60_000 + n) for n, day in enumerate(days))
    contracting.run(SetPrices(counts, prices))
    contracting.run(JudgeQuality(long, 1, (Judged("Care plans", 10_000, 7_000),)))
    with pytest.raises(Refusal) as refused:
        contracting.run(CopyContracts(following, uplift=True))
    assert refused.value.field == "uplift"
    contracting.run(SetFiscalYear(following, "additive", "4", "2"))
    done = contracting.run(CopyContracts(following, uplift=True))
    assert "3 contracts carried on" in done.words
    assert contracting.run(CopyContracts(following)).words.endswith("nothing changes")
    now = {one.reference: one for one in contracting.ask(contracts_of, following)}
    assert sorted(now) == ["C-beds", "C-counts", "C-long"]
    assert (now["C-beds"].price_p, now["C-beds"].annual_p) == (1_020, 102_000)
    assert (now["C-long"].starts, now["C-long"].ends) == (start, dt.date(2033, 3, 31))
    assert [(one.starts, one.price_p) for one in contracting.ask(prices_of, following)] == [
        (dt.date(2031, 4, 1), 61_201),
        (dt.date(2031, 7, 1), 60_002),
    ]
    assert [one.achieved_bp for one in contracting.ask(measures_of, following)] == [None]
    workspace = contracting.alliance.desks["lead"].workspace
    workspace.undo().result()
    assert contracting.ask(contracts_of, following) == ()

    # What nothing rests on is deleted, and comes back; what was judged, counted or paid stays.
    contracting.run(DeleteContract(beds))
    assert beds not in {one.row for one in contracting.ask(contracts_of, first)}
    workspace.undo().result()
    assert beds in {one.row for one in contracting.ask(contracts_of, first)}
    said = {"judged": long}
    said["is frozen"] = write("C-frozen", form="obd", planned=10, annual_p=0)
    contracting.run(SetPrices(said["is frozen"], (PriceFrom("bed_days", start, 100),)))
    contracting.run(RecordActivity((Entry(said["is frozen"], 2, "bed_days", 300, 30),), "freeze"))
    said["1 bill"] = write("C-billed", form="cost_per_case", price_p=5, annual_p=0)
    contracting.run(RecordBills(said["1 bill"], (BillLine(1, "INV-1", 1, 500),)))
    said["is paid"] = write("C-paid")
    invoice = RecordInvoice(first, 1, "RHA", "RP7", "P-1", 7_000, start, contract=said["is paid"])
    contracting.run(RecordPaid((contracting.made(invoice),), start))
    for why, row in said.items():
        with pytest.raises(Refusal, match=why) as stands:
            contracting.run(DeleteContract(row))
        assert stands.value.code == "contract_stands"


def test_once_providers_are_listed_contracts_and_forecasts_are_with_them(agreed: Office) -> None:
    """A code nobody listed is a slip, as in a plan."""
    agreed.run(KeepProvider("RP7", "Lincolnshire Partnership"))
    line = agreed.lines["ASL"]
    commands = (
        AddContract(YEAR, block(agreed, "U1", "RP8")),
        ChangeContract(made(agreed, block(agreed, "U2")), block(agreed, "U2", "RP8")),
        ChooseForecasts(YEAR, (ForecastChoice(line, "RP8", "budget_remaining"),)),
    )
    for command in commands:
        with pytest.raises(Refusal, match="Did you mean RP7") as caught:
            agreed.run(command)
        assert (caught.value.code, caught.value.field) == ("unknown_provider", "provider")
