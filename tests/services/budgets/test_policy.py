from __future__ import annotations

from dataclasses import replace

import pytest

from collabdesk.domain.budgets.approvals import Tier
from collabdesk.domain.changes import OWN, Change, Insert, SetCells
from collabdesk.errors import Refusal
from collabdesk.services.budgets import HANDLERS
from collabdesk.services.budgets import commands as c
from collabdesk.services.budgets.policy import policy
from collabdesk.services.budgets.queries import State
from tests.services.budgets.office import Office


def _sign(office: Office, desk: str, change: Change) -> None:
    """Sign what no command makes: another program could send it."""
    workspace = office.alliance.desks[desk].workspace

    def sign() -> None:
        with workspace.engine() as (engine, _, _):
            engine.commit([change])

    workspace.threads.write(sign).result()
    office.share()


def _tiers(text: str) -> Insert:
    return Insert("policy", OWN, {"key": "virement_tiers", "value": text})


def test_the_declared_scheme_holds_where_nothing_is_signed(unchanged: Office) -> None:
    found = unchanged.ask(policy)
    assert found.tiers[0] == Tier(5_000_000, ("finance_lead", "approver"), 1)
    assert [tier.needed for tier in found.tiers] == [1, 2, 2]
    assert found.own_dispute
    assert len(found.roles) == 3
    assert all("approver" in roles for roles in found.roles.values())


def test_a_partner_cannot_sign_a_policy_for_all(office: Office) -> None:
    with pytest.raises(Refusal, match="no right"):
        _sign(office, "a", _tiers("above: 9 of anybody"))


def test_a_policy_this_version_cannot_read_is_not_guessed(office: Office) -> None:
    before = office.ask(policy).tiers
    _sign(office, "lead", _tiers("as the board sees fit"))
    assert office.ask(policy).tiers == before


def test_a_proposal_no_tier_allows_is_never_ready(agreed: Office) -> None:
    row = agreed.propose(100)
    _sign(agreed, "a", SetCells("virement", row, {"amount_p": -5}))
    seen = agreed.virement(row)
    assert seen.state is State.NOT_ALLOWED
    assert seen.words == "A virement of −£0.05 moves no money forward."
    with pytest.raises(Refusal, match="moves no money forward"):
        agreed.run(c.ApproveVirement(row))


@pytest.mark.parametrize(
    "command", [c.PostReadyVirements(), c.AgreeBudgetVersion(b"?" * 16)], ids=["post", "agree"]
)
def test_another_laptop_of_the_lead_does_not_post(unchanged: Office, command: object) -> None:
    workspace = unchanged.alliance.desks["lead"].workspace
    another = replace(workspace.me(), keeps_ledger=False)
    with (
        workspace.database.read() as reads,
        pytest.raises(Refusal, match="does not keep the ledger") as refused,
    ):
        HANDLERS[type(command)](command, reads, another)
    assert refused.value.code == "keeper_only"
