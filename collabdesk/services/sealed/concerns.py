"""What a restricted value is about: whose row, which partner, and who is conflicted in it."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import Connection

from collabdesk.errors import Refusal
from collabdesk.storage.queries.sealed import Interest, hard_interests, scope_of
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.readership import Concern, Reader, readers
from collabdesk.sync.registry.model import ITSELF, ReadClass, Table
from collabdesk.sync.sealer import RowInHand


class Readership:
    """Who may read which value now, by the newest rosters and the interests declared."""

    def __init__(self, reads: Connection, book: Rulebook) -> None:
        """Read on a connection, under these rules."""
        self._reads = reads
        self._book = book
        self._known: dict[tuple[ReadClass, Concern], dict[bytes, Reader]] = {}

    def of(self, read: ReadClass, table: Table, at: RowInHand) -> dict[bytes, Reader]:
        """Return the laptops that may read a value of a row, by 16-byte short name.

        Refusal where what the value is about is not here: nobody can be told apart then.
        """
        concern = self.concern(read, table, at)
        if (read, concern) not in self._known:
            self._known[read, concern] = readers(self._book, read, concern)
        return self._known[read, concern]

    def concern(self, read: ReadClass, table: Table, at: RowInHand) -> Concern:
        """Return what a value of a row is about."""
        owner = at.scope if isinstance(at.scope, bytes) else None
        party = _organisation(table, at, read.party) if read.party else None
        if not read.item:
            return Concern(owner, party)
        if read.item == ITSELF:
            return Concern(owner, party, self._barred(at.row, owner))
        item = at.cells.get(table.by_name[read.item].number)
        whose = scope_of(self._reads, item) if isinstance(item, bytes) else None
        if whose is None or not isinstance(item, bytes):
            raise Refusal(
                code="item-not-here",
                words="What this is about is not on this laptop, "
                "so nobody can say who may read it.",
                remedy="Share to fetch it, then enter this again.",
                field=read.item,
            )
        return Concern(owner, party, self._barred(item, whose), frozenset((whose,)))

    @cached_property
    def _interests(self) -> tuple[Interest, ...]:
        return hard_interests(self._reads)

    def _barred(self, item: bytes | None, whose: bytes | None) -> frozenset[tuple[bytes, bytes]]:
        """Return the people with a hard interest in a record or in the organisation whose it is.

        Their own organisation declares it, or the lead provider does for anybody.
        """
        lead = self._book.epoch.lead
        everybody = [entry.org for entry in self._book.epoch.orgs]
        return frozenset(
            (organisation, interest.person)
            for interest in self._interests
            if _touches(interest, item, whose)
            for organisation in (everybody if interest.scope == lead else [interest.scope])
        )


def _touches(interest: Interest, item: bytes | None, whose: bytes | None) -> bool:
    in_item = interest.proposal is not None and interest.proposal == item
    return in_item or (interest.organisation is not None and interest.organisation == whose)


def _organisation(table: Table, at: RowInHand, column: str) -> bytes | None:
    named = at.cells.get(table.by_name[column].number)
    return named if isinstance(named, bytes) else None
