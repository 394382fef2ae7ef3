"""The laptop stops before or after any lasting step of a sharing: no edit is lost, none doubled.

Each case runs until the crash, opens the workspace again as after a restart, and shares.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection

from collabdesk.services.sharing.verify import verify
from collabdesk.storage.database import Database
from collabdesk.sync import names, segment
from tests.support.alliance import Alliance, Desk, MemoryKeyStore
from tests.support.exchange import M1, a_line, an_edit, in_memory, put_back
from tests.support.memory_store import MemoryStore, Share

STEPS = 19
"""Lasting steps of an edit and its sharing: transactions, secrets and files."""

READING_BACK = 2
"""Of these, the first: the exchange is counted, and the lost chain is taken in."""


class PowerFailedError(BaseException):
    """The laptop stopped here; no code of ours runs on."""


@dataclass
class Countdown:
    """Counts lasting steps, and stops before or after the one chosen."""

    stop_at: int
    before: bool
    steps: int = 0

    def step(self, work: Callable[[], object]) -> None:
        """Do one lasting step, unless the power fails first."""
        self.steps += 1
        if self.steps == self.stop_at and self.before:
            raise PowerFailedError
        work()
        if self.steps == self.stop_at:
            raise PowerFailedError


class Store(MemoryStore):
    """Every file published is a lasting step."""

    def __init__(self, share: Share, countdown: Countdown) -> None:
        super().__init__(share)
        self.countdown = countdown

    def put_new(self, path: str, content: bytes) -> None:
        self.countdown.step(lambda: MemoryStore.put_new(self, path, content))


class Keys(MemoryKeyStore):
    """Every secret kept is a lasting step."""

    def __init__(self, kept: dict[str, bytes], countdown: Countdown) -> None:
        super().__init__(kept)
        self.countdown = countdown

    def put(self, name: str, value: bytes) -> None:
        self.countdown.step(lambda: MemoryKeyStore.put(self, name, value))


@contextmanager
def failing(desk: Desk, share: Share, countdown: Countdown) -> Iterator[None]:
    """Count each transaction, secret and file of a laptop as a lasting step."""
    write = Database.write

    @contextmanager
    def counted(database: Database) -> Iterator[Connection]:
        if database is not desk.workspace.database:
            with write(database) as connection:
                yield connection
            return
        countdown.steps += 1
        strikes = countdown.steps == countdown.stop_at
        with write(database) as connection:
            yield connection
            if strikes and countdown.before:
                raise PowerFailedError
        if strikes:
            raise PowerFailedError

    desk.store = Store(share, countdown)
    desk.workspace.secrets._store = Keys(desk.keys.kept, countdown)  # noqa: SLF001 - as a crash would
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "write", counted)
        yield
    desk.store = MemoryStore(share)


def steps_of_a_sharing(alliance: Alliance) -> int:
    row = a_line(alliance)
    share = in_memory(alliance)
    lead = alliance.desks["lead"]
    prepare(alliance, row)
    countdown = Countdown(0, before=True)
    with failing(lead, share, countdown):
        an_edit(lead, row, 110)
        lead.share()
    return countdown.steps


def prepare(alliance: Alliance, row: bytes) -> None:
    """Let another's edit wait and a day begin, so that the sharing takes in and sends a beacon."""
    alliance.desks["lead"].clock.ms += 24 * 3_600_000
    alliance.desks["a"].share()
    an_edit(alliance.desks["a"], row, 120)
    alliance.desks["a"].share()


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("stop_at", range(1, STEPS + 1))
def test_a_crash_loses_no_edit_and_signs_no_number_twice(
    alliance: Alliance, stop_at: int, *, before: bool
) -> None:
    row = a_line(alliance)
    share = in_memory(alliance)
    lead = alliance.desks["lead"]
    prepare(alliance, row)
    acknowledged: list[int] = []
    with failing(lead, share, Countdown(stop_at, before)), pytest.raises(PowerFailedError):
        work(lead, row, acknowledged)
    lead.reopen()
    kept = {110, 111, 112} if acknowledged else {100, 110, 120}
    assert lead.live(row, M1) & kept
    alliance.share_all(3)
    assert len(alliance.roots) == 1
    assert alliance.desks["b"].live(row, M1) & kept
    assert signed_twice(share) == []
    assert verify(lead.workspace).faults == []


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("stop_at", range(1, READING_BACK + 1))
def test_a_crash_while_a_restored_laptop_reads_back_is_made_good(
    alliance: Alliance, tmp_path: Path, stop_at: int, *, before: bool
) -> None:
    row = a_line(alliance)
    share = in_memory(alliance)
    lead = alliance.desks["lead"]
    an_edit(lead, row, 110)
    with put_back(lead, tmp_path / "kept"):
        lead.share()
        an_edit(lead, row, 111)
        lead.share()
    with failing(lead, share, Countdown(stop_at, before)), pytest.raises(PowerFailedError):
        lead.share()
    lead.reopen()
    lead.share()
    an_edit(lead, row, 112)
    alliance.share_all(3)
    assert len(alliance.roots) == 1
    assert alliance.desks["b"].live(row, M1) == {112}
    assert signed_twice(share) == []
    assert verify(lead.workspace).faults == []


def test_the_steps_tried_are_those_of_a_whole_sharing(alliance: Alliance) -> None:
    assert steps_of_a_sharing(alliance) == STEPS


def work(desk: Desk, row: bytes, acknowledged: list[int]) -> None:
    for pence in (110, 111, 112):
        an_edit(desk, row, pence)
        acknowledged.append(pence)
        desk.share()


def signed_twice(share: Share) -> list[tuple[bytes, int]]:
    """Return the numbers under which more than one change set lies in the folder."""
    files = (content for path, content in share.files.items() if path.endswith(".cds"))
    read = {found.id: found.header for found in map(segment.read, files)}
    counted = Counter((names.dev16(header.dev), header.seq) for header in read.values())
    return [place for place, count in counted.items() if count > 1]
