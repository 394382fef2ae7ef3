"""Notes on single months of a budget line: parts of the line's note, each headed by its month.

A line has one note, so that what two people write about two of its months meets line by line as
any long note does, and is read as plain text wherever the note is shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

WHOLE: Final = 0
"""The part about the line itself, beside those of months 1 to 12."""
_HEAD: Final = re.compile(r"M(1[0-2]|[1-9]):(?: (.*))?")


def cell_notes(note: str) -> dict[int, str]:
    r"""Return what a line's note says of the line (0) and of its months, April being 1.

    >>> cell_notes("Agreed by letter\nM4: Two beds close")
    {0: 'Agreed by letter', 4: 'Two beds close'}
    """
    parts: dict[int, list[str]] = {WHOLE: []}
    at = WHOLE
    for line in note.splitlines():
        head = _HEAD.fullmatch(line)
        if head is not None:
            at = int(head[1])
            parts.setdefault(at, []).append(head[2] or "")
        else:
            parts[at].append(line)
    said = {month: "\n".join(lines).strip() for month, lines in sorted(parts.items())}
    return {month: text for month, text in said.items() if text}


def with_cell_note(note: str, month: int, text: str) -> str:
    """Return a line's note that says something else of a month, or of the line (0).

    No text takes that part away.
    """
    parts = {**cell_notes(note), month: _within(text.strip()) if month else text.strip()}
    return _joined({at: said for at, said in sorted(parts.items()) if said})


def _within(text: str) -> str:
    # A line that looks like the head of a month would end the part it stands in.
    return "\n".join(f" {line}" if _HEAD.fullmatch(line) else line for line in text.splitlines())


def _joined(parts: Mapping[int, str]) -> str:
    return "\n".join(text if at == WHOLE else f"M{at}: {text}" for at, text in parts.items())
