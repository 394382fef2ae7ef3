"""Every name in the shared folder is derived, and only such names are read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.sync import names

KEYS = st.binary(min_size=32, max_size=32)
SEQS = st.integers(1, names.MAX_SEQ)


@given(KEYS, SEQS, KEYS)
def test_a_segments_path_reads_back(key: bytes, seq: int, identity: bytes) -> None:
    o, slot, d, device, bucket, name = names.segment_path("lead", key, seq, identity).split("/")
    assert (o, slot, d) == ("o", "lead", "d")
    assert names.is_device_folder(device)
    assert device == names.dev26(key)
    assert names.read_bucket(bucket) == seq // 256
    assert names.read_segment_name(name) == names.SegmentName(seq, names.id26(identity))
    assert len(name) <= 112


@given(KEYS)
def test_other_paths_read_back(digest: bytes) -> None:
    healed = names.healed_path("s", digest).rsplit("/", 1)[1]
    record = names.record_path("s", digest).rsplit("/", 1)[1]
    _, _, b, fan, blob = names.blob_path("s", digest).split("/")
    request = names.join_path("s", digest).rsplit("/", 1)[1]
    genesis = names.genesis_path(digest).split("/")
    assert names.read_healed_name(healed) == names.id26(digest)
    assert names.read_record_name(record) == names.file26(digest)
    assert names.read_blob_name(blob) == names.hash52(digest)
    assert (b, fan) == ("b", blob[:2])
    assert names.is_fan_folder(fan)
    assert names.read_join_name(request) == names.dev26(digest)
    assert genesis[0] == "g"
    assert names.read_record_name(genesis[1]) == names.ws26(digest)
    assert names.read_workspace_folder(names.workspace_folder(digest)) == names.ws26(digest)


def test_buckets_hold_256_segments_and_grow_past_six_digits() -> None:
    assert [names.bucket(seq) for seq in (1, 255, 256, 511, 512)] == [
        "000000",
        "000000",
        "000001",
        "000001",
        "000002",
    ]
    assert names.read_bucket(names.bucket(names.MAX_SEQ)) == 16_777_215
    assert names.read_bucket("0000001") is None


@pytest.mark.parametrize(
    "name",
    [
        "0000000000-vnlz4rbnainp2kbjncmry2v56l.cds",
        "4294967296-vnlz4rbnainp2kbjncmry2v56l.cds",
        "0000000001-vnlz4rbnainp2kbjncmry2v56l.CDS",
        "0000000001-VNLZ4RBNAINP2KBJNCMRY2V56L.cds",
        "0000000001-vnlz4rbnainp2kbjncmry2v56l (1).cds",
        "0000000001-vnlz4rbnainp2kbjncmry2v56l.cds\n",
        "../0000000001-vnlz4rbnainp2kbjncmry2v56l.cds",
        "\u0660000000001-vnlz4rbnainp2kbjncmry2v56l.cds",
        "1-vnlz4rbnainp2kbjncmry2v56l.cds",
        "vnlz4rbnainp2kbjncmry2v56l.cds",
        "",
    ],
)
def test_a_name_that_is_not_ours_is_not_read(name: str) -> None:
    assert names.read_segment_name(name) is None
    assert names.read_record_name(name) is None
    assert names.read_blob_name(name) is None
    assert names.read_join_name(name) is None
    assert names.read_workspace_folder(name) is None
    assert names.read_bucket(name) is None


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("0000000001-vnlz4rbnainp2kbjncmry2v56l-DESKTOP-AB12.cds", "cds"),
        ("0000000001-vnlz4rbnainp2kbjncmry2v56l (1).cds", "cds"),
        ("0000000001-vnlz.sync-conflict-20260101-101010-ABC.CDS", "cds"),
        ("VNLZ4RBNAINP2KBJNCMRY2V56L.CDC", "cdc"),
        ("x.cdb", "cdb"),
        ("x.Cdj", "cdj"),
        ("x.cds.tmp", None),
        (".cds", None),
        ("x.cdp", None),
        ("a/x.cds", None),
        ("x.cds:stream", None),
        ("x" * 252 + ".cds", None),
    ],
)
def test_a_renamed_copy_is_worth_a_look(name: str, suffix: str | None) -> None:
    assert names.salvage_suffix(name) == suffix


@pytest.mark.parametrize("slot", ["lead", "a", "0123456789abcdef"])
def test_a_slot_is_a_short_plain_name(slot: str) -> None:
    assert names.is_slot(slot)


@pytest.mark.parametrize("slot", ["", "..", "Lead", "a-b", "0123456789abcdefg", "a/b", "é"])
def test_nothing_else_is_a_slot(slot: str) -> None:
    assert not names.is_slot(slot)
    with pytest.raises(ValueError, match="not a slot"):
        names.healed_path(slot, bytes(32))


def test_a_slot_nobody_chose_is_derived() -> None:
    assert names.default_slot(bytes([0xA0]) * 16) == "3poymipd"
    assert names.newcomer_slot(b"k" * 32) == names.dev26(b"k" * 32)[:8]


def test_names_of_a_device_agree() -> None:
    key = b"k" * 32
    assert names.dev16(key) == names.devhash(key)[:16]
    assert names.base32(names.devhash(key)).startswith(names.dev26(key))
    assert len(names.base32(names.devhash(key))) == 52


def test_a_renamed_copy_is_no_file_of_ours() -> None:
    own = names.segment_path("rha", bytes(32), 7, bytes(32))
    assert names.is_own_file(own)
    assert names.is_own_file(names.healed_path("rha", bytes(32)))
    assert not names.is_own_file(own.replace(".cds", " (1).cds"))
    assert not names.is_own_file(own.upper())
