from __future__ import annotations

from dataclasses import replace

from collabdesk.domain.budgets.approvals import Tier
from collabdesk.domain.budgets.ledger import LineKey, Recurrence
from collabdesk.domain.budgets.splitting import Proposed
from collabdesk.domain.budgets.virement import Virement
from collabdesk.domain.changes import Approve
from collabdesk.services.budgets.policy import Policy
from collabdesk.services.budgets.queries import State
from collabdesk.services.budgets.virements.proposals import Count, Writers, count_of, who
from collabdesk.services.budgets.virements.virements import MONEY
from collabdesk.storage.queries.approvals import Approval
from collabdesk.storage.queries.authors import Author
from tests.services.budgets.office import Office

PROPOSER = Author(b"o" * 16, b"p" * 16, b"d" * 16, 1, 0, b"")
COLLEAGUE = replace(PROPOSER, person=b"q" * 16, device=b"e" * 16)
STRANGER = replace(PROPOSER, organisation=b"x" * 16, person=b"r" * 16, device=b"f" * 16)
VIREMENT = Virement(
    "2026/27", LineKey(b"1", "RHA"), LineKey(b"2", "RHA"), 5, 3, Recurrence.RECURRENT, "Why"
)


def _counted(*approvers: Author, writers: frozenset[str] = frozenset()) -> tuple[str, ...]:
    agreed = Policy((Tier(None, (), 1),), own_dispute=True)
    proposed = Proposed(b"v", who(PROPOSER), VIREMENT)
    names = writers | {who(PROPOSER)}
    given = [
        Approval((one.device, 1, n), one, withdrawn=False, current=True)
        for n, one in enumerate(approvers)
    ]
    found = count_of(proposed, Writers(PROPOSER, names), given, [], agreed)
    assert isinstance(found, Count)
    return found.tally.counted


def test_somebody_elses_approval_counts() -> None:
    assert _counted(STRANGER) == (who(STRANGER),)
    assert _counted(COLLEAGUE) == (who(COLLEAGUE),)


def test_whoever_wrote_one_of_the_figures_approves_nothing() -> None:
    assert _counted(COLLEAGUE, writers=frozenset({who(COLLEAGUE)})) == ()


def test_the_proposers_laptop_approves_nothing_for_anybody() -> None:
    assert _counted(replace(STRANGER, device=PROPOSER.device)) == ()


def _approve_past_the_rules(office: Office, desk: str, row: bytes, *columns: str) -> None:
    workspace = office.alliance.desks[desk].workspace

    def sign() -> None:
        with workspace.engine() as (engine, _, _):
            engine.commit([Approve("virement", row, columns)])

    workspace.threads.write(sign).result()
    office.share()


def test_an_approval_of_ones_own_signed_past_the_rules_does_not_count(agreed: Office) -> None:
    row = agreed.propose(100)
    _approve_past_the_rules(agreed, "a", row, *MONEY)
    assert (agreed.virement(row).counted, agreed.virement(row).state) == (0, State.PROPOSED)


def test_an_approval_of_the_amount_alone_is_none_of_the_virement(agreed: Office) -> None:
    row = agreed.propose(100)
    agreed.share()
    _approve_past_the_rules(agreed, "b", row, "amount_p")
    assert (agreed.virement(row).counted, agreed.virement(row).state) == (0, State.STALE)
