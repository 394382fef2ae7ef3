"""Putting a file in its place: whole or not at all, whenever the power goes.

The content is written and flushed under a name no reader takes, checked for length, and
given its own name in one step. A file already there is compared: the same bytes are
success, others are damage and are replaced in one step.
"""

from __future__ import annotations

import errno
import re
import secrets
from contextlib import suppress
from enum import Enum, auto
from pathlib import Path
from typing import Final

from collabdesk.sync.stores.disk import Disk, is_file, is_folder, patiently
from collabdesk.sync.stores.paths import Parts, staging_folder
from collabdesk.sync.stores.refusals import (
    share_busy,
    share_fault,
    share_not_found,
    write_refusal,
)

LITTER_AGE: Final = 7 * 24 * 3600
"""Seconds of this computer's own clock after which a staged file was left by a crash."""

_ATTEMPTS: Final = 5
_STAGED: Final = re.compile(r"collabdesk-([0-9]{1,12})-[0-9a-f]{16}\.part", re.ASCII)
_NO_HARD_LINKS: Final = frozenset(
    {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
)


class Standing(Enum):
    """What stands at a file's place before it is put there."""

    ABSENT = auto()
    SAME = auto()
    OTHER = auto()


class Placing:
    """Puts files in their places below one root, made ready in `outside` if that is given.

    A sync client uploads what it sees: in a synced folder a file is made ready outside the
    tree and moved in. Where that is another volume, the slot's staging folder must do.
    """

    def __init__(self, disk: Disk, root: Path, outside: Path | None) -> None:
        """Keep the root, and the folder outside a synced tree."""
        self._disk = disk
        self._root = root
        self._outside = outside
        self._moves = outside is not None or disk.renames_without_replacing
        self._swept: set[Path] = set()

    def put(self, parts: Parts, content: bytes) -> None:
        """Put a file in its place, or raise NotPossible."""
        where = "/".join(parts)
        try:
            self._put(parts, content)
        except OSError as error:
            if not self._disk.is_root(self._root):
                raise share_not_found(self._root) from error
            raise write_refusal(error, self._root, where) from error

    def _put(self, parts: Parts, content: bytes) -> None:
        target = self._root.joinpath(*parts)
        for _ in range(_ATTEMPTS):
            self._make_folders(parts[:-1])
            standing = self._standing(target, content)
            if standing is Standing.SAME:
                # It may be there since a run that the power ended before it was flushed.
                self._disk.flush_folder(target.parent)
                return
            if self._stage_and_move(parts, target, content, standing):
                return
        raise share_busy(self._root, "/".join(parts))

    def _standing(self, target: Path, content: bytes) -> Standing:
        try:
            facts = self._disk.look(target)
            if not is_file(facts) or facts.st_size != len(content):
                return Standing.OTHER
            held = self._disk.read(target, len(content) + 1)[1]
        except (FileNotFoundError, NotADirectoryError):
            return Standing.ABSENT
        return Standing.SAME if held == content else Standing.OTHER

    def _make_folders(self, parts: Parts) -> Path:
        folder = self._root
        for part in parts:
            self._make_folder(folder, part)
            folder /= part
        return folder

    def _make_folder(self, folder: Path, part: str) -> None:
        inside = folder / part
        # Looked for first: an administrator may have made it where we may not.
        if not self._is_taken(inside):
            with suppress(FileExistsError):
                self._disk.make_folder(inside)
                self._disk.flush_folder(folder)
        if not is_folder(self._disk.look(inside)):
            where = inside.relative_to(self._root).as_posix()
            raise share_fault(self._root, where, "it is not a folder")

    def _stage_and_move(
        self, parts: Parts, target: Path, content: bytes, standing: Standing
    ) -> bool:
        name = f"collabdesk-{self._disk.now()}-{secrets.token_hex(8)}.part"
        staged = self._staging(parts) / name
        try:
            self._write(staged, content)
            self._move(staged, target, standing)
        except FileExistsError:
            return False
        except FileNotFoundError:
            # A laptop whose clock is wrong swept it, or the staging folder was taken away.
            self._outside = None
            return False
        except OSError as error:
            return self._otherwise(error)
        finally:
            self._discard(staged)
        self._disk.flush_folder(target.parent)
        return True

    def _otherwise(self, error: OSError) -> bool:
        """Choose another way for the next attempt, or say that there is none."""
        if self._outside is not None:
            self._outside = None
        elif not self._moves and error.errno in _NO_HARD_LINKS:
            self._moves = True
        else:
            raise error
        return False

    def _staging(self, parts: Parts) -> Path:
        if self._outside is not None and not self._is_taken(self._outside):
            with suppress(OSError):
                self._disk.make_folder(self._outside)
        folder = self._outside or self._make_folders(staging_folder(parts))
        self._sweep(folder)
        return folder

    def _write(self, staged: Path, content: bytes) -> None:
        descriptor = patiently(self._disk, lambda: self._disk.create(staged))
        try:
            self._disk.write(descriptor, content)
            kept = self._disk.size(descriptor)
            if kept != len(content):
                reason = f"the folder kept {kept} of {len(content)} bytes"
                raise share_fault(self._root, staged.name, reason)
            self._disk.flush(descriptor)
        finally:
            self._disk.close(descriptor)

    def _move(self, staged: Path, target: Path, standing: Standing) -> None:
        if standing is Standing.OTHER:
            patiently(self._disk, lambda: self._disk.replace(staged, target))
        elif self._moves:
            self._rename(staged, target)
        else:
            self._disk.link(staged, target)

    def _rename(self, staged: Path, target: Path) -> None:
        if not self._disk.renames_without_replacing and self._is_taken(target):
            raise FileExistsError
        patiently(self._disk, lambda: self._disk.rename(staged, target))

    def _is_taken(self, target: Path) -> bool:
        try:
            self._disk.look(target)
        except FileNotFoundError:
            return False
        return True

    def _discard(self, staged: Path) -> None:
        with suppress(OSError):
            self._disk.remove(staged)

    def _sweep(self, folder: Path) -> None:
        if folder in self._swept:
            return
        self._swept.add(folder)
        oldest = self._disk.now() - LITTER_AGE
        for name in self._names(folder):
            match = _STAGED.fullmatch(name)
            if match and int(match[1]) < oldest:
                self._discard(folder / name)

    def _names(self, folder: Path) -> list[str]:
        try:
            return [name for name, facts in self._disk.scan(folder) if is_file(facts)]
        except OSError:
            return []
