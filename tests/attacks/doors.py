"""The two ways in which a case's files reach a laptop: the engine itself and the command line."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Connection

from collabdesk.cli import run
from collabdesk.errors import CollabDeskError
from collabdesk.services.sharing.alarms import alarms
from collabdesk.services.sharing.cycle import share
from collabdesk.services.sharing.enrolment import enrol, find_workspace
from collabdesk.services.sharing.standing import standing
from collabdesk.services.sharing.verify import verify
from collabdesk.storage.queries.approvals import approvals
from collabdesk.storage.queries.authors import Authors
from collabdesk.storage.tables.projections import PROJECTED
from collabdesk.sync import names, words
from collabdesk.sync.operations import ApproveRow, Dot
from tests.attacks.saying import Said
from tests.attacks.signing import Signed
from tests.attacks.steps import GRACE_MS
from tests.attacks.world import World
from tests.support.alliance import Desk, MemoryKeyStore

MEMORY: Final = 64 << 20


@dataclass
class Outcome:
    """What became of an attack, as far as a door shows it."""

    verdicts: dict[str, Any] = field(default_factory=dict)
    records: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    refusal: str = ""
    aside: set[int] = field(default_factory=set)
    figures_changed: bool = False
    contested: bool = False
    approvals: dict[str, bool] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)


# --- the engine ------------------------------------------------------------------------------


def by_engine(world: World, case: Said) -> Outcome:
    """Let the victim's laptop share, and look at everything it holds."""
    outcome, name = Outcome(), case["victim"]
    desk = world.open(name)
    try:
        before = desk.workspace.query(_figures)
        with _little_memory(case):
            _do(desk, world, case, outcome)
        outcome.figures_changed = desk.workspace.query(_figures) != before
        _look(desk, world, outcome, verifying=case["shown"] == "verify")
    finally:
        desk.workspace.close()
    return outcome


@contextmanager
def _little_memory(case: Said) -> Iterator[None]:
    if not case.get("memory"):
        yield
        return
    tracemalloc.start()
    try:
        yield
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MEMORY, peak


def _do(desk: Desk, world: World, case: Said, outcome: Outcome) -> None:
    try:
        match case.get("does", "share").split(" "):
            case ["enrol", who]:
                asked = enrol(desk.workspace, desk.store, [" ".join(_words(world, who))])
                share(desk.workspace, desk.store, grace_ms=GRACE_MS)
                outcome.said["enrol"] = "\n".join(
                    f"Enrolled {one.label} of {one.org_name}: {one.person}." for one in asked
                )
            case ["join", of]:
                find_workspace(desk.store, " ".join(_words(world, of)))
                outcome.said["join"] = "Read these eight words to its administrator:"
            case _:
                for _ in range(case.get("times", 1)):
                    report = share(desk.workspace, desk.store, grace_ms=GRACE_MS, audit=True)
                    outcome.refused += [refused.code for refused in report.refused]
                    said = [refused.words for refused in report.refused]
                    outcome.said["sync"] = "\n".join([report.sentence(), *said])
    except CollabDeskError as error:
        outcome.refusal = error.code
        outcome.said["sync"] = str(error)


def _words(world: World, of: str) -> tuple[str, ...]:
    if of == "workspace":
        return words.words_of(world.workspace)
    if of == "another":
        return words.words_of(bytes(32))
    return words.words_of(names.devhash(world.hand(of).public))


def _look(desk: Desk, world: World, outcome: Outcome, *, verifying: bool) -> None:
    workspace = desk.workspace
    for name, signed in world.signed.items():
        outcome.verdicts[name] = workspace.query(_verdicts, signed.id)
        outcome.approvals |= workspace.query(_approvals, name, signed)
    book = workspace.book
    adopted = {held.id for held in book.epochs}
    adopted |= {held.id for hand in world.hands.values() for held in book.rosters(hand.org)}
    in_force = {item.id for item in book.suspensions}
    for name, held in world.records.items():
        outcome.records[name] = (
            "adopted"
            if held.id in adopted
            else "in force"
            if held.id in in_force
            else "kept"
            if held.id in book.records
            else "set aside"
        )
    found = alarms(workspace)
    outcome.alarms = sorted(alarm.kind for alarm in found)
    outcome.said["alarm"] = "\n".join(f"{alarm.words} {alarm.protected}" for alarm in found)
    now = standing(workspace)
    outcome.aside = {item.verdict for item in now.aside}
    outcome.contested = now.counts.contested > 0
    contested = f"Contested figures: {now.counts.contested}."
    files = f"files: {now.waiting_files}."
    outcome.said["status"] = "\n".join([contested, files, *(item.reason for item in now.aside)])
    if not verifying:
        return
    checked = verify(workspace, store=desk.store)
    sound = "Everything is as it was signed." if checked.sound else "Something is wrong."
    outcome.said["verify"] = "\n".join([*checked.faults, sound])


def _verdicts(reads: Connection, segment_id: bytes) -> Any:  # noqa: ANN401 - a list, or a word
    found = reads.exec_driver_sql(
        "SELECT o.verdict FROM operation o JOIN place p ON p.dev16 = o.dev16 AND p.seq = o.seq "
        "AND (o.branch = x'' OR o.branch = p.id) WHERE p.id = ? ORDER BY o.idx",
        (segment_id,),
    )
    verdicts = [verdict for (verdict,) in found]
    if verdicts or _one(reads, "SELECT 1 FROM place WHERE id = ?", segment_id):
        return verdicts
    if _one(reads, "SELECT 1 FROM waiting WHERE id = ? AND missing <> x''", segment_id):
        return "waits"
    if _one(reads, "SELECT 1 FROM segment WHERE id = ?", segment_id):
        return "broken"
    return "not kept"


def _approvals(reads: Connection, name: str, signed: Signed) -> dict[str, bool]:
    """Tell whether a change set's approval counts: it is current, and not of the own figure."""
    (op, *_) = (*signed.ops, None)
    if not isinstance(op, ApproveRow):
        return {}
    authors, dot = Authors(reads), signed.dot(0)

    def person(at: Dot) -> tuple[bytes | None, bytes | None]:
        return authors.of(at).organisation, authors.of(at).person

    given = {one.dot: one for one in approvals(reads, op.row)}
    if dot not in given:
        return {}
    own = any(person(approved) == person(dot) for _, approved in op.items)
    return {name: given[dot].current and not given[dot].withdrawn and not own}


def _one(reads: Connection, query: str, segment_id: bytes) -> bool:
    return reads.exec_driver_sql(query, (segment_id,)).first() is not None


def _figures(reads: Connection) -> dict[str, Any]:
    return {
        table.name: sorted(map(repr, reads.execute(table.select()).all()))
        for table in PROJECTED.sorted_tables
    }


# --- the command line --------------------------------------------------------------------------


class CommandLine:
    """Types command lines as a person would, with the keys and the clock of a world."""

    def __init__(
        self, world: World, patch: pytest.MonkeyPatch, read: pytest.CaptureFixture[str]
    ) -> None:
        """Let every command find the victim's keys and the world's clock."""
        self.world = world
        self.read = read
        keys = {world.folder / name: world.keys_of(name) for name in world.template.keys}
        fresh = MemoryKeyStore()
        find = lambda folder: keys.get(Path(folder), fresh)  # noqa: E731 - one line says it
        patch.setattr("collabdesk.app.key_store", find)
        patch.setattr("collabdesk.cli.verbs.key_store", find)
        patch.setattr("collabdesk.services.workspace.SystemClock", world.clock)

    def told(self, *arguments: str) -> tuple[int, str]:
        """Return the exit code of a command and all it said."""
        code = run(arguments)
        captured = self.read.readouterr()
        return code, captured.out + captured.err

    def answered(self, *arguments: str) -> Mapping[str, Any]:
        """Return the JSON a command answered with."""
        run([*arguments, "--json"])
        answer = json.loads(self.read.readouterr().out)
        assert isinstance(answer, dict)
        return answer


def by_command_line(line: CommandLine, case: Said) -> Outcome:
    """Let the victim type the commands, and look at what they answer."""
    outcome, world = Outcome(), line.world
    at = ("--workspace", str(world.folder / case["victim"]))
    desk = world.open(case["victim"])
    before = desk.workspace.query(_figures)
    desk.workspace.close()
    _type(line, case, at, outcome)
    desk = world.open(case["victim"])
    outcome.figures_changed = desk.workspace.query(_figures) != before
    desk.workspace.close()
    code, outcome.said["status"] = line.told("status", *at)
    assert code == 0
    now = line.answered("status", *at)
    outcome.aside = {item["verdict"] for item in now["kept_aside"]}
    outcome.contested = now["contested"] > 0
    outcome.alarms = sorted(alarm["kind"] for alarm in now["alarms"])
    outcome.said["alarm"] = outcome.said["status"]
    if case["shown"] == "verify":
        code, outcome.said["verify"] = line.told("verify", *at)
        assert code == (0 if "Everything is as it was signed." in outcome.said["verify"] else 1)
    if "inspect" in case:
        path = world.paths[case["inspect"]]
        _, outcome.said["inspect"] = line.told("inspect", str(path), *at)
    return outcome


def _type(line: CommandLine, case: Said, at: tuple[str, str], outcome: Outcome) -> None:
    world = line.world
    match case.get("does", "share").split(" "):
        case ["enrol", who]:
            arguments = ["enrol", *at, "--words", " ".join(_words(world, who))]
        case ["join", of]:
            folder = ("--workspace", str(world.folder / "newcomer"))
            who = ("--organisation", "Another trust", "--ods", "RXX", "--share", str(world.share))
            arguments = ["join", *folder, "--words", " ".join(_words(world, of)), *who]
        case _:
            arguments = ["sync", *at]
    for _ in range(case.get("times", 1)):
        code, said = line.told(*arguments)
        refused = [part for part in said.splitlines() if part.startswith("Refused ")]
        outcome.refused += refused
        outcome.said |= dict.fromkeys(("sync", "enrol", "join"), said)
        outcome.refusal = "refused" if code and not refused else ""
