"""Join requests: a laptop's own signed wish to be enrolled, found by its spoken words."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey

from collabdesk.sync import record_parts, shapes
from collabdesk.sync.codec import Malformed, Wire, decode, encode_checked

MAGIC: Final = b"CDJOI\x01\r\n"
FORMAT: Final = 1
SIGNATURE_DOMAIN: Final = b"collabdesk/join/1\0"
SIGNATURE_LENGTH: Final = 64
MAX_FILE: Final = 2 * 1024
_PREFIX: Final = len(MAGIC) + 4
_MAX_CONTENT: Final = MAX_FILE - _PREFIX - SIGNATURE_LENGTH


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """Who asks, with which keys; nothing in it is believed until the words agree."""

    ws: bytes
    key: bytes
    seal_key: bytes | None
    person: str
    org_name: str
    ods: str
    label: str
    app: str


def read_join(data: bytes) -> JoinRequest:
    """Return the request in a file's bytes, or raise `Malformed`; its signature holds."""
    if len(data) > MAX_FILE:
        raise Malformed("too-large")
    if data[: len(MAGIC)] != MAGIC:
        raise Malformed("magic")
    content = data[_PREFIX:-SIGNATURE_LENGTH]
    _check_length(data)
    request = _from_wire(decode(content, max_bytes=_MAX_CONTENT))
    try:
        crypto_sign_open(data[-SIGNATURE_LENGTH:] + SIGNATURE_DOMAIN + content, request.key)
    except BadSignatureError as error:
        raise Malformed("signature") from error
    return request


def write_join(request: JoinRequest, signing_key: SigningKey) -> bytes:
    """Return the signed file of a request, checked as a reader would."""
    fields = [request.ws, request.key, request.seal_key, request.person]
    names = [request.org_name, request.ods, request.label, request.app]
    content = encode_checked([FORMAT, *fields, *names], max_bytes=_MAX_CONTENT)
    signature = signing_key.sign(SIGNATURE_DOMAIN + content).signature
    data = MAGIC + struct.pack(">I", len(content)) + content + signature
    read_join(data)
    return data


def _check_length(data: bytes) -> None:
    if len(data) < _PREFIX + SIGNATURE_LENGTH:
        raise Malformed("truncated")
    (stated,) = struct.unpack_from(">I", data, len(MAGIC))
    found = len(data) - _PREFIX - SIGNATURE_LENGTH
    if found != stated:
        raise Malformed("truncated" if found < stated else "trailing-bytes")


def _from_wire(value: Wire) -> JoinRequest:
    fields = shapes.array(value, 9)
    shapes.uint(fields[0], FORMAT, FORMAT)
    return JoinRequest(
        ws=shapes.b32(fields[1]),
        key=record_parts.key(fields[2]),
        seal_key=shapes.optional(fields[3], shapes.b32),
        person=shapes.text(fields[4]),
        org_name=shapes.text(fields[5]),
        ods=shapes.text(fields[6]),
        label=shapes.text(fields[7]),
        app=shapes.text(fields[8]),
    )
