"""Strangers' signatures on a record: kept by nobody's fault, and in nobody's way."""

from __future__ import annotations

import pytest
from nacl.signing import SigningKey

from collabdesk.services.sharing.cycle import republish
from collabdesk.services.sharing.publish import root_of
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import records
from collabdesk.sync.names import record_path
from tests.support.alliance import Alliance


@pytest.mark.parametrize("strangers", [63, 120])
def test_a_record_with_too_many_signatures_is_put_back_with_those_that_count(
    alliance: Alliance, strangers: int
) -> None:
    lead, a = alliance.desks["lead"], alliance.desks["a"]
    head = lead.workspace.book.head
    (file,) = (
        one for rid, one in lead.workspace.write(SqliteReplica.stored_records) if rid == head.id
    )
    for start in range(0, strangers, 60):
        keys = [SigningKey((start + at).to_bytes(32, "big")) for at in range(60)]
        added = records.unite(file, records.sign_record(file.record_bytes, *keys))
        content = records.write_file(added)
        a.store.put_new(f"{root_of(a.workspace)}/{record_path('zz', content)}", content)
    alliance.share_all(2)
    republish(lead.workspace)
    lead.share()
    out = [
        records.read_file(found.read_bytes())
        for found in (alliance.share_folder.rglob("o/rha/c/*.cdc"))
    ]
    signed = [records.valid_signers(one) for one in out if one.record_bytes == file.record_bytes]
    assert any(head.signers <= signers for signers in signed)
    assert len(alliance.roots) == 1
