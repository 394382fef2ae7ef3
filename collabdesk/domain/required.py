"""Text that must be there."""

from __future__ import annotations

from collabdesk.errors import Refusal


def required_text(text: str, field: str, words: str, remedy: str) -> str:
    """Return text without the spaces around it; refuse blank text."""
    kept = text.strip()
    if not kept:
        raise Refusal(code=f"{field}_missing", words=words, remedy=remedy, field=field)
    return kept
