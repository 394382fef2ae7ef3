"""Makes the corpus that fuzzing starts from, out of the golden files of the format.

python -m tests.fuzz.seeds
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from collabdesk.sync import codec, records, segment
from tests.sync.format_vectors import load

CORPUS: Final = Path(__file__).parent / "corpus"
_NAMES: Final = (
    "0000000001-vnlz4rbnainp2kbjncmry2v56l.cds",
    "vnlz4rbnainp2kbjncmry2v56l.cdc",
    "k55nip7naninfsdq4q2qs4hadx.cdj",
    "0000000001-vnlz4rbnainp2kbjncmry2v56l-DESKTOP-AB12.cds",
    "0000000001-vnlz4rbnainp2kbjncmry2v56l (1).CDS",
    "cd1-vnlz4rbnainp2kbjncmry2v56l",
    "CON.cds",
    "..\\..\\a.cds",
    "a.cds:hidden.cdb",
    "000256",
)


def seeds() -> Iterator[tuple[str, bytes]]:
    """Yield each target's name with bytes to start from."""
    for file in _files("segments"):
        read = segment.read(file)
        yield "change-set", file
        yield "header", read.header_bytes
        if read.header.enc_key_id is None:
            yield "body", zlib.decompress(read.body)
            yield "value", zlib.decompress(read.body)
    for file in _files("records"):
        yield "record", file
        yield "control", records.read_file(file).record_bytes
    yield from (("join", file) for file in _files("joins"))
    yield from (("sealed", file) for file in _files("sealed"))
    yield from (("name", name.encode()) for name in _NAMES)
    yield from (("body", plain) for plain in _bodies())
    yield from (("proof", pair) for pair in _proofs())


def _files(kind: str) -> Iterator[bytes]:
    yield from (bytes.fromhex(vector["file"]) for vector in load(kind))


def _bodies() -> Iterator[bytes]:
    """Yield bodies with one change of each kind that the golden ones lack."""
    device, row, digest = bytes(16), bytes([1]) * 16, bytes([2]) * 32
    dot: codec.Encodable = [0, 1, 0]
    other: codec.Encodable = [0, 2, 0]
    ops: tuple[list[codec.Encodable], ...] = (
        [0, 1],
        [3, 1, 13, row, [dot]],
        [4, 1, 13, row, [dot]],
        [5, 1, 13, row, 11, 5, [dot, other], "why"],
        [6, 1, 13, row, [[11, dot]], digest, None],
        [7, 1, dot, "no longer"],
        [8, 1, 1, 1, digest, dot],
        [9, 2, 1],
        [16, 2, digest, digest],
        [17, 2, [digest]],
        [18, 2, digest, 0],
    )
    yield from (codec.encode([[device], [op]]) for op in ops)


def _proofs() -> Iterator[bytes]:
    headers = [segment.read(file).header_bytes for file in _files("segments")]
    yield from (one + other for one in headers for other in headers)
    for file in _files("records"):
        found = records.read_record(records.read_file(file).record_bytes)
        if isinstance(found, records.Proof):
            yield found.header_a + found.header_b


def write() -> None:
    """Write the corpus; what fuzzing found and was kept stays."""
    for target, data in seeds():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


if __name__ == "__main__":
    write()
