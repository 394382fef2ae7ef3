"""The command line as it is typed: real folders, passphrase-sealed keys, answers as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from nacl import pwhash

from collabdesk.app import KEY_FILE
from collabdesk.cli import run
from collabdesk.host.passphrase_store import PassphraseStore, Work

WORDS = "a passphrase of several words"


class Typed:
    """Types command lines and reads what they answer."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys

    def __call__(self, verb: str, *words: str, code: int = 0) -> dict[str, Any]:
        assert run([verb, *words, "--json"]) == code
        answer = json.loads(self.capsys.readouterr().out)
        assert isinstance(answer, dict)
        return answer

    def told(self, *words: str, code: int = 0) -> str:
        assert run(words) == code
        captured = self.capsys.readouterr()
        return captured.out + captured.err

    def at(self, name: str) -> tuple[str, str]:
        return ("--workspace", str(self.folder / name))


def key_file(folder: Path) -> None:
    """Make a folder with a key file that is sealed with little work.

    What is tested is not how long guessing takes.
    """
    folder.mkdir()
    little = Work(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)
    PassphraseStore.create(folder / KEY_FILE, WORDS, little)


def who(typed: Typed, name: str, ods: str, role: str) -> tuple[str, ...]:
    share = str(typed.folder / "share")
    return ("--share", share, "--organisation", name, "--ods", ods, "--role", role)


def two_trusts(typed: Typed) -> None:
    lead = who(typed, "Nottinghamshire Healthcare", "RHA", "Finance lead")
    founded = typed("new", *typed.at("lead"), "--name", "East Midlands Alliance", *lead)
    partner = who(typed, "Lincolnshire Partnership", "RP7", "Alliance manager")
    read_out = founded["workspace_words"]
    asked = typed("join", *typed.at("partner"), "--words", read_out, *partner)
    typed("enrol", *typed.at("lead"), "--words", asked["laptop_words"])
    for name in ("partner", "lead", "partner"):
        typed("sync", *typed.at(name))


def newest_change_set(typed: Typed) -> Path:
    return max((typed.folder / "share").rglob("*.cds"), key=lambda file: file.name)
