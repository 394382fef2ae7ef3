"""Files that are not what they should be: named with their reason, and mended by their owner."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from nacl.signing import SigningKey

from collabdesk.services.sharing.verify import verify
from collabdesk.sync import names, segment
from collabdesk.sync.hashing import Z
from tests.support.alliance import Alliance, Desk
from tests.support.exchange import M1, a_line, an_edit, in_memory
from tests.support.memory_store import Share
from tests.support.paper_alliance import PaperAlliance, plan_line


def newest_of(kept: Share, desk: Desk) -> str:
    folder = f"/d/{names.dev26(desk.workspace.about.key)}/"
    return max(path for path in kept.files if folder in path and path.endswith(".cds"))


def forge(content: bytes, key: SigningKey, **changes: object) -> bytes:
    """Return a segment file with fields of its header changed, signed with a key."""
    read = segment.read(content)
    header = read.header._replace(**changes)  # type: ignore[arg-type]
    return segment.assemble(header, read.body, key)


STRANGER = SigningKey(bytes([9]) * 32)
Spoiled = Callable[[Desk, bytes], bytes]
SPOILED: dict[str, tuple[Spoiled, str]] = {
    "half written": (lambda _, file: file[: len(file) // 2], "truncated"),
    "a few bytes": (lambda _, file: file[:3], "truncated"),
    "trailing bytes": (lambda _, file: file + b"x", "trailing-bytes"),
    "not a change set": (lambda _, __: b"PK\x03\x04 a spreadsheet", "magic"),
    "a bit flipped in the body": (lambda _, file: file[:-1] + bytes([file[-1] ^ 1]), "body-hash"),
    "a bit flipped in the header": (
        lambda _, file: file[:60] + bytes([file[60] ^ 1]) + file[61:],
        "name",
    ),
    "a forged signature": (
        lambda _, file: _with_signature(file, bytes(64)),
        "signature",
    ),
    "another's signature": (
        lambda _, file: _with_signature(
            file, STRANGER.sign(segment.SIGNATURE_DOMAIN + _header(file)).signature
        ),
        "signature",
    ),
}


def _header(file: bytes) -> bytes:
    return segment.read(file).header_bytes


def _with_signature(file: bytes, signature: bytes) -> bytes:
    at = len(segment.MAGIC) + 4 + len(_header(file))
    return file[:at] + signature + file[at + 64 :]


@pytest.mark.parametrize("name", SPOILED)
def test_a_spoiled_file_is_named_with_its_reason_and_mended(alliance: Alliance, name: str) -> None:
    spoil, code = SPOILED[name]
    row = a_line(alliance)
    kept = in_memory(alliance)
    lead, a, b = alliance.desks.values()
    an_edit(a, row, 42)
    a.share()
    path = newest_of(kept, a)
    good = kept.files[path]
    kept.files[path] = spoil(a, good)
    report = b.share()
    refused = {(one.path, one.code) for one in report.refused}
    assert (path, code) in refused or report.not_yet == [path]
    assert b.live(row, M1) == {100}
    assert all(one.words for one in report.refused)
    put_back = a.share().put_back
    assert (put_back, kept.files[path]) == ([path], good)
    alliance.share_all()
    assert lead.live(row, M1) == {42}
    assert len(alliance.roots) == 1
    assert verify(b.workspace).sound


def test_a_bomb_of_an_enrolled_laptop_is_refused(alliance: Alliance) -> None:
    row = a_line(alliance)
    kept = in_memory(alliance)
    lead, a, b = alliance.desks.values()
    key = a.workspace.keys().signing
    good = kept.files[newest_of(kept, lead)]
    me = a.workspace.about.key
    bomb = forge(good, key, dev=me, seq=1, prev=Z, parents=(), plain_len=65_536)
    read = segment.read(bomb)
    place = names.segment_path("rp7", a.workspace.about.key, 1, read.id)
    root = names.workspace_folder(a.workspace.about.workspace)
    kept.files[f"{root}/{place}"] = bomb
    report = b.share()
    assert [(one.path, one.code) for one in report.refused] == [(f"{root}/{place}", "inflate")]
    assert b.live(row, M1) == {100}


def test_a_change_set_of_another_workspace_is_refused(alliance: Alliance) -> None:
    a_line(alliance)
    kept = in_memory(alliance)
    lead, _, b = alliance.desks.values()
    good = kept.files[newest_of(kept, lead)]
    alien = forge(good, lead.workspace.keys().signing, ws=bytes([1]) * 32)
    folder = newest_of(kept, lead).rpartition("/")[0]
    path = f"{folder}/{2:010d}-{names.id26(segment.read(alien).id)}.cds"
    kept.files[path] = alien
    before = b.root
    report = b.share()
    assert [(one.path, one.code) for one in report.refused] == [(path, "workspace")]
    assert b.root == before


def test_a_strangers_change_set_waits_outside(alliance: Alliance) -> None:
    a_line(alliance)
    kept = in_memory(alliance)
    paper = PaperAlliance()
    stranger = paper["lead"]
    stranger.workspace = alliance.desks["lead"].workspace.about.workspace
    written = stranger.write(plan_line(666))
    root = names.workspace_folder(stranger.workspace)
    healed = f"{root}/{names.healed_path('rha', written.id)}"
    kept.files[healed] = written.file
    before = alliance.desks["b"].root
    report = alliance.desks["b"].share()
    assert (report.segments, report.refused) == (0, [])
    assert alliance.desks["b"].root == before
