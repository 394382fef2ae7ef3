"""Crash reports that stay on this computer and carry neither figures nor names.

A report says where in the program a fault arose and of which kind it was. Digits, quoted text,
addresses and capitalised words of its message are blotted out; values of variables are never read.
"""

from __future__ import annotations

import faulthandler
import platform
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO

KEPT = 5
NATIVE = "crash-native.txt"

_Fault = BaseException | None
_BLOTS = (
    (re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|“[^”\n]*”|‘[^’\n]*’|`[^`\n]*`"), "…"),
    (re.compile(r"[\w.+-]+@[\w.-]+"), "…"),
    (re.compile(r"(?:[A-Za-z]:)?(?:[\\/][^\\/\s:]+){2,}"), "…"),
    (re.compile(r"[£$€]?\d[\d,.]*"), "#"),
)
# Capitalised words are names of people and trusts until shown to be words of the program.
_WORD = re.compile(r"\b[^\W\d_][\w’-]*")
_PROGRAM_WORD = re.compile(
    r"[A-Z]{2,}\w*|\w*(?:Error|Exception|Warning)|None\w*|True|False|Q[A-Z]\w+"
)


class CrashLog:
    """Writes reports into a folder, newest first, five kept."""

    def __init__(
        self, folder: Path, version: str, told: Callable[[str], None] | None = None
    ) -> None:
        """Keep reports in `folder`; `told` receives each report's text, to show it."""
        self._folder = folder
        self._version = version
        self._told = told
        self._native: IO[str] | None = None

    def install(self) -> None:
        """Catch whatever nobody else catches: faults of Python, of threads and of native code."""
        self._folder.mkdir(parents=True, exist_ok=True)
        # A windowed program has no standard error, so native faults go to a file.
        self._native = (self._folder / NATIVE).open("a", encoding="utf-8")
        faulthandler.enable(self._native)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread

    def uninstall(self) -> None:
        """Put Python's own behaviour back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        faulthandler.disable()
        if self._native:
            self._native.close()
            self._native = None

    def record(self, fault: BaseException, where: str = "main") -> Path:
        """Write one report and return its path."""
        text = report(fault, where, self._version)
        path = rotated(self._folder)
        path.write_text(text, encoding="utf-8")
        if self._told:
            self._told(text)
        return path

    def _uncaught(
        self, kind: type[BaseException], fault: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault, trace)
            return
        self.record(fault.with_traceback(trace))

    def _uncaught_in_thread(self, ended: threading.ExceptHookArgs) -> None:
        if ended.exc_value is not None:
            self.record(ended.exc_value, ended.thread.name if ended.thread else "thread")


def rotated(folder: Path) -> Path:
    """Make room for a new report: 1 becomes 2 and so on, the oldest goes; return the free path."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(KEPT - 1, 0, -1):
        older = folder / f"crash-{number}.txt"
        if older.exists():
            older.replace(folder / f"crash-{number + 1}.txt")
    return folder / "crash-1.txt"


def report(fault: BaseException, where: str, version: str) -> str:
    """Write what went wrong, where, and under which versions, without figures or names."""
    head = (
        f"CollabDesk {version} · Python {platform.python_version()} · "
        f"{platform.system()} {platform.release()} · thread {scrubbed(where)}"
    )
    return "\n".join([head, "", *_chain(fault), ""])


def scrubbed(message: str) -> str:
    """Blot out of a message what may be a figure, a name, an address or quoted text."""
    for pattern, blot in _BLOTS:
        message = pattern.sub(blot, message)
    return _WORD.sub(lambda match: _word(match[0]), message)


def _word(word: str) -> str:
    keep = word[0].islower() or _PROGRAM_WORD.fullmatch(word)
    return word if keep else "…"


def _chain(fault: BaseException) -> Iterator[str]:
    """Yield the fault's lines, those of its cause first, as Python prints them."""
    cause, context = fault.__cause__, fault.__context__
    earlier: _Fault = cause or (None if fault.__suppress_context__ else context)
    if earlier is not None:
        yield from _chain(earlier)
        yield "which led to:" if cause else "while handling that:"
    for frame in traceback.extract_tb(fault.__traceback__):
        yield f"  {_place(frame.filename)}:{frame.lineno} in {frame.name}"
    yield f"{type(fault).__name__}: {scrubbed(str(fault))}"
    if isinstance(fault, BaseExceptionGroup):
        for one in fault.exceptions:
            yield from _chain(one)


def _place(filename: str) -> str:
    """Write a file as a place in the program: no folder of this person or computer."""
    parts = Path(filename).parts
    for root in ("site-packages", "collabdesk"):
        if root in parts:
            start = len(parts) - 1 - parts[::-1].index(root)
            return "/".join(parts[start + (root == "site-packages") :])
    return parts[-1] if parts else filename
