"""One door for every change: commands of this laptop and segments of others.

Everything runs inside a transaction of the replica given. A local command is judged
by the same judge as a stranger's segment before it is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from collabdesk.domain.changes import Change
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.engine.committing import Committed, commit
from collabdesk.sync.engine.linking import BATCH
from collabdesk.sync.engine.ports import EngineLog, Identity, OpenSegment, Replica, Session
from collabdesk.sync.engine.rebuilding import rebuild
from collabdesk.sync.engine.receiving import Received, receive
from collabdesk.sync.engine.rejudging import Rejudged, rejudge
from collabdesk.sync.engine.sealing import seal
from collabdesk.sync.registry import Registry
from collabdesk.sync.sealer import Sealer

__all__ = [
    "BATCH",
    "Committed",
    "Engine",
    "EngineLog",
    "Identity",
    "OpenSegment",
    "Received",
    "Rejudged",
    "Replica",
]


class Engine:
    """Commits, seals, receives and rebuilds, over one replica and one rule book."""

    def __init__(  # noqa: PLR0913, PLR0917 - the surroundings of one transaction
        self,
        replica: Replica,
        registry: Registry,
        rulebook: Rulebook,
        identity: Identity | None,
        now_ms: Callable[[], int],
        sealer: Sealer | None = None,
    ) -> None:
        """Work inside the replica's transaction; without identity nothing can be committed.

        Without a sealer nothing confidential can be.
        """
        self._session = Session(replica, registry, rulebook, identity, now_ms, sealer)

    def commit(self, changes: Sequence[Change]) -> Committed:
        """Judge and keep one command's changes; Refusal if they would not be accepted."""
        return commit(self._session, changes)

    def seal(self) -> bytes | None:
        """Sign the open segment and put it in the outbox; return its id, None if none is open."""
        return seal(self._session)

    def receive(self, files: Sequence[bytes]) -> Received:
        """Verify, link, judge and merge segment files, in whatever order they come."""
        return receive(self._session, files)

    def rejudge(self, before: Rulebook) -> Rejudged:
        """Judge again what another rule book than the one before touches."""
        return rejudge(self._session, before)

    def rebuild(self, progress: Callable[[int], None] | None = None) -> None:
        """Drop what is derived and work it all out again from the signed bytes."""
        rebuild(self._session, progress)
