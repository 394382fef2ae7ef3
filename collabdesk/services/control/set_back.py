"""Laptops of which more was set aside than honest work should lose: what a vote could fix."""

from __future__ import annotations

from dataclasses import dataclass

from collabdesk.services.control.heads import Heads
from collabdesk.services.control.naming import Names
from collabdesk.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class SetBack:
    """A laptop whose changes a cut or a suspension sets aside, and how many of them."""

    key: bytes
    laptop: str
    changes: int


def may_bring_back(workspace: Workspace) -> tuple[SetBack, ...]:
    """Return the laptops whose set-aside changes the partners could bring back by a vote.

    Of a laptop that signed two ways nothing can be: its administrator says which stands.
    """
    if not workspace.founded:
        return ()
    names = Names(workspace.book)
    with workspace.database.read() as reads:
        heads = Heads(reads, workspace.book)
        found = [
            SetBack(key, names.laptop(key), count)
            for key in sorted(workspace.book.known_keys)
            if not heads.forked_at(key)
            for head in [heads.verified(key)]
            if head.seq and (count := heads.brought_back(head))
        ]
    return tuple(sorted(found, key=lambda one: one.laptop))
