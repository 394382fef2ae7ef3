"""A shared folder that fails, is empty or is another's: told in words, and nothing is lost."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from collabdesk.errors import NotPossible
from collabdesk.services.sharing.cycle import republish
from collabdesk.sync.stores.refusals import share_full, share_not_found, share_read_only
from tests.support.alliance import Alliance, found_alliance
from tests.support.exchange import M1, a_line, an_edit, in_memory
from tests.support.memory_store import MemoryStore, Share


class Failing(MemoryStore):
    """Does as it is told until a call of one kind, which raises."""

    def __init__(self, share_: Share, call: str, error: Exception, after: int = 0) -> None:
        super().__init__(share_)
        self.call, self.error, self.left = call, error, after

    def get(self, path: str, limit: int) -> bytes | None:
        self._maybe("get")
        return super().get(path, limit)

    def put_new(self, path: str, content: bytes) -> None:
        self._maybe("put_new")
        super().put_new(path, content)

    def _maybe(self, call: str) -> None:
        if call == self.call:
            self.left -= 1
            if self.left < 0:
                raise self.error


ROOT = Path("memory")
FAULTS = (share_not_found(ROOT), share_full(ROOT), share_read_only(ROOT, "o"))
CALLS = [("get", 0), ("get", 1), ("get", 2), ("put_new", 0), ("put_new", 1)]


@pytest.mark.parametrize(("call", "after"), CALLS)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.code)
def test_a_share_that_fails_in_the_middle_loses_nothing(
    alliance: Alliance, call: str, after: int, fault: NotPossible
) -> None:
    row = a_line(alliance)
    kept = in_memory(alliance)
    lead, a, b = alliance.desks.values()
    an_edit(a, row, 110)
    a.share()
    an_edit(lead, row, 120)
    lead.store = Failing(kept, call, fault, after)
    with suppress(NotPossible):
        lead.share()
    assert lead.store.left < 0, "the fault struck"
    lead.store = MemoryStore(kept)
    alliance.share_all()
    assert b.live(row, M1) == {110, 120}
    assert len(alliance.roots) == 1


def test_an_empty_share_deletes_nothing_and_can_be_filled_again(alliance: Alliance) -> None:
    row = a_line(alliance)
    lead, a, b = alliance.desks.values()
    before = lead.root
    shutil.rmtree(alliance.share_folder)
    alliance.share_folder.mkdir()
    with pytest.raises(NotPossible, match="Nothing was deleted here") as refused:
        lead.share()
    assert (refused.value.code, refused.value.field) == ("empty-share", "store")
    assert "Publish everything again" in refused.value.remedy
    assert lead.root == before
    republish(lead.workspace)
    alliance.share_all()
    an_edit(a, row, 5)
    alliance.share_all()
    assert b.live(row, M1) == {5}
    assert len(alliance.roots) == 1


def test_a_strangers_share_is_named(alliance: Alliance, tmp_path: Path) -> None:
    a_line(alliance)
    other = found_alliance(tmp_path / "other", ())
    lead = alliance.desks["lead"]
    lead.store = other.desks["lead"].store
    held = {p: p.stat().st_size for p in other.share_folder.rglob("*")}
    with pytest.raises(NotPossible, match="another workspace") as refused:
        lead.share()
    assert refused.value.code == "foreign-share"
    assert {p: p.stat().st_size for p in other.share_folder.rglob("*")} == held
    other.close()


def test_a_folder_that_takes_and_does_not_give_back(alliance: Alliance) -> None:
    class Forgetful(MemoryStore):
        def get(self, path: str, limit: int) -> bytes | None:
            return None if path.endswith(".cds") else super().get(path, limit)

    row = a_line(alliance)
    kept = in_memory(alliance)
    lead, _, b = alliance.desks.values()
    an_edit(lead, row, 7)
    lead.store = Forgetful(kept)
    with pytest.raises(NotPossible, match="does not give it back") as refused:
        lead.share()
    assert refused.value.code == "not-read-back"
    lead.store = MemoryStore(kept)
    alliance.share_all()
    assert b.live(row, M1) == {7}
