"""Control record files: a record and any number of signatures under it."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_sign_open
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey

from collabdesk.sync import shapes
from collabdesk.sync.codec import Malformed, decode, encode_checked
from collabdesk.sync.hashing import H
from collabdesk.sync.record_parts import (
    AreaRight,
    ChainPoint,
    Device,
    OrgEntry,
    Person,
    RoleRights,
    Term,
    Threshold,
)
from collabdesk.sync.record_values import (
    EPOCH,
    GENESIS,
    PROOF,
    ROSTER,
    SUSPENSION,
    VOID,
    Epoch,
    Genesis,
    Proof,
    Record,
    Roster,
    Suspension,
    Void,
    record_from_wire,
)

__all__ = [
    "EPOCH",
    "GENESIS",
    "MAX_FILE",
    "MAX_RECORD",
    "MAX_SIGNATURES",
    "PROOF",
    "ROSTER",
    "SUSPENSION",
    "VOID",
    "AreaRight",
    "ChainPoint",
    "Device",
    "Epoch",
    "Genesis",
    "OrgEntry",
    "Person",
    "Proof",
    "Record",
    "RecordFile",
    "RoleRights",
    "Roster",
    "Signature",
    "Suspension",
    "Term",
    "Threshold",
    "Void",
    "encode_record",
    "read_file",
    "read_record",
    "record_from_wire",
    "record_id",
    "sign_record",
    "unite",
    "valid_signers",
    "write_file",
]

MAGIC: Final = b"CDCTL\x01\r\n"
SIGNATURE_DOMAIN: Final = b"collabdesk/ctl-sig/1\0"
MAX_RECORD: Final = 64 * 1024
MAX_SIGNATURES: Final = 64
_KEY: Final = 32
_ENTRY: Final = 96
_PREFIX: Final = len(MAGIC) + 4
MAX_FILE: Final = _PREFIX + MAX_RECORD + 2 + MAX_SIGNATURES * _ENTRY

Signature = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class RecordFile:
    """A record's bytes and its (key, signature) pairs, ascending by key and not yet checked."""

    record_bytes: bytes
    signatures: tuple[Signature, ...] = ()


def record_id(record_bytes: bytes) -> bytes:
    """Return the id of a record; the workspace is that of its genesis."""
    return H("collabdesk/ctl/1", record_bytes)


def encode_record(record: Record) -> bytes:
    """Return the bytes of a record of our own making, or raise `Malformed`."""
    record_bytes = encode_checked(record.to_wire(), max_bytes=MAX_RECORD)
    read_record(record_bytes)
    return record_bytes


def read_record(record_bytes: bytes) -> Record:
    """Return the record in these bytes, or raise `Malformed`."""
    return record_from_wire(decode(record_bytes, max_bytes=MAX_RECORD))


def read_file(data: bytes) -> RecordFile:
    """Return the record file in these bytes, or raise `Malformed`; signatures are not checked."""
    if data[: len(MAGIC)] != MAGIC:
        raise Malformed("magic")
    record_end = _PREFIX + _unpack(">I", data, len(MAGIC), MAX_RECORD)
    start = record_end + 2
    count = _unpack(">H", data, record_end, MAX_SIGNATURES)
    end = start + count * _ENTRY
    if len(data) != end:
        raise Malformed("truncated" if len(data) < end else "trailing-bytes")
    entries = [data[at : at + _ENTRY] for at in range(start, end, _ENTRY)]
    signatures = tuple((entry[:_KEY], entry[_KEY:]) for entry in entries)
    record_file = RecordFile(data[_PREFIX:record_end], signatures)
    _check(record_file)
    return record_file


def write_file(record_file: RecordFile) -> bytes:
    """Return the bytes of a record file, checked as a reader would."""
    record, signatures = record_file.record_bytes, record_file.signatures
    head = MAGIC + struct.pack(">I", len(record)) + record + struct.pack(">H", len(signatures))
    data = head + b"".join(key + signature for key, signature in signatures)
    read_file(data)
    return data


def sign_record(record_bytes: bytes, *signing_keys: SigningKey) -> RecordFile:
    """Return a record file signed by these keys."""
    pairs = [
        (bytes(key.verify_key), key.sign(SIGNATURE_DOMAIN + record_bytes).signature)
        for key in signing_keys
    ]
    return RecordFile(record_bytes, tuple(sorted(pairs)))


def valid_signers(record_file: RecordFile) -> frozenset[bytes]:
    """Return the keys whose signatures hold; one that fails takes nothing from the rest."""
    return frozenset(
        key
        for key, signature in record_file.signatures
        if _is_signed(record_file.record_bytes, key, signature)
    )


def unite(*record_files: RecordFile) -> RecordFile:
    """Return one file with every signature that holds of several files of one record."""
    (record_bytes,) = {record_file.record_bytes for record_file in record_files}
    holding = {
        key: signature
        for record_file in record_files
        for key, signature in record_file.signatures
        if _is_signed(record_bytes, key, signature)
    }
    return RecordFile(record_bytes, tuple(sorted(holding.items())))


def _unpack(layout: str, data: bytes, at: int, limit: int) -> int:
    if len(data) < at + struct.calcsize(layout):
        raise Malformed("truncated")
    number = int(struct.unpack_from(layout, data, at)[0])
    if number > limit:
        raise Malformed("too-large")
    return number


def _check(record_file: RecordFile) -> None:
    shapes.ascending([key for key, _ in record_file.signatures])
    record = read_record(record_file.record_bytes)
    if isinstance(record, Proof) and record_file.signatures:
        raise Malformed("shape")


def _is_signed(record_bytes: bytes, key: bytes, signature: bytes) -> bool:
    if not crypto_core_ed25519_is_valid_point(key):
        return False
    try:
        crypto_sign_open(signature + SIGNATURE_DOMAIN + record_bytes, key)
    except BadSignatureError:
        return False
    return True
