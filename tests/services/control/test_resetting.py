"""A partner that lost every key is helped by one laptop's words; what a cut took comes back."""

from __future__ import annotations

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.control import laptops, votes
from collabdesk.services.control.resetting import find_heir, reset_by_words
from collabdesk.services.control.set_back import SetBack, may_bring_back
from collabdesk.services.membership import Founder
from tests.services.control.desks import LINE, enrolled, key_of, org_of, sign_all, spoken
from tests.support.alliance import TRUSTS, Alliance, ask


def test_the_laptop_that_was_named_signs_for_the_partner_and_enrols_itself(
    alliance: Alliance,
) -> None:
    lead, a, b = (alliance.desks[name] for name in ("lead", "a", "b"))
    org = org_of(a)
    alliance.desks.pop("a").workspace.close()
    name, ods, person = TRUSTS["a"]
    again = ask(alliance, "a2", founder=Founder(name, ods, person, "QI lead laptop l"))
    lead.share()
    heir = find_heir(lead.workspace, lead.store, org, spoken(again))
    assert (heir.laptop, heir.person) == ("QI lead laptop l", "QI lead")
    assert heir.organisation == "Lincolnshire Partnership NHS Foundation Trust (RP7)"
    assert "can be taken for QI lead laptop 1 of QI lead" in heir.alike[0]
    proposed = reset_by_words(lead.workspace, lead.store, org, spoken(again))
    assert not proposed.in_force
    alliance.share_all(2)
    sign_all(b)
    alliance.share_all(3)
    assert again.workspace.enrolled
    assert key_of(again) in again.workspace.book.admins


def test_a_laptop_of_another_trust_is_refused_in_words(alliance: Alliance) -> None:
    lead, a, b = (alliance.desks[name] for name in ("lead", "a", "b"))
    with pytest.raises(Refusal, match="says it is of Leicestershire") as refused:
        reset_by_words(lead.workspace, lead.store, org_of(a), spoken(b))
    assert refused.value.field == "words"
    with pytest.raises(Refusal) as refused:
        reset_by_words(lead.workspace, lead.store, bytes(16), spoken(b))
    assert refused.value.code == "not-a-partner"


def test_what_was_set_aside_of_a_laptop_is_offered_until_it_stands(alliance: Alliance) -> None:
    a, b = alliance.desks["a"], alliance.desks["b"]
    lead = alliance.desks["lead"]
    ward = enrolled(alliance, "a2", "a", "Ward manager", "Ward laptop")
    ward.change(LINE)
    alliance.share_all(2)
    ward.change(LINE)
    laptops.retire_laptop(a.workspace, key_of(ward))
    a.share()
    ward.share()
    alliance.share_all(2)
    (offered,) = may_bring_back(lead.workspace)
    assert offered == SetBack(key_of(ward), f"Ward laptop, {TRUSTS['a'][0]}", 1)
    votes.bring_back(lead.workspace, key_of(ward))
    alliance.share_all(2)
    sign_all(b)
    alliance.share_all(2)
    assert may_bring_back(lead.workspace) == ()


def test_nothing_is_offered_before_the_workspace_has_arrived(alliance: Alliance) -> None:
    assert may_bring_back(alliance.desks["lead"].workspace) == ()
    assert may_bring_back(ask(alliance, "c", founder=Founder("C", "RXM", "X", "Y")).workspace) == ()
