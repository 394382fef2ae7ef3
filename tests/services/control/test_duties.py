"""What an honest laptop does not sign, whoever asks: each duty with the sentence it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.control import decisions, epoch_drafts, laptops, roster_drafts, votes
from collabdesk.services.control.duties import Duties
from collabdesk.services.control.finding import laptop_named
from collabdesk.services.control.heads import Heads
from collabdesk.services.control.signing import sign as sign_record
from collabdesk.sync import records as r
from collabdesk.sync.hashing import Z
from tests.services.control.desks import LINE, enrolled, key_of, org_of, sign_all
from tests.support.alliance import Alliance, Desk

Check = Callable[[Duties], None]


def refused(desk: Desk, check: Check) -> Refusal:
    book = desk.workspace.book
    with desk.workspace.database.read() as reads:
        duties = Duties(book, Heads(reads, book))
        with pytest.raises(Refusal) as caught:
            check(duties)
    return caught.value


def next_epoch(desk: Desk, **changes: object) -> r.Epoch:
    made = r.read_record(epoch_drafts.next_epoch(desk.workspace.book, {}, 0))
    assert isinstance(made, r.Epoch)
    return replace(made, **changes)  # type: ignore[arg-type] # any field of a membership


def roster_of(desk: Desk) -> r.Roster:
    roster = desk.workspace.book.roster(org_of(desk))
    assert roster is not None
    return roster


@pytest.fixture
def worked(alliance: Alliance) -> Alliance:
    """Three partners; what one entered is fixed by a review, and more came after."""
    a, b, lead = (alliance.desks[name] for name in ("a", "b", "lead"))
    a.change(LINE)
    alliance.share_all(2)
    votes.review(lead.workspace)
    alliance.share_all(2)
    sign_all(b)
    alliance.share_all(2)
    a.change(LINE)
    alliance.share_all(2)
    return alliance


def test_a_second_administrator_does_not_sign_a_low_cut(alliance: Alliance) -> None:
    lead, a, b = (alliance.desks[name] for name in ("lead", "a", "b"))
    second = enrolled(alliance, "l2", "lead", "Accountant", "Finance laptop 2")
    third = enrolled(alliance, "l3", "lead", "Analyst", "Laptop 3")
    third.change(LINE)
    votes.change_administrators(lead.workspace, [key_of(lead), key_of(second)], signatures=2)
    for _ in range(2):
        alliance.share_all(2)
        sign_all(a)
        sign_all(b)
    alliance.share_all(2)
    low = roster_drafts.retiring(r.ChainPoint(key_of(third), 0, Z))
    sign_record(lead.workspace, roster_drafts.next_roster(lead.workspace.book, org_of(lead), [low]))
    alliance.share_all(2)
    (waits,) = decisions.drafted(second.workspace)
    assert "would set aside" in waits.why_not
    assert "share first and propose" in waits.remedy
    with pytest.raises(Refusal, match="would set aside"):
        votes.sign(second.workspace, waits.id)


def test_what_is_fixed_is_not_loosened(worked: Alliance) -> None:
    b = worked.desks["b"]
    said = refused(b, lambda duties: duties.epoch(next_epoch(b, landmarks=())))
    assert said.code == "fixed-work-loosened"
    assert "that the partners have fixed" in said.words


def test_a_list_that_is_not_here_or_goes_back_is_not_settled(worked: Alliance) -> None:
    b, a = worked.desks["b"], worked.desks["a"]
    epoch = next_epoch(b)

    def pinned(pin: tuple[int, bytes]) -> r.Epoch:
        orgs = tuple(
            replace(entry, pin=pin) if entry.org == org_of(a) else entry for entry in epoch.orgs
        )
        return replace(epoch, orgs=orgs)

    assert refused(b, lambda d: d.epoch(pinned((4, bytes(32))))).code == "list-not-held"
    enrolled(worked, "a2", "a", "Ward manager", "Ward laptop")
    votes.review(worked.desks["lead"].workspace)
    worked.share_all(2)
    sign_all(b)
    worked.share_all(2)
    first = b.workspace.book.rosters(org_of(a))[0]
    newer = next_epoch(b)
    back = tuple(replace(e, pin=(0, first.id)) if e.org == org_of(a) else e for e in newer.orgs)
    said = refused(b, lambda d: d.epoch(replace(newer, orgs=back)))
    assert said.code == "list-gone-back"


def test_nothing_is_fixed_beyond_the_list_that_goes_with_it(worked: Alliance) -> None:
    a, b = worked.desks["a"], worked.desks["b"]
    enrolled(worked, "a2", "a", "Ward manager", "Ward laptop")
    a.change(LINE)
    worked.share_all(2)
    with b.workspace.database.read() as reads:
        head = Heads(reads, b.workspace.book).verified(key_of(a))
    epoch = next_epoch(b)
    old = {entry.org: entry.pin for entry in b.workspace.book.epoch.orgs}
    orgs = tuple(replace(entry, pin=old[entry.org]) for entry in epoch.orgs)
    raised = epoch_drafts.raised(epoch.landmarks, {head.key: head})
    said = refused(b, lambda d: d.epoch(replace(epoch, orgs=orgs, landmarks=raised)))
    assert said.code == "fixed-beyond-list"


def test_what_an_earlier_record_let_stand_is_not_cut_by_silence(worked: Alliance) -> None:
    a, lead = worked.desks["a"], worked.desks["lead"]
    second = enrolled(worked, "a2", "a", "Ward manager", "Ward laptop")
    second.change(LINE)
    worked.share_all(2)
    laptops.retire_laptop(a.workspace, key_of(second))
    worked.share_all(2)
    silent = replace(roster_of(a), cuts=())
    said = refused(a, lambda d: d.roster(silent))
    assert said.code == "cut-too-low"
    assert "stood until now" in said.words
    org = org_of(a)
    gone = r.read_record(
        epoch_drafts.next_epoch(
            lead.workspace.book, {}, 0, [epoch_drafts.removing(org, heads_of(lead, key_of(a)))]
        )
    )
    assert isinstance(gone, r.Epoch)
    assert "Ward laptop" in refused(lead, lambda d: d.epoch(gone)).words


def heads_of(desk: Desk, key: bytes) -> list[r.ChainPoint]:
    with desk.workspace.database.read() as reads:
        return [Heads(reads, desk.workspace.book).standing(key)]


def test_a_cut_names_what_is_here(worked: Alliance) -> None:
    a = worked.desks["a"]
    beyond = r.ChainPoint(key_of(a), 99, bytes([9]) * 32)
    roster = replace(roster_of(a), cuts=(beyond,))
    assert refused(a, lambda d: d.roster(roster)).code == "cut-not-held"
    place = (key_of(a), 99, bytes([9]) * 32)
    suspension = r.Suspension(a.workspace.about.workspace, org_of(a), *place, 0, "", 1)
    assert refused(worked.desks["b"], lambda d: d.suspension(suspension)).code == "cut-not-held"


def test_a_keepers_term_does_not_end_below_what_is_fixed(worked: Alliance) -> None:
    lead = worked.desks["lead"]
    lead.change(LINE)
    worked.share_all(2)
    votes.review(lead.workspace)
    worked.share_all(2)
    sign_all(worked.desks["b"])
    worked.share_all(2)
    roster = roster_of(lead)
    ended = replace(roster, terms=(replace(roster.terms[0], end=(0, Z)),))
    assert refused(lead, lambda d: d.roster(ended)).code == "term-below-fixed"


def test_a_newer_version_is_asked_for_once_every_laptop_has_it(worked: Alliance) -> None:
    lead = worked.desks["lead"]
    with pytest.raises(Refusal, match="cannot be asked for"):
        votes.require_version(lead.workspace, 99)
    floor = lead.workspace.book.epoch.floor + 1
    proposed = votes.require_version(lead.workspace, floor)
    assert f"Laptops need version {floor} of the data or newer." in proposed.changes


def test_a_cut_that_took_too_much_is_undone_by_a_vote(alliance: Alliance) -> None:
    lead, a, b = (alliance.desks[name] for name in ("lead", "a", "b"))
    second = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    row = second.change(LINE)["line"]
    alliance.share_all(2)
    low = roster_drafts.retiring(r.ChainPoint(key_of(second), 0, Z))
    sign_record(a.workspace, roster_drafts.next_roster(a.workspace.book, org_of(a), [low]))
    alliance.share_all(2)
    assert lead.live(row, 3) == set()
    key = laptop_named(lead.workspace, "Ward laptop", retired=True)
    assert key == key_of(second)
    votes.bring_back(lead.workspace, key)
    alliance.share_all(2)
    (waits,) = decisions.drafted(b.workspace)
    assert waits.changes[-1].startswith("It brings back ")
    votes.sign(b.workspace, waits.id)
    alliance.share_all(2)
    assert lead.live(row, 3) == {"RHA"}
    assert len(alliance.roots) == 1
    with pytest.raises(Refusal, match="No laptop is “Ward laptop”"):
        laptop_named(lead.workspace, "Ward laptop")
