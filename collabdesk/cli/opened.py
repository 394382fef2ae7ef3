"""A workspace opened for one command, and exchanged with the folder around it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from collabdesk.app import open_store, open_workspace
from collabdesk.services.workspace import Workspace
from collabdesk.sync.stores.port import Store


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Workspace]:
    """Open the workspace named, and close it whatever happens."""
    workspace = open_workspace(options.workspace)
    try:
        yield workspace
    finally:
        workspace.close()


@contextmanager
def shared(options: argparse.Namespace) -> Iterator[tuple[Workspace, Store]]:
    """Open the workspace, share before, so that it acts on the newest, and share after."""
    from collabdesk.services.sharing.cycle import share

    with opened(options) as workspace:
        store = open_store(workspace.about.store)
        share(workspace, store)
        yield workspace, store
        share(workspace, store)
