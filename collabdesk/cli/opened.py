"""What commands have in common: a workspace opened, shared around them, a line of a list."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from collabdesk.app import open_store, open_workspace
from collabdesk.errors import Refusal
from collabdesk.services.workspace import Workspace
from collabdesk.sync.stores.port import Store

_ENOUGH: Final = 8
"""Signs of an id that tell it apart."""


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


def numbered(items: Sequence[Any], typed: str, what: str) -> Any:  # noqa: ANN401 - one of the list
    """Return the item of a list by its number or the beginning of its id; Refusal if none."""
    if typed.isdigit() and 1 <= int(typed) <= len(items):
        return items[int(typed) - 1]
    named = {_name(item.id): item for item in items}
    begun = [name for name in named if len(typed) >= _ENOUGH and name.startswith(typed)]
    if typed in named or len(begun) == 1:
        return named.get(typed) or named[begun[0]]
    raise Refusal(
        code="no-such-number",
        words=f"There is no {what} “{typed}” in the list.",
        remedy="Run the command without it to see the list.",
    )


def _name(item_id: bytes | tuple[bytes, int]) -> str:
    """Return an id as a list shows it to machines."""
    return item_id.hex() if isinstance(item_id, bytes) else f"{item_id[0].hex()}:{item_id[1]}"
