"""Votes on membership: whose turn, who signs, what honest laptops refuse, turns passed over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.control import decisions, laptops, votes
from collabdesk.services.control import epoch_drafts as drafts
from collabdesk.services.control.signing import sign as sign_record
from collabdesk.services.membership import Founder
from collabdesk.services.sharing.enrolment import enrol
from collabdesk.sync.records import ChainPoint, Threshold
from tests.services.control.desks import (
    LINE,
    enrolled,
    key_of,
    org_of,
    sign_all,
    spoken,
    verdicts_of,
)
from tests.support.alliance import TRUSTS, Alliance, Desk, ask, found_alliance


def number(alliance: Alliance) -> set[int]:
    return {desk.workspace.book.epoch.n for desk in alliance.desks.values()}


def test_the_monthly_review_fixes_what_was_done(alliance: Alliance) -> None:
    a = alliance.desks["a"]
    a.change(LINE)
    alliance.share_all(2)
    lead = alliance.desks["lead"]
    proposed = votes.review(lead.workspace)
    assert not proposed.in_force
    assert any("QI lead laptop 1" in line for line in proposed.changes)
    alliance.share_all(2)
    b = alliance.desks["b"]
    (waits,) = decisions.drafted(b.workspace)
    assert waits.title == "A change of membership"
    assert waits.signed_by == ("Finance lead, Nottinghamshire Healthcare NHS Foundation Trust",)
    assert votes.sign(b.workspace, waits.id).in_force
    alliance.share_all(2)
    assert number(alliance) == {2}
    assert b.workspace.book.landmarks[key_of(a)].seq >= 1
    assert decisions.drafted(a.workspace) == []


def test_only_the_one_whose_turn_it_is_proposes(alliance: Alliance) -> None:
    a = alliance.desks["a"]
    with pytest.raises(Refusal, match=r"Nottinghamshire Healthcare .* turn to propose") as refused:
        votes.review(a.workspace)
    assert refused.value.code == "another-turn"
    assert votes.whose_turn(a.workspace)[0] == 0
    assert votes.whose_turn(alliance.desks["lead"].workspace)[2]


def test_a_silent_lead_is_passed_over_and_the_next_proposes(alliance: Alliance) -> None:
    partners = [alliance.desks["a"], alliance.desks["b"]]
    for desk in partners:
        votes.void(desk.workspace)
    for desk in (*partners, *partners):
        desk.share()
    next_one = min(partners, key=org_of)
    other = max(partners, key=org_of)
    assert votes.whose_turn(next_one.workspace) == (
        1,
        next_one.workspace.about.organisation_name,
        True,
    )
    votes.review(next_one.workspace)
    next_one.share()
    other.share()
    assert sign_all(other) == 1
    alliance.share_all(3)
    assert number(alliance) == {2}


def test_who_said_nothing_in_a_closed_round_passes_over_it_by_speaking_in_the_next(
    alliance: Alliance,
) -> None:
    lead, a, b = (alliance.desks[name] for name in ("lead", "a", "b"))
    votes.change_agreement(lead.workspace, 3)
    alliance.share_all(2)
    next_one, other = sorted((a, b), key=org_of)
    for desk in (next_one, other):
        assert sign_all(desk) == 1
        alliance.share_all(2)
    votes.void(other.workspace)
    alliance.share_all(2)
    assert votes.whose_turn(next_one.workspace)[0] == 1
    votes.review(next_one.workspace)
    alliance.share_all(2)
    sign_all(lead)
    sign_all(other)
    alliance.share_all(2)
    assert number(alliance) == {3}
    assert not lead.workspace.book.alarms


def test_an_organisation_speaks_once_in_a_round(alliance: Alliance) -> None:
    lead, b = alliance.desks["lead"], alliance.desks["b"]
    votes.review(lead.workspace)
    with pytest.raises(Refusal, match="already signed a proposal") as refused:
        votes.void(lead.workspace, 0)
    assert refused.value.code == "already-spoken"
    with pytest.raises(Refusal, match="already signed a proposal"):
        votes.change_agreement(lead.workspace, 3)
    votes.void(b.workspace)
    alliance.share_all(2)
    (waits,) = decisions.drafted(b.workspace)
    assert "already passed over its turn" in waits.why_not
    with pytest.raises(Refusal, match="already passed over"):
        votes.sign(b.workspace, waits.id)


def test_a_round_that_has_not_begun_is_not_passed_over(alliance: Alliance) -> None:
    with pytest.raises(Refusal) as refused:
        votes.void(alliance.desks["a"].workspace, 3)
    assert refused.value.code == "round-not-open"


def test_a_proposal_its_owner_has_not_signed_is_not_signed(alliance: Alliance) -> None:
    lead, a = alliance.desks["lead"], alliance.desks["b"]
    second = enrolled(alliance, "l2", "lead", "Accountant", "Finance laptop 2")
    votes.change_administrators(lead.workspace, [key_of(lead), key_of(second)], signatures=2)
    alliance.share_all(3)
    sign_all(a)
    (waits,) = decisions.drafted(second.workspace)
    assert TRUSTS["lead"][0] in waits.waits_for
    assert sign_all(second) == 1
    alliance.share_all(3)
    votes.review(lead.workspace)
    alliance.share_all(2)
    (waits,) = decisions.drafted(a.workspace)
    assert "has not signed this" in waits.why_not
    sign_all(second)
    alliance.share_all(2)
    assert sign_all(a) == 1
    alliance.share_all(2)
    assert number(alliance) == {3}


def test_a_membership_that_would_take_verified_work_away_is_not_signed(
    alliance: Alliance,
) -> None:
    lead, a, b = (alliance.desks[name] for name in ("lead", "a", "b"))
    a.change(LINE)
    alliance.share_all(2)
    low = drafts.removing(org_of(a), [])
    with pytest.raises(Refusal, match=r"set aside [0-9]+ change sets? of QI lead") as refused:
        votes.propose_epoch(lead.workspace, low)
    assert refused.value.code == "cut-too-low"
    sign_record(lead.workspace, drafts.next_epoch(lead.workspace.book, {}, 0, [low]))
    alliance.share_all(2)
    (waits,) = decisions.drafted(b.workspace)
    assert "verified here and that nothing speaks against" in waits.why_not


def test_a_membership_that_fixes_what_is_not_here_is_not_signed(alliance: Alliance) -> None:
    lead, b = alliance.desks["lead"], alliance.desks["b"]
    unseen = {key_of(lead): ChainPoint(key_of(lead), 5, bytes([7]) * 32)}
    sign_record(lead.workspace, drafts.next_epoch(lead.workspace.book, unseen, 0))
    alliance.share_all(2)
    (waits,) = decisions.drafted(b.workspace)
    assert "that change set is not here" in waits.why_not
    assert "Share first" in waits.remedy


def test_a_partner_leaves_and_what_it_shared_stands(alliance: Alliance) -> None:
    lead, a, b = (alliance.desks[name] for name in ("lead", "a", "b"))
    row = a.change(LINE)["line"]
    second = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    retired = second.change(LINE)["line"]
    alliance.share_all(2)
    laptops.retire_laptop(a.workspace, key_of(second))
    alliance.share_all(2)
    with pytest.raises(Refusal, match="changed its list of laptops") as refused:
        votes.remove_organisation(lead.workspace, org_of(a))
    assert refused.value.code == "settle-first"
    votes.review(lead.workspace)
    alliance.share_all(2)
    sign_all(b)
    alliance.share_all(2)
    proposed = votes.remove_organisation(lead.workspace, org_of(a))
    assert "Lincolnshire Partnership NHS Foundation Trust (RP7) leaves." in proposed.changes
    alliance.share_all(2)
    assert sign_all(b) == 1
    alliance.share_all(3)
    assert len(lead.workspace.book.epoch.orgs) == 2
    assert b.live(row, 3) == {"RHA"}
    assert b.live(retired, 3) == {"RHA"}
    assert not verdicts_of(b)
    assert not a.workspace.enrolled


def test_who_leaves_passes_over_where_the_others_suffice(alliance: Alliance) -> None:
    lead, a, b = (alliance.desks[name] for name in ("lead", "a", "b"))
    votes.remove_organisation(lead.workspace, org_of(a))
    for desk in (lead, b, a):
        desk.share()
    (waits,) = decisions.drafted(a.workspace)
    assert "would leave with this" in waits.why_not
    assert waits.remedy.startswith("Pass over this round instead")
    votes.void(a.workspace)
    assert sign_all(b) == 1
    alliance.share_all(2)
    assert len(lead.workspace.book.epoch.orgs) == 2


def test_a_partner_that_must_leave_at_once_takes_new_laptops_with_it(alliance: Alliance) -> None:
    lead, a, b = (alliance.desks[name] for name in ("lead", "a", "b"))
    second = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    lately = second.change(LINE)["line"]
    before = a.change(LINE)["line"]
    alliance.share_all(2)
    votes.remove_organisation(lead.workspace, org_of(a), at_once=True)
    alliance.share_all(2)
    (waits,) = decisions.drafted(b.workspace)
    assert "of laptops lately enrolled by who leaves" in waits.changes[-1]
    votes.sign(b.workspace, waits.id)
    alliance.share_all(2)
    assert b.live(before, 3) == {"RHA"}
    assert b.live(lately, 3) == set()


def test_a_third_partner_joins_once_it_agreed_and_a_partner_signed(alliance: Alliance) -> None:
    lead, b = alliance.desks["lead"], alliance.desks["b"]
    TRUSTS.setdefault("c", ("Derbyshire Healthcare NHS Foundation Trust", "RXM", "QI lead"))
    c = ask(alliance, "c")
    lead.share()
    enrol(lead.workspace, lead.store, [spoken(c)])
    lead.share()
    assert decisions.drafted(b.workspace) == []
    c.share()
    lead.share()
    b.share()
    (waits,) = decisions.drafted(b.workspace)
    assert "Derbyshire Healthcare NHS Foundation Trust (RXM) joins." in waits.changes
    votes.sign(b.workspace, waits.id)
    alliance.share_all(3)
    assert c.workspace.enrolled
    assert number(alliance) == {2}


def test_a_newcomer_who_never_answers_blocks_nobody(alliance: Alliance) -> None:
    lead, b = alliance.desks["lead"], alliance.desks["b"]
    c = ask(alliance, "c", founder=Founder("Derbyshire Healthcare", "RXM", "QI lead", "Laptop"))
    lead.share()
    enrol(lead.workspace, lead.store, [spoken(c)])
    lead.share()
    votes.review(lead.workspace)
    lead.share()
    b.share()
    assert sign_all(b) == 1
    alliance.desks.pop("c").workspace.close()
    alliance.share_all(3)
    assert number(alliance) == {2}
    assert not lead.workspace.book.alarms


def test_an_organisation_that_lost_its_laptop_is_helped_by_the_others(
    alliance: Alliance,
) -> None:
    lead, a, b = (alliance.desks[name] for name in ("lead", "a", "b"))
    org = org_of(a)
    row = a.change(LINE)["line"]
    alliance.share_all(2)
    name, ods, person = TRUSTS["a"]
    again = ask(alliance, "a2", founder=Founder(name, ods, person, "QI laptop 2"))
    lead.share()
    proposed = votes.reset_organisation(lead.workspace, org, key_of(again))
    assert any("no longer signs for Lincolnshire" in line for line in proposed.changes)
    alliance.share_all(2)
    sign_all(b)
    alliance.share_all(3)
    assert again.workspace.enrolled
    assert again.workspace.me().person == a.workspace.me().person
    assert b.live(row, 3) == {"RHA"}


def test_thresholds_roles_and_agreement_are_changed_by_vote(alliance: Alliance) -> None:
    lead, a, b = (alliance.desks[name] for name in ("lead", "a", "b"))
    limits = [Threshold(10_000_000, 2, 5, 2)]
    proposed = votes.propose_epoch(
        lead.workspace,
        drafts.approving(limits),
        drafts.agreeing(3),
        drafts.granting(org_of(b), [1, 2, 3, 4, 5, 6], []),
    )
    said = " ".join(proposed.changes)
    assert "from £100,000.00 on 2 by Approver of 2 organisations" in said
    assert "3 of 3 organisations must agree" in said
    assert "Workspace administrator" in said
    for _ in range(2):
        alliance.share_all(2)
        sign_all(a)
        sign_all(b)
    alliance.share_all(2)
    assert lead.workspace.book.epoch.thresholds == tuple(limits)
    with pytest.raises(Refusal, match="more than half") as refused:
        votes.change_agreement(lead.workspace, 1)
    assert refused.value.code == "impossible-agreement"


def test_an_agreement_of_the_founder_alone_holds_at_once(tmp_path: Path) -> None:
    alliance = found_alliance(tmp_path / "alone", ())
    assert votes.review(alliance.desks["lead"].workspace).in_force
    alliance.close()


def test_what_cannot_be_proposed_is_said_at_once(alliance: Alliance) -> None:
    lead, a = alliance.desks["lead"], alliance.desks["a"]
    cases: list[tuple[str, Callable[[], object]]] = [
        ("lead-stays", lambda: votes.remove_organisation(lead.workspace, org_of(lead))),
        ("unknown-role", lambda: votes.change_grants(lead.workspace, org_of(a), [77])),
        ("not-a-partner", lambda: votes.change_grants(lead.workspace, bytes(16), [1])),
        ("not-listed", lambda: votes.change_administrators(lead.workspace, [key_of(a)])),
        ("not-listed", lambda: votes.change_administrators(lead.workspace, [])),
        (
            "too-many-signatures",
            lambda: votes.change_administrators(lead.workspace, [key_of(lead)], 2),
        ),
        ("nothing-to-bring-back", lambda: votes.bring_back(lead.workspace, bytes(32))),
        ("nothing-waits", lambda: votes.sign(lead.workspace, bytes(32))),
        ("no-such-version", lambda: votes.require_version(lead.workspace, 0)),
    ]
    for code, propose in cases:
        with pytest.raises(Refusal) as refused:
            propose()
        assert refused.value.code == code
        assert refused.value.words
    assert decisions.drafted(lead.workspace) == []


def test_thresholds_may_be_proposed_alone(alliance: Alliance) -> None:
    proposed = votes.change_thresholds(alliance.desks["lead"].workspace, [Threshold(100, 1, 5, 1)])
    assert proposed.changes[0] == "Approvals: from £1.00 on 1 by Approver of 1 organisation."


def raised(alliance: Alliance) -> tuple[Desk, Desk, Desk]:
    """Return the lead, which proposed that all must agree, and the next in turn, and the last."""
    lead, a, b = (alliance.desks[name] for name in ("lead", "a", "b"))
    votes.change_agreement(lead.workspace, 3)
    alliance.share_all()
    second, last = sorted((a, b), key=org_of)
    return lead, second, last


def test_a_proposal_that_asks_for_more_is_signed_by_the_next_in_turn_first(
    alliance: Alliance,
) -> None:
    _, second, last = raised(alliance)
    (waits,) = decisions.drafted(last.workspace)
    assert second.workspace.about.organisation_name in waits.why_not
    assert sign_all(second) == 1
    second.share()
    last.share()
    assert sign_all(last) == 1
    alliance.share_all(2)
    assert {desk.workspace.book.epoch.k for desk in alliance.desks.values()} == {3}


def test_where_too_few_are_left_to_agree_the_round_is_passed_over_and_nobody_is_named(
    alliance: Alliance,
) -> None:
    _, second, last = raised(alliance)
    votes.void(last.workspace)
    assert sign_all(second) == 1
    alliance.share_all(2)
    # All three have spoken: two of the two votes needed before, of the three needed after.
    for desk in alliance.desks.values():
        assert desk.workspace.book.attempt == 0
        (waits,) = decisions.drafted(desk.workspace)
        assert waits.out_of_reach
        assert waits.may_pass_over == (desk is not last)
    votes.void(second.workspace)
    alliance.share_all(2)
    for desk in alliance.desks.values():
        assert desk.workspace.book.attempt == 1
        assert not desk.workspace.book.alarms
    votes.review(second.workspace)
    alliance.share_all()
    assert sign_all(last) == 1
    alliance.share_all(2)
    assert number(alliance) == {2}


def test_a_vote_is_not_taken_back_while_enough_could_still_agree(alliance: Alliance) -> None:
    lead, second, _ = raised(alliance)
    sign_all(second)
    for desk in (lead, second):
        with pytest.raises(Refusal, match="already signed a proposal"):
            votes.void(desk.workspace)
