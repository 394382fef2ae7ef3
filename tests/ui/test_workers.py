"""Work happens elsewhere and answers arrive on the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from collabdesk.errors import NotPossible
from collabdesk.ui.workers import LongJob, Progress, Readers


def refuse(fault: Exception) -> None:
    raise fault


@pytest.fixture
def readers() -> Iterator[Readers]:
    with ThreadPoolExecutor(2) as pool:
        yield Readers(pool)


def test_a_reading_runs_elsewhere_and_is_answered_here(qtbot: QtBot, readers: Readers) -> None:
    owner, seen = QObject(), list[tuple[int, int]]()
    readers.read(
        owner, threading.get_ident, lambda at: seen.append((at, threading.get_ident())), refuse
    )
    qtbot.waitUntil(lambda: bool(seen))
    worked, answered = seen[0]
    assert answered == threading.get_ident()
    assert worked != answered


def test_a_failed_reading_is_handed_over_as_it_is(qtbot: QtBot, readers: Readers) -> None:
    owner, faults = QObject(), list[Exception]()
    refusal = NotPossible(code="away", words="The folder is not there.")

    def work() -> None:
        raise refusal

    readers.read(owner, work, lambda _done: pytest.fail("answered"), faults.append)
    qtbot.waitUntil(lambda: bool(faults))
    assert faults == [refusal]


def test_an_answer_to_somebody_gone_is_dropped(qtbot: QtBot, readers: Readers) -> None:
    gone, here = QObject(), QObject()
    hold, heard = threading.Event(), list[str]()
    readers.read(gone, lambda: hold.wait(5), lambda _done: heard.append("gone"), refuse)
    dropped = readers.read(here, lambda: hold.wait(5), lambda _d: heard.append("no"), refuse)
    dropped.drop()
    shiboken6.delete(gone)
    hold.set()
    readers.read(here, lambda: None, lambda _done: heard.append("here"), refuse)
    qtbot.waitUntil(lambda: "here" in heard)
    assert heard == ["here"]


def test_a_long_job_tells_its_progress_and_ends_with_its_result(
    qtbot: QtBot, readers: Readers
) -> None:
    def work(progress: Progress) -> str:
        for done in range(3):
            progress.say("Reading rows", done + 1, 3)
        return "3 rows"

    job, steps, results = LongJob("Import", work), list[tuple[str, int, int]](), list[object]()
    job.progressed.connect(lambda words, done, total: steps.append((words, done, total)))
    job.finished.connect(results.append)
    with qtbot.waitSignal(job.ended):
        readers.start(job)
    assert steps[-1] == ("Reading rows", 3, 3)
    assert results == ["3 rows"]


def test_cancel_stops_a_job_at_its_next_step(qtbot: QtBot, readers: Readers) -> None:
    started, passed = threading.Event(), list[int]()

    def work(progress: Progress) -> None:
        started.set()
        while not progress.cancelled:
            threading.Event().wait(0.001)
        progress.say("Never heard")
        passed.append(1)

    job = LongJob("Import", work)
    with qtbot.waitSignals([job.stopped, job.ended]):
        readers.start(job)
        started.wait(5)
        job.cancel()
    assert passed == []


def test_a_job_that_fails_says_so(qtbot: QtBot, readers: Readers) -> None:
    def work(_progress: Progress) -> None:
        raise NotPossible(code="full", words="The disk is full.")

    job, faults = LongJob("Export", work), list[object]()
    job.failed.connect(faults.append)
    with qtbot.waitSignal(job.ended):
        readers.start(job)
    assert str(faults[0]) == "The disk is full."


def test_a_reading_asked_for_while_closing_is_dropped() -> None:
    pool = ThreadPoolExecutor(1)
    pool.shutdown()
    ticket = Readers(pool).read(QObject(), lambda: 1, lambda _got: None, refuse)
    assert not ticket.wanted
