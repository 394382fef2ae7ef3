"""What the control records show that people must know of: nobody is silently out-voted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from collabdesk.sync.authority.adoption import Adoption
from collabdesk.sync.authority.contradictions import double_statements
from collabdesk.sync.authority.held import Held, epoch_of
from collabdesk.sync.records import Proof

TIED: Final = "tied-epochs"
DOUBLE_STATEMENT: Final = "double-statement"
ROSTER_FORK: Final = "roster-fork"
EQUIVOCATION: Final = "equivocation"


@dataclass(frozen=True, slots=True)
class ControlAlarm:
    """One thing shown: the organisations and laptop keys it names, the records that show it."""

    kind: str
    organisations: tuple[bytes, ...] = ()
    records: tuple[bytes, ...] = ()
    keys: tuple[bytes, ...] = ()
    number: int = 0


def alarms(adoption: Adoption, known: frozenset[bytes]) -> Iterator[ControlAlarm]:
    """Yield what the records held show, in a fixed order."""
    if adoption.tied:
        number = epoch_of(adoption.tied[0]).n
        yield ControlAlarm(TIED, records=tuple(held.id for held in adoption.tied), number=number)
    for node in adoption.tree.nodes:
        drafts = _by_attempt(adoption, node)
        for org, attempt in double_statements(adoption.records, node):
            shown = tuple(drafts[attempt])
            yield ControlAlarm(DOUBLE_STATEMENT, (org,), shown, number=epoch_of(node).n + 1)
    for org in sorted(adoption.forked_rosters):
        yield ControlAlarm(ROSTER_FORK, (org,))
    for record_id, proof in adoption.records.proofs:
        if proves(proof, known):
            yield ControlAlarm(EQUIVOCATION, records=(record_id,), keys=(proof.dev,))


def _by_attempt(adoption: Adoption, node: Held) -> dict[int, list[bytes]]:
    drafts: dict[int, list[bytes]] = {}
    for held in adoption.records.epochs_after(node.id):
        drafts.setdefault(epoch_of(held).attempt, []).append(held.id)
    return drafts


def proves(proof: Proof, known: frozenset[bytes]) -> bool:
    """Tell whether a proof shows that a known device signed two ways."""
    return proof.dev in known and proof.holds()
