"""A laptop on which an older version is still installed: registry 1 beside registry 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final
from unittest.mock import patch

from sqlalchemy import Connection

from collabdesk.services import workspace as opened
from collabdesk.services.sharing import emitting
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.engine import Engine
from collabdesk.sync.registry import REGISTRY, Registry

OLDER: Final = Registry(1, REGISTRY.rooms)


class OlderWorkspace(Workspace):
    """A workspace that knows what version 1 knew; what is newer waits until the upgrade."""

    @contextmanager
    def engine(self) -> Iterator[tuple[Engine, SqliteReplica, Connection]]:
        """Open a transaction with an engine of the older registry over it."""
        with (
            patch.object(opened, "REGISTRY", OLDER),
            patch.object(opened, "SqliteReplica", partial(SqliteReplica, registry=OLDER)),
            super().engine() as engine,
        ):
            yield engine


@contextmanager
def mixed() -> Iterator[None]:
    """Let older versions stay silent where only the newer one has something to say."""
    emit = emitting.emit

    def emit_if_newer(workspace: Workspace) -> bool:
        return not isinstance(workspace, OlderWorkspace) and emit(workspace)

    with patch.object(emitting, "emit", emit_if_newer):
        yield
