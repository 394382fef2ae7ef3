"""Checking form, signature and body hash of change sets, against a bare loop of the same work."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from typing import Final

from nacl.signing import VerifyKey

from benchmarks.options import Options
from benchmarks.table import Report, at_least, rate
from benchmarks.workload import on_paper
from collabdesk.sync import segment

TARGET: Final = 0.85
SEGMENTS: Final = 600
OPERATIONS: Final = 100
TURNS: Final = 9
SLICE: Final = 20
HOW: Final = (
    "Header parse, signature and body hash of change sets of 100 operations (`segment.read`, then "
    "`segment.verify`), against `VerifyKey.verify` and SHA-256 over the same bytes; in turns of "
    f"{SLICE} change sets, the best of {TURNS} each."
)


def run(options: Options) -> Report:
    """Time both in turns and return the ratio."""
    count = options.size(SEGMENTS, SEGMENTS // 3)
    _, workload = on_paper()
    files = [one.file for one in workload.segments(count, OPERATIONS)]
    parts = [_parts(file) for file in files]
    bare = ours = 0.0
    for start in range(0, count, SLICE):
        some, others = parts[start : start + SLICE], files[start : start + SLICE]
        pairs = [(timed(partial(_bare, some)), timed(partial(_ours, others))) for _ in range(TURNS)]
        bare += min(pair[0] for pair in pairs)
        ours += min(pair[1] for pair in pairs)
    lines = [
        rate("bare verify and SHA-256", count, bare, "change sets"),
        rate("CollabDesk", count, ours, "change sets"),
        at_least("ratio", bare / ours, TARGET),
    ]
    return Report(f"Verify stage, {OPERATIONS} operations a change set", lines, HOW)


def timed(work: Callable[[], None]) -> float:
    """Return the processor seconds some work takes."""
    began = time.thread_time()
    work()
    return time.thread_time() - began


def _parts(file: bytes) -> tuple[VerifyKey, bytes, bytes, bytes]:
    read = segment.read(file)
    signed = segment.SIGNATURE_DOMAIN + read.header_bytes
    return VerifyKey(read.header.dev), signed, read.signature, read.body


def _bare(parts: Sequence[tuple[VerifyKey, bytes, bytes, bytes]]) -> None:
    for key, signed, signature, body in parts:
        key.verify(signed, signature)
        sha256(body).digest()


def _ours(files: Sequence[bytes]) -> None:
    for file in files:
        segment.verify(segment.read(file))
