"""The command line: thin over services; 0 fine, 1 found something wrong, 2 bad usage."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from collabdesk.errors import CollabDeskError
from collabdesk.voice import Voice

FINE = 0
WRONG = 1


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line and return its exit code; errors are told in words."""
    if not arguments:
        return _window(None)
    from collabdesk.cli.parser import make_parser

    options = make_parser().parse_args(arguments)
    voice = Voice(as_json=getattr(options, "json", False))
    if options.verb is None:
        return _window(options.workspace)
    try:
        return int(options.carry_out(options, voice))
    except CollabDeskError as error:
        voice.fault(error)
        return WRONG


def _window(folder: Path | None) -> int:
    """Open the window without importing what only commands need, so that it paints at once."""
    from collabdesk.app import start_window

    return start_window(folder)
