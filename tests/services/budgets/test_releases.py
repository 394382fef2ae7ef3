"""Money released from a pot, and who may not approve for whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.budgets import commands as c
from collabdesk.services.budgets.queries import State, findings, journals, ledger_check
from collabdesk.services.control.laptops import retire_laptop
from tests.services.budgets.office import YEAR, Office
from tests.services.control.desks import enrolled, key_of
from tests.support.alliance import found_alliance


@pytest.fixture(scope="module")
def kept_back(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An agreed budget with half a million in contingency."""
    office = Office(found_alliance(tmp_path_factory.mktemp("kept-back")))
    office.begin("50")
    office.plan("ASL", "RHA", 24_000_000)
    office.plan("PER", "RHA", 12_000_000)
    office.agree()
    office.share()
    yield office
    office.alliance.close()


def release(office: Office, amount_p: int, desk: str = "a", **other: str) -> bytes:
    asked = {"from_pot": "contingency", **other}
    return office.propose(amount_p, desk, from_line=b"", from_provider="", **asked)


def test_contingency_is_released_to_a_line(kept_back: Office) -> None:
    row = release(kept_back, 2_000_000)
    kept_back.share()
    waiting = kept_back.virement(row)
    assert (waiting.from_name, waiting.to_name) == ("Contingency", "Perinatal at RHA")
    assert waiting.available_p == 50_000_000
    kept_back.run(c.ApproveVirement(row), "b")
    kept_back.share()
    posted = kept_back.ask(journals, YEAR)[-1]
    assert (posted.kind, posted.source) == ("release", row)
    for desk in ("lead", "a"):
        standing = kept_back.summary(desk).posted
        assert standing is not None
        assert standing.contingency.shown_p == 48_000_000
        assert standing.identity_holds
        assert kept_back.ask(ledger_check, desk=desk).holds
        assert kept_back.ask(findings, desk=desk) == ()


def test_more_than_a_pot_holds_is_refused(kept_back: Office) -> None:
    with pytest.raises(Refusal) as refused:
        release(kept_back, 50_000_001)
    assert refused.value.code == "insufficient_contingency"
    with pytest.raises(Refusal) as refused:
        release(kept_back, 1, to_pot="contingency")
    assert refused.value.code == "same_line"


def test_unallocated_money_is_set_aside_for_investment(kept_back: Office) -> None:
    before = kept_back.summary().current
    row = release(kept_back, 1_000_000, from_pot="unallocated", to_pot="investment")
    kept_back.share()
    waits = kept_back.virement(row)
    assert (waits.from_name, waits.to_name) == ("Unallocated money", "Investment money")
    kept_back.run(c.ApproveVirement(row), "b")
    kept_back.share()
    assert kept_back.virement(row).state is State.POSTED
    for desk in kept_back.alliance.desks:
        now = kept_back.summary(desk).current
        assert now.investment.shown_p == before.investment.shown_p + 1_000_000
        assert now.unallocated.shown_p == before.unallocated.shown_p - 1_000_000
        assert now.identity_holds
        assert kept_back.ask(ledger_check, desk=desk).holds
        assert kept_back.ask(findings, desk=desk) == ()


def test_a_delegate_does_not_approve_for_whom_he_acts(kept_back: Office) -> None:
    other = kept_back.alliance.desks["b"].workspace.me()
    kept_back.run(c.NameDelegate(other.person, other.organisation), "a")
    row = release(kept_back, 1_000_000, from_pot="unallocated")
    kept_back.share()
    with pytest.raises(Refusal) as refused:
        kept_back.run(c.ApproveVirement(row), "b")
    assert refused.value.code == "delegate_of_proposer"
    kept_back.run(c.ApproveVirement(row))
    assert kept_back.virement(row).state is State.READY
    kept_back.run(c.EndDelegations(), "a")
    with pytest.raises(Refusal) as refused:
        kept_back.run(c.EndDelegations(), "a")
    assert refused.value.code == "no_delegate"
    kept_back.share()
    kept_back.run(c.NameDelegate(other.person, other.organisation, ends=dt.date(2020, 1, 1)), "a")
    row = release(kept_back, 1_000_000, from_pot="unallocated")
    kept_back.share()
    kept_back.run(c.ApproveVirement(row), "b")
    kept_back.share()
    assert kept_back.virement(row).state is State.POSTED
    kept_back.run(c.NameDelegate(other.person, other.organisation), "a")
    kept_back.share()
    for desk in ("lead", "a", "b"):
        assert kept_back.ask(findings, desk=desk) == ()


def test_nobody_is_their_own_delegate_or_names_a_stranger(kept_back: Office) -> None:
    me = kept_back.alliance.desks["a"].workspace.me()
    for person, code in ((me.person, "own_delegate"), (b"?" * 16, "unknown_person")):
        with pytest.raises(Refusal) as refused:
            kept_back.run(c.NameDelegate(person, me.organisation), "a")
        assert refused.value.code == code


def test_what_somebody_approved_before_they_left_stays_approved(agreed: Office) -> None:
    alliance = agreed.alliance
    leaver = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    alliance.share_all(2)
    row = agreed.propose(4_000_000, "lead")
    agreed.share()
    agreed.run(c.ApproveVirement(row), "a2")
    agreed.share()
    assert agreed.virement(row).state is State.POSTED
    retire_laptop(alliance.desks["a"].workspace, key_of(leaver))
    alliance.share_all(2)
    assert not leaver.workspace.enrolled
    for desk in ("lead", "a", "b"):
        assert agreed.ask(findings, desk=desk) == ()
