"""Laptops of several trusts on one shared folder, each reached by command lines alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from nacl import pwhash

from collabdesk.app import KEY_FILE, PASSPHRASE
from collabdesk.host.passphrase_store import PassphraseStore, Work
from collabdesk.services.sample import money
from collabdesk.services.workspace import Workspace
from collabdesk.storage.database import FILE_NAME

ROOT: Final = Path(__file__).parents[2]
WORDS: Final = "a passphrase of several words"
TRUSTS: Final = (
    ("RHA", "Nottinghamshire Healthcare", "Finance lead"),
    ("RP7", "Lincolnshire Partnership", "QI lead"),
    ("RT5", "Leicestershire Partnership", "Alliance manager"),
)


@dataclass
class Laptop:
    """One laptop: where its workspace is, and what its commands acknowledged."""

    name: str
    folder: Path
    surroundings: Mapping[str, str]
    acknowledged: list[dict[str, Any]] = field(default_factory=list)

    @property
    def database(self) -> Path:
        """The laptop's database."""
        return self.folder / FILE_NAME

    def line(self, verb: str, *words: str) -> list[str]:
        """Return a command line of this laptop."""
        command = [sys.executable, "-m", "collabdesk", verb, "--json", *words]
        return [*command, "--workspace", str(self.folder)]

    def start(self, line: Sequence[str]) -> subprocess.Popen[str]:
        """Start a process whose every word comes through one pipe."""
        return subprocess.Popen(
            line,
            cwd=ROOT,
            env=self.surroundings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
        )

    def told(self, verb: str, *words: str) -> dict[str, Any]:
        """Run a command line that must succeed, and return what it answers."""
        ran = subprocess.run(
            self.line(verb, *words),
            cwd=ROOT,
            env=self.surroundings,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, f"{self.name} {verb}: {ran.stdout}{ran.stderr}"
        answer = json.loads(ran.stdout)
        assert isinstance(answer, dict)
        return answer


def surroundings(folder: Path) -> dict[str, str]:
    """Return the environment of every process: compiled once, opened by one passphrase."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COV_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        "COLLABDESK_HOME": str(folder / "home"),
        PASSPHRASE: WORDS,
    }


def founded(folder: Path, count: int = len(TRUSTS)) -> list[Laptop]:
    """Found a workspace, enrol its partners, and give them a plan to edit: all by commands."""
    share, around = folder / "share", surroundings(folder)
    share.mkdir(parents=True)
    laptops = [Laptop(ods.lower(), folder / ods.lower(), around) for ods, _, _ in TRUSTS[:count]]
    for laptop in laptops:
        # Sealing with little work: what is tested here is not how long guessing takes.
        laptop.folder.mkdir()
        little = Work(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)
        PassphraseStore.create(laptop.folder / KEY_FILE, WORDS, little)
    who = [
        (*("--share", str(share)), *("--organisation", trust), *("--ods", ods), *("--role", role))
        for ods, trust, role in TRUSTS[:count]
    ]
    lead, *partners = laptops
    read_out = lead.told("new", "--name", "East Midlands Alliance", *who[0])["workspace_words"]
    asked: list[str] = []
    for laptop, words in zip(partners, who[1:], strict=True):
        asked += ["--words", laptop.told("join", "--words", read_out, *words)["laptop_words"]]
    lead.told("enrol", *asked)
    for laptop in (*partners, lead, *partners):
        laptop.told("sync")
    _plan(lead)
    for laptop in laptops:
        laptop.told("sync")
    return laptops


def _plan(lead: Laptop) -> None:
    keys = PassphraseStore.open(lead.folder / KEY_FILE, WORDS)
    workspace = Workspace(lead.folder, keys)
    money.make_service_lines(workspace)
    money.make_version(workspace, "Draft that everybody edits")
    workspace.close()


def killed(process: subprocess.Popen[str]) -> bool:
    """Tell whether a finished process was ended by SIGKILL."""
    return process.returncode == -signal.SIGKILL
