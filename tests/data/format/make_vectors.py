"""Makes the golden files of the change-set format beside this script.

Run it only when a vector is added: a released vector never changes. Everything is fixed
(seeds, nonces, times), except that another zlib may pack `packed` otherwise; any packing
that unpacks to the same bytes is as good.
"""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path
from typing import Any, Final

import nacl.bindings as sodium
from nacl.signing import SigningKey

from collabdesk.sync import blobs, derive, join, names, segment, words
from collabdesk.sync.codec import Encodable, Wire, encode
from collabdesk.sync.hashing import H, Z, sha256
from collabdesk.sync.records import (
    AreaRight,
    ChainPoint,
    Device,
    Epoch,
    Genesis,
    OrgEntry,
    Person,
    Proof,
    Record,
    RecordFile,
    RoleRights,
    Roster,
    Suspension,
    Term,
    Threshold,
    Void,
    encode_record,
    record_id,
    sign_record,
    valid_signers,
    write_file,
)

HERE: Final = Path(__file__).parent
LEAD, PARTNER, THIRD = (SigningKey(bytes([seed]) * 32) for seed in (1, 2, 3))
LEAD_KEY, PARTNER_KEY, THIRD_KEY = (bytes(key.verify_key) for key in (LEAD, PARTNER, THIRD))
ORG, ORG_B, ORG_C = (bytes([0xA0 + number]) * 16 for number in range(3))
PID, PID_B = bytes([0xB0]) * 16, bytes([0xB1]) * 16
SALT, INCARNATION = bytes([0xC0]) * 16, bytes([0xD0]) * 16
SEAL_SECRETS: Final = (bytes([0x11]) * 32, bytes([0x12]) * 32)
SEAL_KEYS: Final = tuple(sodium.crypto_scalarmult_base(secret) for secret in SEAL_SECRETS)
WALL_MS: Final = 1_767_225_600_000

ROSTER_0: Final = Roster(
    Z,
    ORG,
    0,
    Z,
    (Person(PID, "Finance lead"),),
    (Device(LEAD_KEY, None, PID, "Laptop", (1,), None),),
    (),
    (),
    (Term(LEAD_KEY, None),),
)
ROSTER_0_ID: Final = record_id(encode_record(ROSTER_0))
LEAD_ENTRY: Final = OrgEntry(ORG, "Lead", "RXX", (LEAD_KEY,), 1, (1,), (0, ROSTER_0_ID))
ROLES: Final = (RoleRights(1, (AreaRight(1, 63, 7),)),)
GENESIS: Final = Genesis(
    Epoch(Z, 0, Z, 0, 1, ORG, (LEAD_ENTRY,), ROLES, (), 1, (), (), (), ""), SALT
)
WS: Final = record_id(encode_record(GENESIS))
ROW: Final = derive.row_id(LEAD_KEY, 1, 0)
LEAD_16, PARTNER_16, THIRD_16 = (names.dev16(key) for key in (LEAD_KEY, PARTNER_KEY, THIRD_KEY))


def plain(value: object) -> Any:  # noqa: ANN401 - JSON is whatever it is
    """Return a value as JSON can say it: byte strings become {"hex": …}."""
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def sealed_segment(
    key: SigningKey,
    seq: int,
    ops: list[list[Wire]],
    level: int,
    **fields: Any,  # noqa: ANN401
) -> bytes:
    """Return a segment file of this world."""
    header: dict[str, Any] = {
        "prev": Z,
        "parents": (),
        "lamport": seq,
        "wall_ms": WALL_MS,
        "devs": [],
        "roster": (0, ROSTER_0_ID),
    }
    return segment.seal(
        signing_key=key,
        ws=WS,
        seq=seq,
        ops=ops,
        level=level,
        app="0.1",
        schema=1,
        epoch=(0, WS),
        incarnation=INCARNATION,
        **(header | fields),
    )


def first_segment() -> bytes:
    """Return segment 1 of the page's golden vector."""
    ops: list[list[Wire]] = [
        [1, 1, 10, ORG, [[1, 123456], [2, "Adult secure"]]],
        [2, 1, 10, ROW, [[1, 123500, []]]],
    ]
    return sealed_segment(LEAD, 1, ops, 0)


def every_operation() -> list[list[Wire]]:
    """Return one operation of each kind, with values of each kind."""
    line: list[Wire] = [1, 1, 30, ORG, [[1, -5_000_00], [2, "Réhabilitation £ – 東"]]]
    other: list[Wire] = [1, 1, 30, ORG, [[1, 5_000_00], [2, None], [3, True], [4, False]]]
    digest = derive.approve_digest(10, ROW, [(1, LEAD_16, 1, 1, 123500)])
    blob = sha256(b"one") + sha256(b"two")
    return [
        [0, 3],
        [8, 1, 1, 1, WS, [0, 1, 1]],
        line,
        other,
        [2, 1, 10, ROW, [[1, 2**63 - 1, [[0, 1, 1]]], [2, "", [[0, 1, 0]]], [3, blob, []]]],
        [3, 1, 10, ROW, [[0, 1, 0], [1, 2, 5]]],
        [4, 1, 10, ROW, [[0, 2, 5]]],
        [5, 1, 10, ROW, 1, -(2**63), [[0, 1, 1], [1, 4, 0]], "Agreed\tby both\n"],
        [6, 1, 10, ROW, [[1, [0, 1, 1]]], digest, None],
        [7, 1, [0, 2, 8], "Too early"],
        [9, 1, 1],
        [16, 1, Z, WS],
        [17, 1, [ROSTER_0_ID]],
        [18, 1, WS, 3],
        [99, 7, [[[[["a kind no version has yet"]]]]]],
    ]


def encrypted_segment(prev: bytes) -> bytes:
    """Return a segment whose body nobody here can open."""
    body, hidden = b"\xee" * 40, b"unknown"
    header = segment.Header(
        ws=WS,
        dev=LEAD_KEY,
        seq=2,
        prev=prev,
        parents=(),
        lamport=2,
        wall_ms=2**53,
        app="0.9-ångström",
        schema=9,
        epoch=(0, WS),
        roster=(0, ROSTER_0_ID),
        incarnation=INCARNATION,
        enc_key_id=bytes([0xE0]) * 16,
        body_len=len(body),
        body_hash=sha256(body),
        plain_len=len(hidden),
        plain_hash=sha256(hidden),
        n_ops=3,
    )
    return segment.assemble(header, body, LEAD)


def segments() -> list[dict[str, Any]]:
    """Return the segment vectors."""
    first = first_segment()
    first_id = segment.read(first).id
    parents = tuple(sorted([(LEAD_16, 1, first_id), (THIRD_16, 7, sha256(b"unseen"))]))
    packed = sealed_segment(
        PARTNER,
        300,
        every_operation(),
        6,
        prev=sha256(b"before"),
        parents=parents,
        lamport=4_000,
        devs=sorted([LEAD_16, PARTNER_16]),
        wall_ms=0,
    )
    files = {
        "first": first,
        "packed": packed,
        "empty": sealed_segment(THIRD, 2, [], 0, prev=sha256(b"before"), lamport=9),
        "encrypted": encrypted_segment(first_id),
    }
    return [segment_vector(name, content) for name, content in files.items()]


def segment_vector(name: str, content: bytes) -> dict[str, Any]:
    """Return a segment file and what is in it."""
    found = segment.read(content)
    header = found.header
    body = None
    if header.enc_key_id is None:
        opened = segment.open_body(found)
        body = plain([opened.devs, opened.ops])
    return {
        "name": name,
        "file": content.hex(),
        "id": found.id.hex(),
        "path": names.segment_path("lead", header.dev, header.seq, found.id),
        "healed_path": names.healed_path("lead", found.id),
        "header": plain(header.to_wire()),
        "body": body,
    }


def partners() -> Epoch:
    """Return an epoch that admits two partners."""
    entries = (
        LEAD_ENTRY,
        OrgEntry(ORG_B, "Partner B", "RYY", (PARTNER_KEY,), 1, (1, 2), (0, sha256(b"B"))),
        OrgEntry(ORG_C, "Partner C", "RZZ", (THIRD_KEY,), 1, (), (3, sha256(b"C"))),
    )
    roles = (
        RoleRights(1, (AreaRight(1, 63, 7), AreaRight(2, 3, 1))),
        RoleRights(2, (AreaRight(4, 2**40, 255),)),
    )
    thresholds = (Threshold(10_000_000, 2, 1, 2), Threshold(0, 1, 1, 1))
    marks = tuple(sorted([(LEAD_KEY, 1, sha256(b"1")), (THIRD_KEY, 0, Z)]))
    cuts = (ChainPoint(PARTNER_KEY, 9, sha256(b"9")),)
    return Epoch(
        ws=WS,
        n=1,
        prev=WS,
        attempt=2,
        k=2,
        lead=ORG,
        orgs=entries,
        roles=roles,
        thresholds=thresholds,
        floor=1,
        cuts=cuts,
        lifts=tuple(sorted([sha256(b"x"), sha256(b"y")])),
        landmarks=tuple(ChainPoint(*mark) for mark in marks),
        note="Both partners join\nfrom 1 April",
    )


def later_roster() -> Roster:
    """Return a roster with everything a roster can hold."""
    devices = [
        Device(LEAD_KEY, None, PID, "Laptop", (), None),
        Device(PARTNER_KEY, SEAL_KEYS[0], PID_B, "Laptop 2", (1, 2), LEAD_KEY),
    ]
    return Roster(
        ws=WS,
        org=ORG,
        m=1,
        prev=ROSTER_0_ID,
        persons=(Person(PID, "Finance lead"), Person(PID_B, "Finance manager")),
        devices=tuple(sorted(devices, key=lambda device: device.key)),
        cuts=(ChainPoint(LEAD_KEY, 1, sha256(b"1")),),
        lifts=(sha256(b"x"),),
        terms=(Term(LEAD_KEY, (1, sha256(b"1"))), Term(PARTNER_KEY, (0, Z)), Term(LEAD_KEY, None)),
    )


def clash() -> Proof:
    """Return the proof that the founder's laptop signed two first segments."""
    found = [segment.read(first_segment()), segment.read(sealed_segment(LEAD, 1, [], 0))]
    one, two = sorted(found, key=lambda item: item.id)
    return Proof(WS, one.header_bytes, one.signature, two.header_bytes, two.signature)


def records() -> list[dict[str, Any]]:
    """Return the record vectors."""
    suspension = Suspension(WS, ORG_B, PARTNER_KEY, 0, Z, 1, "Lost on a train", 0)
    made: list[tuple[str, Record, list[SigningKey]]] = [
        ("roster-0", ROSTER_0, [LEAD]),
        ("genesis", GENESIS, [LEAD]),
        ("epoch", partners(), [LEAD, PARTNER, THIRD]),
        ("roster", later_roster(), [LEAD]),
        ("suspension", suspension, [LEAD, THIRD]),
        ("void", Void(WS, ORG_C, WS, 0, 65_535), [THIRD]),
        ("proof", clash(), []),
    ]
    vectors = [
        record_vector(name, sign_record(encode_record(record), *keys), record)
        for name, record, keys in made
    ]
    signed = sign_record(encode_record(suspension), LEAD, THIRD)
    broken = tuple(
        (key, bytes(64) if key == LEAD_KEY else signature) for key, signature in signed.signatures
    )
    spoilt = RecordFile(signed.record_bytes, broken)
    return [*vectors, record_vector("one-signature-fails", spoilt, suspension)]


def record_vector(name: str, record_file: RecordFile, record: Record) -> dict[str, Any]:
    """Return a record file and what is in it."""
    content = write_file(record_file)
    return {
        "name": name,
        "file": content.hex(),
        "id": record_id(record_file.record_bytes).hex(),
        "path": names.record_path("lead", content),
        "record": plain(record.to_wire()),
        "signers": sorted(key.hex() for key in valid_signers(record_file)),
    }


def joins() -> list[dict[str, Any]]:
    """Return the join request vectors."""
    labels = ("Improvement lead", "Partner B", "RYY", "Laptop 1", "0.1")
    requests = {
        "with-seal-key": (join.JoinRequest(WS, PARTNER_KEY, SEAL_KEYS[0], *labels), PARTNER),
        "without": (join.JoinRequest(WS, THIRD_KEY, None, *labels), THIRD),
    }
    return [
        {
            "name": name,
            "file": join.write_join(request, key).hex(),
            "path": names.join_path("lead", request.key),
            "key": request.key.hex(),
            "seal_key": request.seal_key and request.seal_key.hex(),
            "words": list(words.words_of(names.devhash(request.key))),
        }
        for name, (request, key) in requests.items()
    ]


def fixed_box(item_key: bytes, public: bytes, ephemeral: bytes) -> bytes:
    """Return libsodium's sealed box, made with a fixed ephemeral key so that it never changes."""
    mine = sodium.crypto_scalarmult_base(ephemeral)
    nonce = hashlib.blake2b(mine + public, digest_size=24).digest()
    return mine + sodium.crypto_box(item_key, nonce, public, ephemeral)


def sealed() -> list[dict[str, Any]]:
    """Return the sealed value vectors: the bytes alone, and values as an operation writes them."""
    table, item_key = 90, b"\x23" * 32
    nonces = {
        column: H("collabdesk/sealed-nonce/1", item_key, LEAD_16, struct.pack(">II", table, column))
        for column in (11, 13)
    }
    return [
        sealed_value(
            "declaration",
            "Declared: a seat on the supplier's board",
            (41, 3),
            (b"\x21" * 32, b"\x22" * 24),
        ),
        sealed_value("share-amount", 93_042_354, (table, 11), (item_key, nonces[11][:24]), LEAD_16),
        sealed_value(
            "share-words",
            "Your share of the gain, after the collar.",
            (table, 13),
            (item_key, nonces[13][:24]),
            LEAD_16,
        ),
    ]


def sealed_value(
    name: str,
    value: Wire,
    place: tuple[int, int],
    secrets: tuple[bytes, bytes],
    author: bytes | None = None,
) -> dict[str, Any]:
    """Return one sealed value under a key and nonce, for two readers."""
    (table, column), (item_key, nonce) = place, secrets
    context = b"collabdesk/sealed/1\0" + WS + table.to_bytes(4, "big") + column.to_bytes(4, "big")
    ciphertext = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
        encode(value), context, nonce, item_key
    )
    readers = [
        (dev16, fixed_box(item_key, public, bytes([0x31 + number]) * 32), secret)
        for number, (dev16, public, secret) in enumerate(
            zip((LEAD_16, PARTNER_16), SEAL_KEYS, SEAL_SECRETS, strict=True)
        )
    ]
    boxes: list[Encodable] = [[dev16, box] for dev16, box, _ in sorted(readers)]
    content = encode([1, H("collabdesk/item/1", item_key), boxes, nonce, ciphertext])
    return {
        "name": name,
        "file": content.hex(),
        "ws": WS.hex(),
        "table": table,
        "column": column,
        **({"author": author.hex()} if author else {}),
        "readers": [{"dev16": dev16.hex(), "secret": secret.hex()} for dev16, _, secret in readers],
        "value": plain(value),
    }


def blob_vectors() -> list[dict[str, Any]]:
    """Return the blob vectors: chunks as short as they like."""
    contents = {"empty": [], "two-chunks": [b"Numerator,Denominator\r\n", b"12,40\r\n"]}
    return [
        {
            "name": name,
            "files": [chunk.hex() for chunk in chunks],
            "paths": [names.blob_path("lead", sha256(chunk)) for chunk in chunks],
            "value": blobs.blob_value(map(sha256, chunks)).hex(),
            "content_sha256": hashlib.sha256(b"".join(chunks)).hexdigest(),
        }
        for name, chunks in contents.items()
    ]


def derived() -> dict[str, Any]:
    """Return what follows by calculation, with the values it follows from."""
    seen = sha256(b"segment")
    golden: list[Any] = [
        [
            10,
            ROW,
            ORG,
            False,
            [[1, [[LEAD_16, 1, 1, 123500]]], [2, [[LEAD_16, 1, 0, "Adult secure"]]]],
        ]
    ]
    live: list[Any] = [[LEAD_16, 3, 0, -1], [PARTNER_16, 2, 7, None]]
    siblings = sorted(live)
    rows: list[Any] = [
        *golden,
        [11, ROW, 4, True, []],
        [11, WS[:16], ORG_B, False, [[2, siblings]]],
    ]
    signed: list[Any] = sorted([[LEAD_16, 2, seen, 0], [PARTNER_16, 1, seen, 9]])
    withheld: list[Any] = sorted([[LEAD_16, 2, seen, 1, 31], [PARTNER_16, 1, seen, 0, 24]])
    control: list[Any] = [1, WS, [[ORG, 0, ROSTER_0_ID]], [seen], [[PARTNER_16, 5]]]
    first_control: list[Any] = [0, WS, [[ORG, 0, ROSTER_0_ID]], [], []]
    cells: list[Any] = [[1, LEAD_16, 1, 1, 123500], [2, LEAD_16, 1, 0, "Adult secure"]]
    journal: list[Any] = [WS, 1, 1, [LEAD_16, 1, 1], every_operation()[2:4]]
    root, head = derive.state_root(golden, [], []), control_head(first_control)
    return {
        "key": LEAD_KEY.hex(),
        "devhash": names.devhash(LEAD_KEY).hex(),
        "devhash_words": list(words.words_of(names.devhash(LEAD_KEY))),
        "row_id": ROW.hex(),
        "approve": {
            "cells": plain(cells),
            "digest": derive.approve_digest(10, ROW, cells).hex(),
        },
        "journal": {"fields": plain(journal), "hash": journal_hash(journal).hex()},
        "first_state": {"rows": plain(golden), "signed": [], "withheld": [], "root": root.hex()},
        "state": {
            "rows": plain(rows),
            "signed": plain(signed),
            "withheld": plain(withheld),
            "root": derive.state_root(rows, signed, withheld).hex(),
        },
        "first_control": {"fields": plain(first_control), "head": head.hex()},
        "control": {"fields": plain(control), "head": control_head(control).hex()},
        "state_words": list(words.words_of(derive.fingerprint(head, root))),
    }


def control_head(fields: list[Any]) -> bytes:
    """Return the control head of `[n, epoch id, rosters, suspensions, forks]`."""
    return derive.control_head((fields[0], fields[1]), *fields[2:])


def journal_hash(fields: list[Any]) -> bytes:
    """Return the hash of `[prev, term, number, source, inserts]`."""
    return derive.journal_hash(*fields)


def vectors() -> dict[str, Any]:
    """Return the content of each vector file, by its name."""
    return {
        "segments": segments(),
        "records": records(),
        "joins": joins(),
        "sealed": sealed(),
        "blobs": blob_vectors(),
        "derived": derived(),
    }


if __name__ == "__main__":
    for name, content in vectors().items():
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        (HERE / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
