"""Who can read what: every restricted table, its readers, and what each of them can open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.services import membership
from collabdesk.services.control.naming import Names
from collabdesk.services.membership import Member
from collabdesk.services.sealed.granting import could_open
from collabdesk.services.sealed.survey import Entry, entries
from collabdesk.storage.queries.sealed import RESTRICTED
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.names import dev16
from collabdesk.sync.readership import is_recovery_key
from collabdesk.sync.records import Device
from collabdesk.sync.registry.model import ReadClass, Table


@dataclass(frozen=True, slots=True)
class LaptopReads:
    """What one laptop can open of a table: counts of entries.

    `may_read` by the rules in force; `opens` holds a box of; `waits` may read and has no box;
    `kept` has a box of though it may not read it any more, which nobody can take back;
    `offered` of those that wait, this laptop could let it in to. Without `can_be_let_in` it
    has no sealing key. A recovery key is no laptop. A laptop that is no longer enrolled is
    listed, without a `member`, while it has a box of something.
    """

    dev16: bytes
    member: Member | None
    organisation: bytes
    label: str
    is_recovery: bool
    can_be_let_in: bool
    may_read: int
    opens: int
    waits: int
    kept: int
    offered: int


@dataclass(frozen=True, slots=True)
class RestrictedTable:
    """One kind of confidential record: who reads it in words, its columns, and its entries."""

    table: str
    words: tuple[str, ...]
    columns: tuple[str, ...]
    entries: int
    laptops: tuple[LaptopReads, ...]

    @property
    def waits(self) -> int:
        """The entries that wait for somebody to let a laptop in, each laptop counted."""
        return sum(laptop.waits for laptop in self.laptops)


def who_can_read(reads: Connection, book: Rulebook, key: bytes) -> tuple[RestrictedTable, ...]:
    """Return every restricted table, as the laptop of a key sees it; nothing is opened."""
    found: dict[str, list[Entry]] = {table.name: [] for table in RESTRICTED}
    for entry in entries(reads, book):
        found[entry.cells[0].table.name].append(entry)
    return tuple(_restricted(table, found[table.name], book, dev16(key)) for table in RESTRICTED)


def _restricted(table: Table, found: list[Entry], book: Rulebook, mine: bytes) -> RestrictedTable:
    classes: dict[ReadClass, None] = dict.fromkeys(table.sealed.values())
    return RestrictedTable(
        table.name,
        tuple(read.words for read in classes),
        tuple(table.by_number[number].name for number in table.sealed),
        len(found),
        tuple(_laptops(found, book, mine)),
    )


def _laptops(found: list[Entry], book: Rulebook, mine: bytes) -> Iterable[LaptopReads]:
    members: Mapping[bytes, Member] = membership.members(book)
    listed: set[bytes] = set()
    for entry in book.epoch.orgs:
        roster = book.roster(entry.org)
        for device in roster.devices if roster else ():
            short = dev16(device.key)
            listed.add(short)
            member = None if is_recovery_key(device) else members.get(short)
            yield _counted(found, mine, _Named(short, member, entry.org, device))
    names = Names(book)
    for short in sorted(frozenset().union(*(one.holders for one in found)) - listed):
        key = book.known_devices.get(short)
        once = names.device(key) if key else None
        if key is not None and once is not None:
            yield _counted(found, mine, _Named(short, None, names.owner(key) or b"", once))


@dataclass(frozen=True, slots=True)
class _Named:
    """A laptop or recovery key of a roster, in force or once."""

    short: bytes
    member: Member | None
    organisation: bytes
    device: Device


def _counted(found: list[Entry], mine: bytes, named: _Named) -> LaptopReads:
    short, device = named.short, named.device
    opens = [one for one in found if short in one.holders]
    waits = [one for one in found if short in one.waiting]
    return LaptopReads(
        short,
        named.member,
        named.organisation,
        device.label,
        is_recovery_key(device),
        device.seal_key is not None,
        sum(short in one.readers for one in found),
        len(opens),
        len(waits),
        sum(short not in one.readers for one in opens),
        sum(could_open(one, mine) for one in waits) if short != mine else 0,
    )
