"""`collabdesk sync --watch`: sharing until somebody interrupts it."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING

from collabdesk.app import open_store, open_workspace
from collabdesk.errors import CollabDeskError
from collabdesk.voice import Voice

if TYPE_CHECKING:
    from collabdesk.services.sharing.report import SyncReport
    from collabdesk.services.workspace import Workspace


def watch(options: argparse.Namespace, voice: Voice) -> int:
    """Share on an interval and when the folder changes; an interrupt ends it well."""
    from collabdesk.services.sharing.watching import Watching

    workspace, stop = open_workspace(options.workspace), Event()
    telling = _Telling(workspace, voice)
    try:
        with _until_interrupted(stop):
            watching = Watching(
                workspace,
                open_store(workspace.about.store),
                telling.shared,
                telling.failed,
                options.every,
                stop,
            )
            voice.line("Sharing until interrupted (Ctrl+C).")
            watching.run()
            voice.line("Stopped. What was not sent waits on this laptop.")
            voice.result({"exchanges": watching.exchanges, "faults": telling.faults})
    finally:
        workspace.close()
    return 0


class _Telling:
    """Says what happened, and what stays as it was only once."""

    def __init__(self, workspace: Workspace, voice: Voice) -> None:
        self._workspace = workspace
        self._voice = voice
        self._fault = ""
        self._alarms: set[str] = set()
        self.faults = 0

    def shared(self, report: SyncReport) -> None:
        from collabdesk.services.sharing.alarms import alarms

        self._fault = ""
        self._voice.progress(f"Shared: {report.sentence()}.")
        for refused in report.refused:
            self._voice.line(f"Refused {refused.path}: {refused.words}")
        for words in (*report.left_out, *report.not_posted):
            self._voice.line(words)
        shown = {f"{a.words} {a.protected} {a.action_words}." for a in alarms(self._workspace)}
        for words in sorted(shown - self._alarms):
            self._voice.line(words)
        self._alarms = shown

    def failed(self, fault: CollabDeskError) -> None:
        self.faults += 1
        if str(fault) != self._fault:
            self._fault = str(fault)
            self._voice.progress(self._fault)


@contextmanager
def _until_interrupted(stop: Event) -> Iterator[None]:
    """Let Ctrl+C and a polite end of the process ask to stop, and nothing more."""
    asked = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in asked}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
