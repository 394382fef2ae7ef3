"""`collabdesk sync --watch` as a process: it tells what it does, and an interrupt ends it well."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from nacl import pwhash

from collabdesk.app import KEY_FILE, PASSPHRASE
from collabdesk.errors import CollabDeskError
from collabdesk.host.passphrase_store import PassphraseStore, Work
from collabdesk.services.sharing.report import SyncReport
from collabdesk.services.sharing.watching import Watching
from tests.support.alliance import Alliance, found_alliance
from tests.support.exchange import M1, a_line, an_edit

WORDS = "a passphrase of several words"


@pytest.fixture(scope="module")
def alliance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alliance]:
    made = found_alliance(tmp_path_factory.mktemp("watched") / "alliance", ("a",))
    yield made
    made.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_it_well(alliance: Alliance, number: signal.Signals) -> None:
    lead = alliance.desks["lead"]
    folder = lead.workspace.folder
    lead.workspace.close()
    if not (folder / KEY_FILE).exists():
        # Sealing with little work: what is tested here is not how long guessing takes.
        little = Work(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)
        sealed = PassphraseStore.create(folder / KEY_FILE, WORDS, little)
        for name, value in lead.keys.kept.items():
            sealed.put(name, value)
    command = [sys.executable, "-m", "collabdesk", "sync", "--watch", "--workspace", str(folder)]
    with subprocess.Popen(
        command,
        env={**os.environ, PASSPHRASE: WORDS},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        said: list[str] = []
        for line in process.stdout:
            if "Shared:" in line and not any("Shared:" in before for before in said):
                process.send_signal(number)
            said.append(line)
    assert process.returncode == 0, said
    assert said[0] == "Sharing until interrupted (Ctrl+C).\n"
    assert said[-1] == "Stopped. What was not sent waits on this laptop.\n"
    lead.reopen()


def test_a_change_in_the_folder_is_shared_soon(alliance: Alliance) -> None:
    row = a_line(alliance)
    lead, a = alliance.desks.values()
    stop, reports, faults = threading.Event(), list[SyncReport](), list[CollabDeskError]()

    def told(report: SyncReport) -> None:
        reports.append(report)
        if len(reports) == 1:
            an_edit(a, row, 5)
            a.share()
        if lead.live(row, M1) == {5}:
            stop.set()

    an_hour, at_once = 3_600, 0.01
    Watching(lead.workspace, lead.store, told, faults.append, an_hour, stop, at_once).run()
    assert lead.live(row, M1) == {5}
    assert faults == []


def test_a_folder_that_is_away_is_told_and_tried_again(alliance: Alliance, tmp_path: Path) -> None:
    lead = alliance.desks["lead"]
    stop, reports, faults = threading.Event(), list[SyncReport](), list[CollabDeskError]()
    away = tmp_path / "away"

    def failed(fault: CollabDeskError) -> None:
        faults.append(fault)
        away.rename(alliance.share_folder)

    def told(report: SyncReport) -> None:
        reports.append(report)
        stop.set()

    alliance.share_folder.rename(away)
    Watching(lead.workspace, lead.store, told, failed, 0.01, stop, 0.01).run()
    assert [fault.code for fault in faults] == ["share-not-found"]
    assert len(reports) == 1
