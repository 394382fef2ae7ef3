"""Typed and pasted text as it may be kept: trimmed, and free of what nobody can see."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import TypeVar

from collabdesk.errors import Refusal
from collabdesk.sync.codec import MAX_STRING_BYTES, has_refused_code_point

# Word and web pages break a line inside a paragraph with these.
_SOFT_BREAKS = str.maketrans({"\x0b": "\n", "\u2028": "\n", "\u2029": "\n"})


def plain(text: str, field: str) -> str:
    """Return text without invisible signs, or refuse one too long for a cell."""
    broken = text.replace("\r\n", "\n").replace("\r", "\n").translate(_SOFT_BREAKS)
    seen = unicodedata.normalize("NFC", broken)
    if has_refused_code_point(seen):
        seen = "".join(sign for sign in seen if not has_refused_code_point(sign))
    if len(seen.encode()) > MAX_STRING_BYTES:
        raise Refusal(
            code="text_too_long",
            words=f"The text is {len(seen):,} characters long; a cell holds "
            f"{MAX_STRING_BYTES // 1024} KiB.",
            remedy="Shorten it, or keep the long text in a document.",
            field=field,
        )
    return seen.strip()


def filled(text: str, field: str, words: str, remedy: str) -> str:
    """Return plain text, or refuse an empty one with these words."""
    kept = plain(text, field)
    if not kept:
        raise Refusal(code=f"{field}_missing", words=words, remedy=remedy, field=field)
    return kept


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun, as ``1 figure`` or ``1,240 figures``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


E = TypeVar("E", bound=StrEnum)


def chosen(kind: type[E], name: str, field: str) -> E:
    """Return the member of that name, or refuse naming those there are."""
    try:
        return kind(name)
    except ValueError as error:
        there = ", ".join(member.value.replace("_", " ") for member in kind)
        raise Refusal(
            code=f"{field}_unknown",
            words=f"“{name}” is not one of the choices.",
            remedy=f"Choose one of: {there}.",
            field=field,
        ) from error
