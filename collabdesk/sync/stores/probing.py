"""Trying what a shared folder can do, in words for the person who chose it."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from collabdesk.sync.stores.disk import Disk
from collabdesk.sync.stores.port import ProbeReport

CONTENT: Final = b"CollabDesk is trying this folder; this file may be removed.\n" * 16
LITTLE_SPACE: Final = 100_000_000
_MEGABYTE: Final = 1_000_000
_SENTENCES: Final = (
    (
        "CollabDesk can write to this folder.",
        (
            "CollabDesk cannot write to this folder: ask its administrator for the right to "
            "create and change files in it."
        ),
    ),
    (
        "What is written is read back unchanged.",
        "What is written is not read back unchanged: choose another folder.",
    ),
    (
        "A finished file is put in its place in one step.",
        (
            "Files cannot be renamed in this folder: ask its administrator for the right to "
            "change files, or choose another folder."
        ),
    ),
    (
        "Two laptops cannot create one file twice.",
        (
            "Two laptops may create one file twice here; CollabDesk compares what files hold, so "
            "nothing is lost."
        ),
    ),
    (
        (
            "Capital and small letters in file names count as the same; CollabDesk uses small "
            "letters only."
        ),
        (
            "Capital and small letters in file names are told apart; CollabDesk uses small letters "
            "only."
        ),
    ),
)


def probe_folder(disk: Disk, folder: Path) -> ProbeReport:
    """Try a folder in a folder of its own inside it, then remove that again."""
    trial = _Trial(disk, folder / f"collabdesk-probe-{secrets.token_hex(8)}")
    try:
        creates = trial.creates()
        creates_once = creates and trial.creates_once()
        reads_back = creates and trial.reads_back()
        renames = creates and trial.renames()
        folds_case = renames and trial.folds_case()
    finally:
        trial.clear()
    findings = (creates, reads_back, renames, creates_once, folds_case)
    free = _free(disk, folder)
    return ProbeReport(*findings, free, _sentences(findings, free))


@dataclass
class _Trial:
    disk: Disk
    folder: Path

    def creates(self) -> bool:
        try:
            self.disk.make_folder(self.folder)
            self._write("first.tmp")
        except OSError:
            return False
        return True

    def creates_once(self) -> bool:
        try:
            self.disk.close(self.disk.create(self.folder / "first.tmp"))
        except FileExistsError:
            return True
        except OSError:
            return False
        return False

    def reads_back(self) -> bool:
        try:
            return self.disk.read(self.folder / "first.tmp", len(CONTENT) + 1)[1] == CONTENT
        except OSError:
            return False

    def renames(self) -> bool:
        try:
            self.disk.rename(self.folder / "first.tmp", self.folder / "second.tmp")
            self.disk.look(self.folder / "second.tmp")
        except OSError:
            return False
        return True

    def folds_case(self) -> bool:
        try:
            self.disk.look(self.folder / "SECOND.tmp")
        except OSError:
            return False
        return True

    def clear(self) -> None:
        for name in ("first.tmp", "second.tmp"):
            with suppress(OSError):
                self.disk.remove(self.folder / name)
        with suppress(OSError):
            self.disk.remove_folder(self.folder)

    def _write(self, name: str) -> None:
        descriptor = self.disk.create(self.folder / name)
        try:
            self.disk.write(descriptor, CONTENT)
            self.disk.flush(descriptor)
        finally:
            self.disk.close(descriptor)


def _free(disk: Disk, folder: Path) -> int | None:
    try:
        return disk.free(folder)
    except OSError:
        return None


def _sentences(findings: tuple[bool, ...], free: int | None) -> tuple[str, ...]:
    if not findings[0]:
        return (_SENTENCES[0][1],)
    pairs = zip(_SENTENCES, findings, strict=True)
    said = tuple(good if found else bad for (good, bad), found in pairs)
    return (*said, _space(free))


def _space(free: int | None) -> str:
    if free is None:
        return "This folder does not say how much space is free."
    if free < LITTLE_SPACE:
        return f"Only {free // _MEGABYTE:,} MB are free: ask the administrator for more space."
    return f"{free // _MEGABYTE:,} MB are free."
