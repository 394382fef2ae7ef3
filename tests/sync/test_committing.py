"""A laptop's own commands: drafted from names, judged as a stranger's, sealed when full."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from collabdesk.domain.changes import (
    OWN,
    Approve,
    Cell,
    Delete,
    Insert,
    NewRow,
    PostJournal,
    Resolve,
    SetCells,
    Undelete,
    Withdraw,
)
from collabdesk.errors import NotPossible, Refusal
from collabdesk.sync import codec
from collabdesk.sync import segment as segments
from collabdesk.sync.engine.committing import FULL_OPERATIONS, MOST_BYTES
from tests.support.bench import Bench, bench
from tests.support.exchange import LINE
from tests.support.paper_alliance import PaperAlliance, Written, amount, fixed, plan_line

HEADER = Insert(
    "journal",
    OWN,
    {
        "fiscal_year": "2026/27",
        "kind": "opening",
        "posting_month": 1,
        "effective_month": 1,
        "words": "x",
    },
    key="header",
)


def ledger_line(pence: int) -> Insert:
    cells: dict[str, Cell] = {"journal": NewRow("header"), "account": "envelope", "amount_p": pence}
    return Insert("journal_line", OWN, cells)


@pytest.fixture
def alliance() -> PaperAlliance:
    return PaperAlliance("a", "b")


@pytest.fixture
def lead(alliance: PaperAlliance) -> Iterator[Bench]:
    with bench(alliance, alliance["lead"]) as made:
        yield made


def outbox(made: Bench) -> list[segments.Segment]:
    return [segments.read(file) for _, file in made.replica.outbox()]


def test_what_is_committed_is_what_others_accept(alliance: PaperAlliance, lead: Bench) -> None:
    row = lead.engine.commit([LINE]).new_rows["line"]
    lead.engine.commit([SetCells("plan_line", row, {"m1": 5, "m2": None})])
    assert lead.engine.seal() is not None
    (sealed,) = outbox(lead)
    with bench(alliance) as other:
        other.receive(Written(lead.replica.outbox()[0][1], sealed.id, sealed.header))
        assert (other.root, other.digests()) == (lead.root, lead.digests())


def test_nothing_to_commit_signs_nothing(lead: Bench) -> None:
    assert lead.engine.commit([]).changed == {}
    assert lead.engine.seal() is None
    assert outbox(lead) == []


def test_an_open_segment_is_sealed_before_anything_is_taken_in(
    alliance: PaperAlliance, lead: Bench
) -> None:
    lead.engine.commit([LINE])
    first = alliance["a"].write(plan_line(1))
    lead.receive(first)
    lead.engine.commit([LINE])
    lead.engine.seal()
    one, two = outbox(lead)
    assert (one.header.parents, two.header.parents) == ((), (first.place,))
    assert (two.header.seq, two.header.prev, two.header.lamport) == (2, one.id, 2)


def test_an_open_segment_is_judged_again_by_a_rebuild(lead: Bench) -> None:
    row = lead.engine.commit([LINE]).new_rows["line"]
    lead.engine.commit([SetCells("plan_line", row, {"m1": 5})])
    before = (lead.root, lead.digests())
    lead.engine.rebuild()
    assert (lead.root, lead.digests()) == before


def test_a_journal_follows_the_one_before(lead: Bench) -> None:
    for pence in (5, 7):
        lead.engine.commit([PostJournal(HEADER, (ledger_line(pence), ledger_line(-pence)))])
    posts = lead.connection.exec_driver_sql("SELECT number FROM post ORDER BY number").all()
    assert [number for (number,) in posts] == [1, 2]
    source = lead.engine.commit([LINE]).new_rows["line"]
    posted = PostJournal(HEADER, (ledger_line(1), ledger_line(-1)), ("plan_line", source))
    lead.engine.commit([posted])
    with pytest.raises(Refusal, match="journal out of order") as refused:
        lead.engine.commit([posted])
    assert refused.value.code == "verdict-33"


@pytest.mark.parametrize("lines", [(), (5,), (5, -4)])
def test_a_journal_that_does_not_balance_is_not_made(lead: Bench, lines: tuple[int, ...]) -> None:
    with pytest.raises(Refusal, match="does not balance to nil"):
        lead.engine.commit([PostJournal(HEADER, tuple(ledger_line(p) for p in lines))])


def test_another_laptop_posts_nothing(alliance: PaperAlliance) -> None:
    with bench(alliance, alliance["a"]) as made:
        journal = PostJournal(HEADER, (ledger_line(5), ledger_line(-5)))
        with pytest.raises(Refusal, match="does not keep the ledger") as refused:
            made.engine.commit([journal])
        assert "administrator" in refused.value.remedy


def test_what_one_has_no_right_to_is_refused_with_a_remedy(
    alliance: PaperAlliance, lead: Bench
) -> None:
    insert = Insert(
        "service_line", alliance["a"].org, {"code": "A", "name": "B", "kind": "service"}
    )
    with pytest.raises(Refusal, match="no right to change this record"):
        lead.engine.commit([insert])
    assert outbox(lead) == []


def two_figures(alliance: PaperAlliance, lead: Bench) -> bytes:
    first = alliance["a"].write(plan_line(1))
    dot = first.dot(0)
    one = alliance["b"].write(amount(first.row(0), 2, dot), after=[first])
    two = alliance["a"].write(amount(first.row(0), 3, dot))
    lead.receive(first, one, two)
    return first.row(0)


def test_a_contested_figure_is_settled_not_overtyped(alliance: PaperAlliance, lead: Bench) -> None:
    row = two_figures(alliance, lead)
    for change in (SetCells("plan_line", row, {"m1": 5}), Approve("plan_line", row, ("m1",))):
        with pytest.raises(Refusal) as refused:
            lead.engine.commit([change])
        assert refused.value.code == "contested"
    resolve = Resolve("plan_line", row, "m1", 5, "The letter says so.")
    lead.engine.commit([resolve])
    assert lead.live(row, 11) == {5}
    with pytest.raises(Refusal, match="no longer contested"):
        lead.engine.commit([resolve])


def test_what_is_not_there_cannot_be_taken_back(lead: Bench) -> None:
    row = lead.engine.commit([LINE]).new_rows["line"]
    for change, code in (
        (Undelete("plan_line", row), "not-deleted"),
        (Withdraw("plan_line", row), "no-approval"),
    ):
        with pytest.raises(Refusal) as refused:
            lead.engine.commit([change])
        assert refused.value.code == code


def test_deletes_and_approvals_go_there_and_back(lead: Bench) -> None:
    row = lead.engine.commit([LINE]).new_rows["line"]
    lead.engine.commit([Approve("plan_line", row, ("m1", "m2"), "Agreed")])
    lead.engine.commit([Withdraw("plan_line", row)])
    lead.engine.commit([Delete("plan_line", row)])
    assert lead.shown("plan_line", row) is None
    lead.engine.commit([Undelete("plan_line", row)])
    assert lead.shown("plan_line", row) is not None


def test_names_become_numbers(alliance: PaperAlliance, lead: Bench) -> None:
    cells = {
        "fiscal_year": "2026/27",
        "name": "v1",
        "state": "draft",
        "contingency_pct": "1.5",
    }
    move: dict[str, Cell] = {
        "version": NewRow("v"),
        "reference": "L1",
        "recurrence": "recurrent",
        "amount_p": 5,
        "letter_date": dt.date(2026, 4, 1),
    }
    insert = Insert("budget_version", alliance["lead"].org, cells, key="v")
    rows = lead.engine.commit([insert, Insert("allocation_move", OWN, move, key="m")]).new_rows
    shown = lead.shown("allocation_move", rows["m"])
    assert shown is not None
    assert (shown["letter_date"], shown["recurrence"]) == ("2026-04-01", "recurrent")
    assert (shown["version"], shown["scope"]) == (rows["v"], alliance["lead"].org)


def test_a_stranger_signs_nothing(alliance: PaperAlliance) -> None:
    with bench(alliance, PaperAlliance("z")["z"]) as made:
        with pytest.raises(Refusal, match="not enrolled in the workspace yet"):
            made.engine.commit([LINE])
        assert made.engine.seal() is None


def test_a_figure_seen_only_beside_ones_past_is_not_replaced(
    alliance: PaperAlliance, lead: Bench
) -> None:
    """A chain that cites a draft of the rules is not cited, so its figures stay beside ours."""
    first = alliance["a"].write(plan_line(1))
    draft = alliance.adopt(signers=["lead"])
    assert draft.epoch is not None
    lead.learn(draft)
    late = alliance["a"].write(amount(first.row(0), 2, first.dot(0)), epoch=(2, draft.id))
    lead.receive(first, late)
    assert lead.live(first.row(0), 11) == {2}
    lead.engine.commit([SetCells("plan_line", first.row(0), {"m1": 3})])
    lead.engine.seal()
    assert outbox(lead)[0].header.parents == (first.place,)
    assert lead.live(first.row(0), 11) == {2, 3}


def test_another_copy_of_this_laptop_ends_its_signing(alliance: PaperAlliance, lead: Bench) -> None:
    lead.engine.commit([LINE])
    lead.engine.seal()
    scribe = alliance["lead"]
    mine = outbox(lead)[0]
    scribe.last = Written(lead.replica.outbox()[0][1], mine.id, mine.header)
    lead.receive(scribe.write(plan_line(1), incarnation=fixed("twin")))
    with pytest.raises(NotPossible, match="Another copy of this laptop"):
        lead.engine.commit([LINE])


# --- sizes ------------------------------------------------------------------------------------


def test_a_full_segment_is_sealed_before_the_next_command(lead: Bench) -> None:
    lead.engine.commit([LINE] * FULL_OPERATIONS)
    lead.engine.commit([LINE])
    (sealed,) = outbox(lead)
    assert sealed.header.n_ops == FULL_OPERATIONS + 1
    assert lead.replica.open_size()[0] == 1


def test_a_command_that_does_not_fit_in_what_is_open_starts_the_next(lead: Bench) -> None:
    long = Insert("project", OWN, {"title": "x" * 60_000, "aim": "y", "status": "active"})
    lead.engine.commit([long] * 6)
    lead.engine.commit([long] * 15)
    (sealed,) = outbox(lead)
    assert sealed.header.n_ops == 7
    lead.engine.seal()
    assert [one.header.n_ops for one in outbox(lead)] == [7, 16]


@pytest.mark.parametrize(
    ("count", "code"), [(4_901, "too-many-changes"), (MOST_BYTES // 60_000 + 1, "too-much-at-once")]
)
def test_a_command_too_large_for_any_segment_is_refused(lead: Bench, count: int, code: str) -> None:
    text = "x" * (60_000 if count < 100 else 1)
    long = Insert("project", OWN, {"title": text, "aim": "y", "status": "active"})
    with pytest.raises(Refusal) as refused:
        lead.engine.commit([long] * count)
    assert refused.value.code == code
    assert "parts" in refused.value.remedy


def test_a_command_that_weighs_too_much_is_refused_or_starts_the_next(
    lead: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codec, "MAX_WEIGHT", 10_000)
    monkeypatch.setattr(codec, "NEVER_HEAVY", 500)
    with pytest.raises(Refusal, match="more than one change set can hold"):
        lead.engine.commit([LINE] * 40)
    for _ in range(3):
        lead.engine.commit([LINE] * 12)
    lead.engine.seal()
    sealed = outbox(lead)
    assert len(sealed) > 1
    assert sum(one.header.n_ops for one in sealed) == 3 * 13


def test_a_journal_too_long_is_refused(lead: Bench) -> None:
    journal = PostJournal(HEADER, tuple(ledger_line(0) for _ in range(4_899)))
    with pytest.raises(Refusal) as refused:
        lead.engine.commit([journal])
    assert refused.value.code == "journal-too-long"


def test_more_heads_than_a_header_holds_are_cited_by_an_empty_segment_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alliance = PaperAlliance("a", "b", "c", "d")
    monkeypatch.setattr("collabdesk.sync.engine.opening.MAX_PARENTS", 3)
    heads = [alliance[name].write(plan_line(1)) for name in "abcd"]
    with bench(alliance, alliance["lead"]) as made:
        made.receive(*heads)
        made.engine.commit([LINE])
        made.engine.seal()
        first, second = outbox(made)
        assert (first.header.n_ops, len(first.header.parents)) == (0, 3)
        assert (second.header.n_ops, len(second.header.parents)) == (1, 1)
        before = (made.root, made.digests())
        made.engine.rebuild()
        assert (made.root, made.digests()) == before
