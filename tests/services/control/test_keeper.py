"""The ledger's keeper: handed over, ended when lost; journals past the end are adopted."""

from __future__ import annotations

import pytest

from collabdesk.domain.changes import OWN, Insert, NewRow, PostJournal
from collabdesk.errors import Refusal
from collabdesk.services.control import adopting, keeper, laptops
from collabdesk.services.control.commands import LayDownLedger
from collabdesk.storage.queries.ledger import journals
from collabdesk.sync import verdicts
from tests.services.control.desks import enrolled, key_of, spoken, verdicts_of
from tests.support.alliance import Alliance, Desk, ask, further


def journal(pence: int, words: str) -> PostJournal:
    header = Insert(
        "journal",
        OWN,
        {
            "fiscal_year": "2026/27",
            "kind": "correction",
            "posting_month": 1,
            "effective_month": 1,
            "words": words,
        },
        key="journal",
    )
    lines = tuple(
        Insert(
            "journal_line",
            OWN,
            {"journal": NewRow("journal"), "account": account, "amount_p": amount},
        )
        for account, amount in (("unallocated", pence), ("contingency", -pence))
    )
    return PostJournal(header, lines)


def posted(desk: Desk) -> list[tuple[int, str]]:
    found = desk.workspace.query(journals, "2026/27")
    return [(one.number, one.words) for one in found]


@pytest.fixture
def second(alliance: Alliance) -> Desk:
    return enrolled(alliance, "l2", "lead", "Accountant", "Finance laptop 2")


def test_the_ledger_is_laid_down_and_another_laptop_takes_it_up(
    alliance: Alliance, second: Desk
) -> None:
    lead = alliance.desks["lead"]
    lead.change(journal(100, "first"))
    alliance.share_all(2)
    with pytest.raises(Refusal, match="still keeps the ledger"):
        keeper.appoint_keeper(lead.workspace, key_of(second))
    assert "no longer posts" in keeper.release_ledger(lead.workspace)
    with pytest.raises(Refusal, match="laid the ledger down already"):
        keeper.release_ledger(lead.workspace)
    with pytest.raises(Refusal, match="does not keep the ledger"):
        lead.change(journal(1, "too late"))
    appointed = keeper.appoint_keeper(lead.workspace, key_of(second))
    assert appointed.words == "Finance laptop 2 keeps the ledger from now on."
    alliance.share_all(3)
    assert second.workspace.me().keeps_ledger
    assert not lead.workspace.me().keeps_ledger
    second.change(journal(200, "second"))
    alliance.share_all(2)
    assert posted(alliance.desks["b"]) == [(1, "first"), (2, "second")]
    (said,) = keeper.appointments_by_one(alliance.desks["a"].workspace)
    assert "Finance laptop 2, Nottinghamshire Healthcare" in said
    assert "one person alone" in said
    assert len(alliance.roots) == 1


def test_a_lost_keepers_term_ends_and_its_late_journals_are_adopted(
    alliance: Alliance, second: Desk
) -> None:
    lead = alliance.desks["lead"]
    keeper.release_ledger(lead.workspace)
    keeper.appoint_keeper(lead.workspace, key_of(second))
    alliance.share_all(3)
    second.change(journal(100, "seen"))
    alliance.share_all(2)
    second.change(journal(200, "unseen"))
    third = enrolled_without(alliance, second, "l3", "Controller", "Finance laptop 3")
    ended = keeper.end_lost_term(lead.workspace, key_of(third))
    assert "Finance laptop 3 keeps the ledger from now on" in ended.words
    for desk in (lead, third, lead, third):
        desk.share()
    assert keeper.keeping(third.workspace).mine
    third.change(journal(300, "meanwhile"))
    third.share()
    second.share()
    alliance.share_all(2)
    assert posted(lead) == [(1, "seen"), (2, "meanwhile")]
    assert verdicts_of(lead) & {verdicts.NOT_THE_KEEPER, verdicts.PAST_A_CUT}
    found = [q for q in adopting.quarantined(third.workspace) if "unseen" in " ".join(q.lines)]
    (late,) = found
    assert late.lines[0] == "Journal 2"
    assert "£2.00" in " ".join(late.lines)
    assert late.can_adopt
    elsewhere = next(q for q in adopting.quarantined(lead.workspace) if q.id == late.id)
    assert "keeps the ledger" in elsewhere.why_not
    adopting.adopt(third.workspace, [late.id])
    alliance.share_all(2)
    assert posted(lead) == [(1, "seen"), (2, "meanwhile"), (3, "unseen")]
    assert len(alliance.roots) == 1


def enrolled_without(alliance: Alliance, away: Desk, name: str, person: str, label: str) -> Desk:
    """Enrol a laptop of the lead while another is away."""
    desk = ask(alliance, name, founder=further("lead", person, label))
    lead = alliance.desks["lead"]
    lead.share()
    laptops.enrol_laptop(lead.workspace, lead.store, spoken(desk))
    for one in alliance.desks.values():
        if one is not away:
            one.share()
    return desk


def test_replacing_the_keepers_laptop_hands_the_ledger_to_the_new_one(
    alliance: Alliance, second: Desk
) -> None:
    lead = alliance.desks["lead"]
    keeper.release_ledger(lead.workspace)
    keeper.appoint_keeper(lead.workspace, key_of(second))
    alliance.share_all(3)
    second.change(journal(100, "first"))
    alliance.share_all(2)
    third = ask(alliance, "l3", founder=further("lead", "x", "Finance laptop 3"))
    lead.share()
    laptops.replace_laptop(lead.workspace, lead.store, spoken(third), key_of(second))
    alliance.share_all(3)
    assert third.workspace.me().keeps_ledger
    third.change(journal(100, "second"))
    alliance.share_all(2)
    assert posted(alliance.desks["a"]) == [(1, "first"), (2, "second")]


def test_only_the_lead_appoints_a_laptop_that_may_post(alliance: Alliance, second: Desk) -> None:
    lead, a = alliance.desks["lead"], alliance.desks["a"]
    with pytest.raises(Refusal, match="appoints its keeper"):
        keeper.appoint_keeper(a.workspace, key_of(a))
    with pytest.raises(Refusal, match="it is not lost"):
        keeper.end_lost_term(lead.workspace)
    laptops.change_roles(lead.workspace, key_of(second), [2])
    with pytest.raises(Refusal, match="may not post journals"):
        keeper.appoint_keeper(lead.workspace, key_of(second))
    assert keeper.may_keep(lead.workspace) == ()
    with pytest.raises(Refusal, match="does not keep the ledger"):
        a.run(LayDownLedger())
