"""Laptops that signed two ways: what shows it, and which version stands."""

from __future__ import annotations

from dataclasses import dataclass

from collabdesk.services.control.heads import Branch, Heads
from collabdesk.services.control.naming import Names
from collabdesk.services.workspace import Workspace
from collabdesk.sync.names import dev16


@dataclass(frozen=True, slots=True)
class SignedTwoWays:
    """A laptop that signed two change sets under one number, and the versions held of it.

    `settled` tells whether a record says which version stands; `proved` whether a proof is
    kept that any partner can check by itself.
    """

    key: bytes
    laptop: str
    number: int
    branches: tuple[Branch, ...]
    settled: bool
    proved: bool

    @property
    def words(self) -> str:
        """What happened, what was protected and what to do, in sentences."""
        said = (
            f"{self.laptop} signed two different change sets under number {self.number}. "
            "What it shared before that stands; what came after is set aside. "
        )
        if self.settled:
            return f"{said}It is settled which version stands."
        return (
            f"{said}Its administrator retires it and says which version stands, then enrols "
            "another laptop in its place."
        )


def signed_two_ways(workspace: Workspace) -> tuple[SignedTwoWays, ...]:
    """Return the laptops that signed two ways, as far as is known here."""
    if not workspace.founded:
        return ()
    book, names = workspace.book, Names(workspace.book)
    with workspace.database.read() as reads:
        heads = Heads(reads, book)
        return tuple(
            SignedTwoWays(
                key=key,
                laptop=names.laptop(key),
                number=number,
                branches=heads.branches(key),
                settled=book.settled_cut(key, names.owner(key), number) is not None,
                proved=dev16(key) in book.proved_forks,
            )
            for key in sorted(book.known_keys)
            if (number := heads.forked_at(key))
        )
