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
    (
        "A finished file gets its name without ever replacing another.",
        (
            "A finished file is moved to its name; CollabDesk looks first that nothing stands "
            "there, and compares what does."
        ),
    ),
    (
        "Letters with accents in file names are rewritten; CollabDesk uses none.",
        "Letters with accents in file names are kept as written; CollabDesk uses none.",
    ),
)
_CLOCK: Final = "The folder's clock is never asked: no rule depends on it."
_DECOMPOSED: Final = "e\u0301.tmp"
_COMPOSED: Final = "\u00e9.tmp"


def probe_folder(disk: Disk, folder: Path) -> ProbeReport:
    """Try a folder in a folder of its own inside it, then remove that again."""
    trial = _Trial(disk, folder / f"collabdesk-probe-{secrets.token_hex(8)}")
    try:
        creates = trial.creates()
        creates_once = creates and trial.creates_once()
        reads_back = creates and trial.reads_back()
        renames = creates and trial.renames()
        folds_case = renames and trial.folds_case()
        links = renames and trial.links()
        accents = renames and trial.rewrites_accents()
    finally:
        trial.clear()
    findings = (creates, reads_back, renames, creates_once, folds_case)
    free = _free(disk, folder)
    said = _sentences((*findings, links, accents), free)
    return ProbeReport(*findings, free, said, links, accents)


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

    def links(self) -> bool:
        """Tell whether a second name can be given once, and not a second time."""
        source, target = self.folder / "second.tmp", self.folder / "third.tmp"
        try:
            self.disk.link(source, target)
            self.disk.link(source, target)
        except FileExistsError:
            return True
        except OSError:
            return False
        return False

    def rewrites_accents(self) -> bool:
        """Tell whether a name written one way is found under its other spelling."""
        try:
            self._write(_DECOMPOSED)
            self.disk.look(self.folder / _COMPOSED)
        except (OSError, UnicodeError):
            return False
        return True

    def clear(self) -> None:
        for name in ("first.tmp", "second.tmp", "third.tmp", _DECOMPOSED):
            with suppress(OSError, UnicodeError):
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
    return (*said, _space(free), _CLOCK)


def _space(free: int | None) -> str:
    if free is None:
        return "This folder does not say how much space is free."
    if free < LITTLE_SPACE:
        return f"Only {free // _MEGABYTE:,} MB are free: ask the administrator for more space."
    return f"{free // _MEGABYTE:,} MB are free."
