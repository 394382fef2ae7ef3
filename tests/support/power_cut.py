"""A disk whose power fails after a given number of steps.

What was not flushed is lost: of each file still open or never flushed, half is kept. From
then on nothing runs, so no code of ours tidies up behind the cut.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from collabdesk.sync.stores.disk import Disk


class PowerCutError(BaseException):
    """The power failed."""


@dataclass
class PowerCut(Disk):
    """The file system of this computer until step `fails_at`, counted from 1; 0 is never."""

    fails_at: int = 0
    steps: int = 0
    links: bool = True
    _unflushed: dict[int, int] = field(default_factory=dict)
    _dead: bool = False

    def make_folder(self, path: Path) -> None:
        self._step()
        super().make_folder(path)

    def create(self, path: Path) -> int:
        self._step()
        descriptor = super().create(path)
        self._unflushed[descriptor] = os.dup(descriptor)
        return descriptor

    def write(self, descriptor: int, content: bytes) -> None:
        self._step()
        super().write(descriptor, content[: len(content) // 3])
        self._step()
        super().write(descriptor, content[len(content) // 3 :])

    def flush(self, descriptor: int) -> None:
        self._step()
        super().flush(descriptor)
        os.close(self._unflushed.pop(descriptor))

    def close(self, descriptor: int) -> None:
        # A dying process loses its descriptors by itself.
        with suppress(PowerCutError):
            self._step()
        super().close(descriptor)
        if self._dead:
            raise PowerCutError

    def flush_folder(self, folder: Path) -> None:
        self._step()
        super().flush_folder(folder)

    def link(self, source: Path, target: Path) -> None:
        self._step()
        if not self.links:
            raise PermissionError(1, "no hard links here")
        super().link(source, target)

    def rename(self, source: Path, target: Path) -> None:
        self._step()
        super().rename(source, target)

    def replace(self, source: Path, target: Path) -> None:
        self._step()
        super().replace(source, target)

    def remove(self, path: Path) -> None:
        self._step()
        super().remove(path)

    def _step(self) -> None:
        if self._dead:
            raise PowerCutError
        self.steps += 1
        if self.steps == self.fails_at:
            self._fail()
            raise PowerCutError

    def _fail(self) -> None:
        self._dead = True
        for copy in self._unflushed.values():
            os.ftruncate(copy, os.fstat(copy).st_size // 2)
            os.close(copy)
