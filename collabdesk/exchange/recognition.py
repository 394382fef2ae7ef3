"""Which profile a file is laid out for, told from its name and its first bytes."""

from __future__ import annotations

import csv
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from collabdesk.errors import Refusal
from collabdesk.exchange.delimited import header_places
from collabdesk.exchange.foreign_text import GZIP, ForeignFile
from collabdesk.exchange.profiles import Profile, folded

HEAD_BYTES: Final = 64 * 1024
MAX_NAME: Final = 255


@dataclass(frozen=True, slots=True)
class NameSays:
    """What a file's name tells about its release; empty or 1 where it does not say."""

    status: str
    version: int
    month: str
    year: str


def recognise(name: str, head: bytes, profiles: Sequence[Profile]) -> Profile:
    """Return the profile whose header and file name fit, or refuse saying what was looked for.

    `head` is the first `HEAD_BYTES` of the file as it lies on the disk, packed or not.
    """
    line = _first_line(name, head)
    by_header = [p for p in profiles if _header_fits(line, p)]
    by_name = [p for p in by_header if _named(name, p) is not None]
    if len(by_name) == 1:
        return by_name[0]
    if by_name:
        titles = " and ".join(profile.title for profile in by_name)
        remedy = "Choose one of them yourself."
        raise _refusal(name, "ambiguous-layout", f"it fits {titles}.", remedy)
    if by_header:
        raise _misnamed(name, by_header)
    raise _unknown(name, profiles)


def name_says(name: str, profile: Profile) -> NameSays:
    """Return what the name tells, as far as the profile reads names."""
    match = _named(name, profile)
    told = {} if match is None else match.groupdict(default="")
    return NameSays(
        status=profile.statuses.get(folded(told.get("status", "")), ""),
        version=int(told.get("version") or 1),
        month=told.get("month", ""),
        year=told.get("year", ""),
    )


def _named(name: str, profile: Profile) -> re.Match[str] | None:
    return profile.file.name_pattern.fullmatch(name) if len(name) <= MAX_NAME else None


def _first_line(name: str, head: bytes) -> bytes:
    plain = head
    if head.startswith(GZIP):
        try:
            plain = zlib.decompressobj(wbits=31).decompress(head, HEAD_BYTES)
        except zlib.error as error:
            words = "the packed file is damaged and cannot be unpacked."
            remedy = "Get the file again from its publisher."
            raise _refusal(name, "damaged-gzip", words, remedy) from error
    # The same gate as for a whole file: empty, a workbook in disguise, NUL bytes.
    for line in ForeignFile(name, plain).lines("latin-1"):
        return line.encode("latin-1")
    raise AssertionError  # an empty file is refused by the gate


def _header_fits(line: bytes, profile: Profile) -> bool:
    try:
        text = line.decode(profile.file.encodings[0])
        cells = next(csv.reader([text], delimiter=profile.file.delimiter, strict=True), [])
    except (UnicodeDecodeError, csv.Error):
        return False
    return header_places(cells, profile).keys() == profile.columns.keys()


def _misnamed(name: str, fitting: Sequence[Profile]) -> Refusal:
    titles = " or ".join(profile.title for profile in fitting)
    examples = " or ".join(profile.file.name_example for profile in fitting)
    words = f"its columns fit {titles}, but its name does not, and month and version stand there."
    remedy = f"Give the file its published name, such as {examples}."
    return _refusal(name, "unknown-name", words, remedy)


def _unknown(name: str, profiles: Sequence[Profile]) -> Refusal:
    looked = "; ".join(
        f"{p.title} (columns {', '.join(a[0].upper() for a in p.columns.values())})"
        for p in profiles
    )
    words = f"its layout is not known. Looked for: {looked or 'nothing, no profile is installed'}."
    remedy = "Bring the published file, or copy an import profile and describe this layout in it."
    return _refusal(name, "unknown-layout", words, remedy)


def _refusal(name: str, code: str, words: str, remedy: str) -> Refusal:
    return Refusal(code=code, words=f"{name}: {words}", remedy=remedy, field="file")
