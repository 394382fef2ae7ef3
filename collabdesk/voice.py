"""How the command line speaks: sentences for people, one JSON object for machines."""

from __future__ import annotations

import json
import sys
from typing import Any

from collabdesk.errors import CollabDeskError


class Voice:
    """Collects what a command found and says it once, in the form asked for."""

    def __init__(self, *, as_json: bool) -> None:
        """Speak JSON or sentences."""
        self.as_json = as_json

    def line(self, text: str = "") -> None:
        """Say a line to a person."""
        if not self.as_json:
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()

    def progress(self, text: str) -> None:
        """Say what is being done; machines are told on the error stream."""
        stream = sys.stderr if self.as_json else sys.stdout
        stream.write(f"… {text}\n")
        stream.flush()

    def result(self, values: dict[str, Any]) -> None:
        """Say the result to a machine."""
        if self.as_json:
            sys.stdout.write(json.dumps(values, indent=2, ensure_ascii=False, sort_keys=True))
            sys.stdout.write("\n")

    def fault(self, error: CollabDeskError) -> None:
        """Say what went wrong and how to mend it."""
        self.result({"error": error.code, "field": error.field, "words": str(error)})
        if not self.as_json:
            sys.stderr.write(f"{error}\n")
