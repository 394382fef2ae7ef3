"""Undo takes back one's own open steps, never what has been approved, agreed or posted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from collabdesk.errors import Refusal
from collabdesk.services.budgets.commands import ApproveVirement
from collabdesk.services.sample import money
from collabdesk.services.sample.partners import sample
from tests.support.alliance import Alliance, found_alliance


@pytest.fixture
def alliance(tmp_path: Path) -> Iterator[Alliance]:
    made = found_alliance(tmp_path, ("a",))
    lead = made.desks["lead"].workspace
    money.make_service_lines(lead)
    version = money.make_version(lead, sample().budget.version)
    money.agree(lead, version)
    made.share_all()
    yield made
    made.close()


def test_agreeing_closes_what_came_before(alliance: Alliance) -> None:
    lead = alliance.desks["lead"].workspace
    assert lead.undo_stack.undo_words == ""
    with pytest.raises(Refusal, match="nothing of yours to undo"):
        lead.undo().result()


def test_an_approved_proposal_cannot_be_undone(alliance: Alliance) -> None:
    partner, lead = alliance.desks["a"], alliance.desks["lead"]
    virement = money.propose(partner.workspace)
    alliance.share_all()
    lead.run(ApproveVirement(virement))
    alliance.share_all()
    with pytest.raises(Refusal, match="approved, agreed or posted since") as refused:
        partner.workspace.undo().result()
    assert refused.value.code == "settled-since"


def test_an_open_proposal_can_be_undone_and_redone(alliance: Alliance) -> None:
    partner = alliance.desks["a"]
    money.propose(partner.workspace)
    assert partner.workspace.undo().result()
    assert partner.workspace.redo().result()
