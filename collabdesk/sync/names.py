"""Where each file lies in the shared folder, and what a name found there may be.

Paths are relative to the workspace's folder and use "/". A name is a hint only: what a
file is, its content says. Nothing read from a file becomes a path except through here.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Final

from collabdesk.sync.hashing import H, sha256

SEGMENT: Final = "cds"
RECORD: Final = "cdc"
BLOB: Final = "cdb"
JOIN: Final = "cdj"

BUCKET_SIZE: Final = 256
MAX_SEQ: Final = 2**32 - 1
MAX_NAME: Final = 255

_B26: Final = "[a-z2-7]{26}"
_B52: Final = "[a-z2-7]{52}"
_WORKSPACE: Final = re.compile(rf"cd1-({_B26})", re.ASCII)
_SLOT: Final = re.compile(r"[a-z0-9]{1,16}", re.ASCII)
_DEVICE: Final = re.compile(_B26, re.ASCII)
_BUCKET: Final = re.compile(r"[0-9]{6}|[1-9][0-9]{6,7}", re.ASCII)
_FAN: Final = re.compile(r"[a-z2-7]{2}", re.ASCII)
_SEGMENT_NAME: Final = re.compile(rf"([0-9]{{10}})-({_B26})\.cds", re.ASCII)
_HEALED_NAME: Final = re.compile(rf"({_B26})\.cds", re.ASCII)
_RECORD_NAME: Final = re.compile(rf"({_B26})\.cdc", re.ASCII)
_BLOB_NAME: Final = re.compile(rf"({_B52})\.cdb", re.ASCII)
_JOIN_NAME: Final = re.compile(rf"({_B26})\.cdj", re.ASCII)
_SALVAGE: Final = re.compile(r"[^/\\\0]+\.(cds|cdc|cdb|cdj)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SegmentName:
    """What a segment's name claims: its number in its chain and the start of its id."""

    seq: int
    id26: str


def base32(digest: bytes) -> str:
    """Return lower-case RFC 4648 base32 without padding."""
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()


def first26(digest: bytes) -> str:
    """Return the first 26 characters (130 bits) of a digest's base32."""
    return base32(digest)[:26]


def devhash(key: bytes) -> bytes:
    """Return the digest that stands for a device's public key in names and words."""
    return H("collabdesk/dev/1", key)


def dev16(key: bytes) -> bytes:
    """Return the 16 bytes that stand for a device inside segments."""
    return devhash(key)[:16]


def dev26(key: bytes) -> str:
    """Return the 26 characters that stand for a device in folder and file names."""
    return first26(devhash(key))


def ws26(workspace: bytes) -> str:
    """Return the 26 characters that stand for a workspace."""
    return first26(workspace)


def id26(segment_id: bytes) -> str:
    """Return the 26 characters that stand for a segment."""
    return first26(segment_id)


def file26(content: bytes) -> str:
    """Return the 26 characters that name a record file, from the whole of it."""
    return first26(H("collabdesk/file/1", content))


def hash52(chunk_hash: bytes) -> str:
    """Return the 52 characters that name a blob chunk."""
    return base32(chunk_hash)


def hash_of(hash52_: str) -> bytes:
    """Return the digest that 52 characters stand for."""
    return base64.b32decode(hash52_.upper() + "====")


def at_least(first26_: str) -> bytes:
    """Return the least digest whose first 26 characters are these."""
    return base64.b32decode(first26_.upper() + "a" * 26 + "====", casefold=True)


def default_slot(org: bytes) -> str:
    """Return the slot of an organisation that was given none."""
    return base32(sha256(org))[:8]


def newcomer_slot(dev_key: bytes) -> str:
    """Return the slot of a laptop that does not yet know its organisation."""
    return dev26(dev_key)[:8]


def is_slot(name: str) -> bool:
    """Tell whether a folder below `o/` may be an organisation's."""
    return _SLOT.fullmatch(name) is not None


def workspace_folder(workspace: bytes) -> str:
    """Return the name of the workspace's folder."""
    return f"cd1-{ws26(workspace)}"


def genesis_path(workspace: bytes) -> str:
    """Return where the founder writes the genesis record."""
    return f"g/{ws26(workspace)}.{RECORD}"


def bucket(seq: int) -> str:
    """Return the folder name of the 256 segments around this number."""
    return f"{seq // BUCKET_SIZE:06d}"


def device_folder(slot: str, dev_key: bytes) -> str:
    """Return the folder of one device's segments in a slot."""
    return f"{_slot_folder(slot)}/d/{dev26(dev_key)}"


def segment_path(slot: str, dev_key: bytes, seq: int, seg_id: bytes) -> str:
    """Return where a device publishes its segment."""
    return f"{device_folder(slot, dev_key)}/{bucket(seq)}/{seq:010d}-{id26(seg_id)}.{SEGMENT}"


def healed_path(slot: str, seg_id: bytes) -> str:
    """Return where anybody puts back a copy of somebody's segment."""
    return f"{_slot_folder(slot)}/h/{id26(seg_id)}.{SEGMENT}"


def record_path(slot: str, content: bytes) -> str:
    """Return where a record file with this content is published."""
    return f"{_slot_folder(slot)}/c/{file26(content)}.{RECORD}"


def blob_path(slot: str, chunk_hash: bytes) -> str:
    """Return where a blob chunk is published."""
    name = hash52(chunk_hash)
    return f"{_slot_folder(slot)}/b/{name[:2]}/{name}.{BLOB}"


def join_path(slot: str, dev_key: bytes) -> str:
    """Return where a laptop asks to be enrolled."""
    return f"{_slot_folder(slot)}/j/{dev26(dev_key)}.{JOIN}"


def read_workspace_folder(name: str) -> str | None:
    """Return the ws26 of a workspace folder's name."""
    return _single(_WORKSPACE, name)


def is_device_folder(name: str) -> bool:
    """Tell whether a folder below `d/` may be a device's."""
    return _DEVICE.fullmatch(name) is not None


def read_bucket(name: str) -> int | None:
    """Return the number of a bucket folder."""
    return int(name) if _BUCKET.fullmatch(name) else None


def is_fan_folder(name: str) -> bool:
    """Tell whether a folder below `b/` may hold blob chunks."""
    return _FAN.fullmatch(name) is not None


def read_segment_name(name: str) -> SegmentName | None:
    """Return the claims of a segment's file name."""
    match = _SEGMENT_NAME.fullmatch(name)
    if match is None or not 1 <= int(match[1]) <= MAX_SEQ:
        return None
    return SegmentName(int(match[1]), match[2])


def read_healed_name(name: str) -> str | None:
    """Return the id26 of a healed copy's file name."""
    return _single(_HEALED_NAME, name)


def read_record_name(name: str) -> str | None:
    """Return the file26 (in `g/`: the ws26) of a record's file name."""
    return _single(_RECORD_NAME, name)


def read_blob_name(name: str) -> str | None:
    """Return the hash52 of a blob chunk's file name."""
    return _single(_BLOB_NAME, name)


def read_join_name(name: str) -> str | None:
    """Return the dev26 of a join request's file name."""
    return _single(_JOIN_NAME, name)


def is_own_file(path: str) -> bool:
    """Tell whether a file's name is one that we give, and no renamed copy's."""
    name = path.rpartition("/")[2]
    readers = (read_segment_name, read_healed_name, read_record_name, read_blob_name)
    return any(read(name) is not None for read in readers)


def salvage_suffix(name: str) -> str | None:
    """Return the suffix of a name that is not the expected one, yet may be a renamed copy."""
    match = _SALVAGE.fullmatch(name)
    return match[1].lower() if match and len(name) <= MAX_NAME else None


def _slot_folder(slot: str) -> str:
    if not is_slot(slot):
        message = f"not a slot: {slot!r}"
        raise ValueError(message)
    return f"o/{slot}"


def _single(pattern: re.Pattern[str], name: str) -> str | None:
    match = pattern.fullmatch(name)
    return match[1] if match else None
