"""The ledger is read once until it grows, and its chain checked piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from sqlalchemy import Connection, update

from collabdesk.domain.budgets.ledger import (
    ACTUAL_SIDE,
    Account,
    Heading,
    JournalKind,
    JournalLine,
    LineKey,
    post,
)
from collabdesk.services.budgets.policy import workspace_id
from collabdesk.services.budgets.queries import (
    check_further,
    findings,
    ledger_check,
    ledger_standing,
)
from collabdesk.storage.queries import ledger as chain
from collabdesk.storage.queries.ledger import (
    SPENT,
    broken_links,
    journals,
    links_so_far,
    out_of_balance,
    posted_after,
    stamp,
)
from collabdesk.storage.tables.projections import PROJECTIONS
from tests.services.budgets.office import YEAR, Office
from tests.support.alliance import found_alliance

ACTUAL = [account.value for account in ACTUAL_SIDE]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = Office(found_alliance(tmp_path_factory.mktemp("reading"), ()))
    office.begin()
    office.plan("ASL", "RHA", 24_000_000)
    office.agree()
    for month in (1, 2, 3):
        spend(office, month)
    yield office
    office.alliance.close()


def spend(office: Office, month: int) -> None:
    lines = [
        JournalLine(Account.SPEND, 900, LineKey(office.lines["ASL"], "RHA"), month),
        JournalLine(Account.GENERAL_LEDGER, -900, month=month),
    ]
    heading = Heading(YEAR, JournalKind.ACTUAL, month, f"Trial balance M{month}")
    office.alliance.desks["lead"].change(post(heading, lines))


def test_what_was_read_is_kept_until_the_ledger_grows(ledger: Office) -> None:
    first = ledger.ask(journals, YEAR)
    assert ledger.ask(journals, YEAR) is first
    spend(ledger, 4)
    grown = ledger.ask(journals, YEAR)
    assert [one.row for one in grown[:-1]] == [one.row for one in first]
    assert grown[-1].number == ledger.ask(stamp).number
    sealed = grown[-1].author.segment
    assert sealed == b""
    ledger.share()
    assert ledger.ask(journals, YEAR)[-1].author.segment != b""


def test_some_kinds_are_read_alone(ledger: Office) -> None:
    def read(reads: Connection) -> tuple[set[str], set[str]]:
        budget = {one.kind for one in journals(reads, budget_only=True)}
        spent = {one.kind for one in journals(reads, YEAR, kinds=SPENT)}
        return budget, spent

    assert ledger.ask(read) == ({"opening"}, {"actual"})
    found = [(place.number, place.posting_month) for place in ledger.ask(posted_after, 1, YEAR, 2)]
    assert found == [(3, 2)]


def test_a_long_chain_is_checked_piece_by_piece(ledger: Office) -> None:
    workspace = ledger.ask(workspace_id)
    last = ledger.ask(stamp).number
    reached = [ledger.ask(links_so_far, workspace, 1)[1] for _ in range(last + 1)]
    assert reached[-1] == last
    assert all(now - before in {0, 1} for before, now in pairwise(reached))
    assert ledger.ask(ledger_standing) == ledger.ask(ledger_check)
    assert ledger.ask(broken_links, workspace) == ()


def test_a_link_that_did_not_fit_does_not_hold_up_the_rest_and_is_tried_again(
    ledger: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, last = ledger.ask(workspace_id), ledger.ask(stamp).number
    monkeypatch.setattr(chain, "_checked", {})
    with monkeypatch.context() as spoiled:
        spoiled.setattr(chain, "_hash_again", lambda _log, _dot: None)
        found = [ledger.ask(links_so_far, workspace, 2) for _ in range(last + 1)]
    assert found[0] == ((1, 2), 2)
    assert found[-1] == (tuple(range(1, last + 1)), last)
    assert not ledger.ask(ledger_standing).broken
    assert not ledger.ask(check_further)


def test_an_amount_changed_behind_the_ledger_is_named(ledger: Office) -> None:
    line = PROJECTIONS["journal_line"]
    database = ledger.alliance.desks["lead"].workspace.database

    def spoil(by: int) -> None:
        where = (line.c.account == "general_ledger") & (line.c.month == 2)
        with database.write() as writes:
            writes.execute(update(line).where(where).values(amount_p=line.c.amount_p + by))

    spoil(1)
    try:
        assert ledger.ask(out_of_balance, ACTUAL) == (3,)
        assert not ledger.ask(ledger_check).holds
        assert [(one.code, one.journal) for one in ledger.ask(findings)] == [("unbalanced", 3)]
    finally:
        spoil(-1)
    assert ledger.ask(out_of_balance, ACTUAL) == ()
