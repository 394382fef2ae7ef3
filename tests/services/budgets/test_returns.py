"""A partner's month against the ledger: matched, queried, answered, and adding up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from collabdesk.domain.budgets.actuals import SourceRow
from collabdesk.domain.budgets.reconciliation import Match
from collabdesk.errors import Refusal
from collabdesk.services.budgets.actuals.actuals_commands import ImportTrialBalance, MapCode
from collabdesk.services.budgets.actuals.file_reading import Account
from collabdesk.services.budgets.returns.reconciling import (
    NO_REFERENCE,
    ReconBoard,
    ReconLine,
    Wanted,
    counts,
    recon_board,
    settled_of,
)
from collabdesk.services.budgets.returns.return_reading import read_partner_return, template
from collabdesk.services.budgets.returns.returns_commands import (
    AnswerQuery,
    AskPartner,
    ImportReturn,
    MatchReferences,
    Returned,
    SettleQuery,
    SetTolerance,
    Unmatch,
)
from collabdesk.services.needs import needs
from collabdesk.storage.queries import returns as stored
from tests.exchange.books import book_of
from tests.services.budgets.office import YEAR, Office
from tests.support.alliance import found_alliance

LEDGER = {"K1": 4_076_369, "K2": 9_375_740, "K3": 4_466_202, "K5": 1_000_000, "K6": 500_000}
RETURN = {"K1": 4_076_369, "K2": 9_357_740, "K4": 250_000, "K5": 1_000_001, "K6": 500_000}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One alliance for the file: each test has a month of its own."""
    alliance = found_alliance(tmp_path_factory.mktemp("returns"), ("a",))
    made = Office(alliance)
    made.begin()
    made.plan("ASL", "RP7", 24_000_000)
    made.agree()
    for centre, provider in (("C1", "RP7"), ("C2", "RHA")):
        made.run(MapCode("GL", YEAR, 1, centre, "", made.lines["ASL"], provider))
    made.share()
    yield made
    alliance.close()


def spend(office: Office, month: int, amounts: dict[str, int]) -> None:
    rows = tuple(
        SourceRow(n, "C1", "5210", month, p, "" if key == NO_REFERENCE else key)
        for n, (key, p) in enumerate(amounts.items(), start=2)
    )
    rows = (*rows, SourceRow(99, "C2", "5210", month, 7, "other provider"))
    digest = sha256(repr(rows).encode()).digest()
    total_p = sum(row.amount_p for row in rows)
    office.run(ImportTrialBalance("GL", digest, "GL", YEAR, month, rows, total_p))


def give(
    office: Office, month: int, amounts: dict[str, int], desk: str = "a", partner: str = "RP7"
) -> str:
    items = tuple(Returned(n, key, p) for n, (key, p) in enumerate(amounts.items(), start=2))
    digest = sha256(repr(items).encode()).digest()
    return office.run(ImportReturn("Return.xlsx", digest, partner, YEAR, month, items), desk).words


def board(office: Office, month: int, desk: str = "lead", partner: str = "RP7") -> ReconBoard:
    who = office.alliance.desks[desk].workspace.me
    return office.ask(recon_board, who, YEAR, Wanted(month, partner), desk=desk)


def lines(found: ReconBoard) -> dict[str, ReconLine]:
    return {line.item.key: line for line in found.lines}


def test_the_worked_case_on_two_laptops(office: Office) -> None:
    """FIN-35, and I11 on the way."""
    spend(office, 1, LEDGER)
    assert give(office, 1, RETURN) == "Return of RP7 for M1 Apr 2026: £151,841.10"
    office.share()
    office.run(SetTolerance(YEAR, 1, "RP7", 100))
    found = board(office, 1)
    assert {key: line.item.match for key, line in lines(found).items()} == {
        "K1": Match.MATCHED,
        "K2": Match.TRANSPOSITION_SUSPECT,
        "K3": Match.MISSING_IN_RETURN,
        "K4": Match.MISSING_IN_LEDGER,
        "K5": Match.WITHIN_TOLERANCE,
        "K6": Match.MATCHED,
    }
    assert sum(line.item.difference_p for line in found.lines) == found.found.difference_p
    assert (found.found.ledger_p, found.found.return_p) == (19_418_311, 15_184_110)
    assert (found.unsettled, found.partners) == (3, ("RP7",))
    assert office.ask(counts, YEAR, 1)[Match.MATCHED] == 2
    assert office.ask(settled_of, YEAR, 1) == (3, 6)
    assert board(office, 1, "a", "").partner == "RP7"


def test_two_references_are_matched_by_hand_and_taken_apart(office: Office) -> None:
    spend(office, 2, {"PO 77": 500, "K1": 10})
    give(office, 2, {"77": 300, "78": 200, "K1": 10})
    office.share()
    office.run(MatchReferences(YEAR, 2, "RP7", "PO 77", "77"))
    assert lines(board(office, 2))["PO 77"].item.difference_p == 200
    office.run(MatchReferences(YEAR, 2, "RP7", "PO 77", "78"))
    found = lines(board(office, 2))
    assert found.keys() == {"PO 77", "K1"}
    assert found["PO 77"].item.match is Match.MATCHED
    (match, reference), (second, _) = found["PO 77"].matched
    assert reference == "77"
    office.run(Unmatch(second))
    for one, other, code in (
        ("K1", "78", "matched_already"),
        ("PO 77", "K1", "matched_already"),
        ("PO 77", "77", "not_here"),
        ("?", "78", "not_here"),
    ):
        with pytest.raises(Refusal) as refused:
            office.run(MatchReferences(YEAR, 2, "RP7", one, other))
        assert refused.value.code == code
    office.run(Unmatch(match))
    assert lines(board(office, 2)).keys() == {"PO 77", "77", "78", "K1"}
    with pytest.raises(Refusal):
        office.run(Unmatch(match))


def test_a_query_goes_to_the_partner_and_its_answer_comes_back(office: Office) -> None:
    spend(office, 3, {"K1": 500})
    give(office, 3, {"K1": 900})
    office.share()
    office.run(AskPartner(YEAR, 3, "RP7", "K1", "Is £9 right?"))
    office.share()
    asked = lines(board(office, 3, "a"))["K1"].query
    assert asked is not None
    assert (asked.question, asked.settled, asked.stale) == ("Is £9 right?", False, False)
    theirs = office.alliance.desks["a"].workspace
    (need,) = [one for one in office.ask(needs, theirs, desk="a").mine if one.kind == "query"]
    assert (need.title, need.place) == ("Answer a query about K1", ("return_query", asked.row))
    found = office.ask(recon_board, theirs.me, YEAR, Wanted(record=asked.row), desk="a")
    assert (found.month, found.partner, found.reference) == (3, "RP7", "K1")
    office.run(AnswerQuery(asked.row, "No, it is £5."), "a")
    assert "query" not in {one.kind for one in office.ask(needs, theirs, desk="a").mine}
    office.share()
    answered = lines(board(office, 3))["K1"]
    assert answered.query is not None
    assert [text for text, _ in answered.query.answers] == ["No, it is £5."]
    assert not answered.settled
    office.run(SettleQuery(asked.row))
    assert lines(board(office, 3))["K1"].settled
    spend(office, 3, {"K1": 600})
    late = lines(board(office, 3))["K1"]
    assert late.query is not None
    assert late.query.stale
    assert not late.settled
    office.run(SettleQuery(asked.row, settled=False))


def test_a_corrected_return_takes_the_place_of_the_earlier_and_is_one_step(office: Office) -> None:
    give(office, 4, {"K1": 1, "K2": 2})
    assert "nothing changes" in give(office, 4, {"K1": 1, "K2": 2})
    give(office, 4, {"K1": 5})
    desk = office.alliance.desks["a"].workspace

    def standing() -> dict[str, int]:
        found = board(office, 4, "a")
        return {item.reference: item.amount_p for item in found.items}

    assert standing() == {"K1": 5}
    desk.undo().result()
    assert standing() == {"K1": 1, "K2": 2}
    desk.redo().result()
    assert standing() == {"K1": 5}
    assert len([one for one in office.ask(stored.returns, YEAR, desk="a") if one.month == 4]) == 1


def test_the_partners_own_return_counts_before_the_leads_copy(office: Office) -> None:
    give(office, 5, {"K1": 1})
    office.share()
    give(office, 5, {"K1": 2}, "lead")
    assert lines(board(office, 5))["K1"].item.return_p == 1


def test_rows_without_a_reference_are_one_item_and_what_cancels_out_is_not_missed(
    office: Office,
) -> None:
    rows = (
        SourceRow(2, "C1", "1", 6, 50, ""),
        SourceRow(3, "C1", "1", 6, 70, "gone"),
        SourceRow(4, "C1", "2", 6, -70, "gone"),
    )
    digest = b"6" * 32
    office.run(ImportTrialBalance("GL", digest, "GL", YEAR, 6, rows, 50, transactions=True))
    assert lines(board(office, 6)).keys() == {"C1 1"}


def account(office: Office, path: Path, desk: str = "lead", **answers: str) -> Account:
    workspace = office.alliance.desks[desk].workspace
    return read_partner_return(workspace.database.read, workspace.me(), YEAR, path, answers)


def test_the_sheet_of_a_return_is_chosen_and_about_is_none(office: Office, tmp_path: Path) -> None:
    head = ("Reference", "Amount")
    path = tmp_path / "return.xlsx"
    path.write_bytes(
        book_of({"Notes": [("Hello",)], "May": [head, ("S1", 5)], "June": [head, ("S1", 7)]})
    )
    said = {"partner": "RP7", "month": "9"}
    first = account(office, path, **said)
    assert (first.asked[0].key, first.asked[0].value) == ("sheet", "May")
    assert "£5.00" in first.said[0]
    office.run(first.command)
    assert account(office, path, **said).again
    june = account(office, path, **said, sheet="June")
    assert ("£7.00" in june.said[0], june.again) == (True, "")
    office.run(june.command)
    assert account(office, path, **said, sheet="June").again
    wrong = account(office, path, **said, sheet="Notes")
    assert ([one.open for one in wrong.asked], wrong.command) == ([True], None)
    path.write_bytes(book_of({"Return": [head, ("S1", 5)], "About": [("Partner", "RP7")]}))
    assert [one.key for one in account(office, path, month="9").asked] == ["partner", "month"]


def test_the_template_is_written_filled_in_and_read_by_the_application(
    office: Office, tmp_path: Path
) -> None:
    from openpyxl import load_workbook

    name, content = template("RP7", YEAR, 7, "East Midlands Alliance")
    path = tmp_path / name
    path.write_bytes(content)
    empty = account(office, path)
    assert empty.command is None
    assert empty.said[-1].startswith("There is nothing to bring in: enter a reference")
    filled = load_workbook(path)
    filled["Return"].append([])
    sheet = filled["Return"]
    sheet["A2"], sheet["B2"], sheet["C2"] = "INV 1", "Beds", 12.5
    filled.save(path)
    dry = account(office, path, "a")
    assert [one.value for one in dry.asked] == ["RP7", "7"]
    office.run(dry.command, "a")
    assert lines(board(office, 7, "a"))["INV 1"].item.return_p == 1_250
    assert account(office, path, "a").again
    csv = tmp_path / "b.csv"
    csv.write_text("Reference,Amount\nINV 1,13\nINV 2,x\n", "utf-8")
    assert [one.key for one in account(office, csv).asked if one.open] == ["partner", "month"]
    ready = account(office, csv, "a", month="7")
    assert ready.said[-1] == f"It takes the place of {name}."
    assert ready.told[0].where == "Row 3, Amount"
    assert account(office, csv, partner="?").asked[0].hint.startswith("“?” is not an ODS code")


def test_what_a_return_says_of_itself_is_asked_or_refused_where_it_was_changed(
    office: Office, tmp_path: Path
) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "return.xlsx"

    def changed(**about: str | dt.date) -> Path:
        _, content = template("RP7", YEAR, 10, "East Midlands Alliance")
        path.write_bytes(content)
        book = load_workbook(path)
        book.create_sheet("Cover", 0)["A1"] = "From our finance team"
        book["Return"]["A2"], book["Return"]["C2"] = "INV 1", 12.5
        for place, value in about.items():
            book["About"][place] = value
        book.save(path)
        return path

    same = account(office, changed())
    assert {one.key: one.value for one in same.asked} == {
        "sheet": "Return",
        "partner": "RP7",
        "month": "10",
    }
    assert (same.brought, same.command is not None) == (1, True)
    assert account(office, changed(B5=dt.date(2027, 1, 1))).asked == same.asked
    for place, said, key in (("B3", "??", "partner"), ("B3", "", "partner"), ("B5", "", "month")):
        found = account(office, changed(**{place: said}))
        assert ([one.key for one in found.asked if one.open], found.command) == ([key], None)
    renamed = load_workbook(changed())
    renamed["Return"]["C1"] = "Betrag"
    renamed.save(path)
    (asked,) = account(office, path).asked
    assert "row 1 of “Return” has the column “Reference”" in asked.hint
    assert (asked.key, asked.value, asked.open) == ("sheet", "Return", True)
    other = account(office, changed(B4="2025/26", B5="M10 Jan 2026"))
    assert other.said[-1] == "It is a return of 2025/26; you are looking at 2026/27."
    for place, said in (("B4", "2025/26"), ("B5", "M10 Jan 2026"), ("B5", "M13"), ("B4", "last")):
        with pytest.raises(Refusal) as refused:
            account(office, changed(**{place: said}))
        assert refused.value.remedy
    theirs = account(office, changed(B3="RHA"), "a")
    with pytest.raises(Refusal, match="This is a return of RHA; you act for RP7"):
        office.run(theirs.command, "a")


@pytest.mark.parametrize(
    ("amounts", "desk", "partner", "code"),
    [
        ({}, "a", "RP7", "no_rows"),
        ({"K": 1}, "a", "RHA", "not_yours"),
        ({"K": 1}, "lead", "?", "ods_code"),
        ({str(n): 1 for n in range(2_001)}, "a", "RP7", "too_many_rows"),
    ],
)
def test_a_return_that_cannot_be_kept_is_refused(
    office: Office, amounts: dict[str, int], desk: str, partner: str, code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        give(office, 8, amounts, desk, partner)
    assert refused.value.code == code


def test_only_the_lead_matches_and_asks_and_only_whom_it_concerns_answers(office: Office) -> None:
    nobody = b"?" * 16
    for command in (
        MatchReferences(YEAR, 9, "RP7", "a", "b"),
        SetTolerance(YEAR, 9, "RP7", 1),
        AskPartner(YEAR, 9, "RP7", "K1", "Why?"),
        SettleQuery(nobody),
        Unmatch(nobody),
    ):
        with pytest.raises(Refusal) as refused:
            office.run(command, "a")
        assert refused.value.code == "lead_only"
    for wrong in (
        AskPartner(YEAR, 9, "RP7", "K1", "Why?"),
        SettleQuery(nobody),
        AnswerQuery(nobody, "Because."),
        SetTolerance(YEAR, 9, "RP7", -1),
    ):
        with pytest.raises(Refusal):
            office.run(wrong)
    spend(office, 9, {"K1": 1})
    with pytest.raises(Refusal, match="asks nothing"):
        office.run(AskPartner(YEAR, 9, "RP7", "K1", " "))
    office.run(AskPartner(YEAR, 9, "RHA", "other provider", "Ours?"))
    (asked,) = office.ask(stored.queries, YEAR, 9, "RHA")
    office.share()
    with pytest.raises(Refusal, match="return of RHA"):
        office.run(AnswerQuery(asked.row, "No."), "a")
    with pytest.raises(Refusal, match="says nothing"):
        office.run(AnswerQuery(asked.row, " "))
