"""What the program stands on, simulated: no threads, no files, no clock, no true chance."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from functools import cache, lru_cache
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from unittest.mock import patch

import nacl.public
import nacl.signing
import nacl.utils

from collabdesk.services import workspace
from collabdesk.services.sharing import collect
from collabdesk.storage import replica
from collabdesk.storage.database import FILE_NAME
from collabdesk.sync import record_parts, records, segment
from tests.simulation.memory_database import MemoryDatabase
from tests.support.reference import judging

Result = TypeVar("Result")
_PURE = (
    (records, "crypto_core_ed25519_is_valid_point"),
    (records, "crypto_sign_open"),
    (records, "read_record"),
    (records, "read_file"),
    (record_parts, "crypto_core_ed25519_is_valid_point"),
    (segment, "crypto_sign_open"),
    (judging, "H"),
)


class Inline:
    """The threads of a workspace that are none: work is done when it is asked for."""

    def __init__(self, name: str, readers: int = 3) -> None:
        self.name = name

    def write(self, work: Callable[[], Result]) -> Future[Result]:
        return _now(work)

    def read(self, work: Callable[[], Result]) -> Future[Result]:
        return _now(work)

    def close(self) -> None:
        """Nothing runs."""


def _now(work: Callable[[], Result]) -> Future[Result]:
    future: Future[Result] = Future()
    try:
        future.set_result(work())
    except Exception as error:  # noqa: BLE001 - whoever asked for the result gets it
        future.set_exception(error)
    return future


@contextmanager
def seeded(dice: Random) -> Iterator[None]:
    """Take all chance from the dice."""

    def drawn(size: int | None = None) -> bytes:
        return dice.randbytes(32 if size is None else size)

    with (
        patch.object(secrets, "token_bytes", drawn),
        patch.object(nacl.utils, "random", drawn),
        patch.object(nacl.signing, "random", drawn),
        patch.object(nacl.public, "random", drawn),
    ):
        yield


def _anywhere(*_: Any, **__: Any) -> None:  # noqa: ANN401 - whatever is asked
    """Let a workspace lie anywhere: it lies in memory."""


@contextmanager
def simulated() -> Iterator[None]:
    """Open workspaces in memory, on no thread of their own."""
    with (
        patch.object(workspace, "Database", MemoryDatabase),
        patch.object(workspace, "Threads", Inline),
        patch.object(workspace, "refuse_synced_folder", _anywhere),
    ):
        yield


@contextmanager
def remembered() -> Iterator[None]:
    """Read a record and check a signature once for each bytes there are: many laptops do."""
    with ExitStack() as patches:
        for module, name in _PURE:
            pure = lru_cache(maxsize=20_000)(getattr(module, name))
            patches.enter_context(patch.object(module, name, pure))
        for module in (replica, collect):
            if hasattr(module, "read_record"):
                patches.enter_context(patch.object(module, "read_record", records.read_record))
        yield


@cache
def _root() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="collabdesk-simulation-")


def root_folder() -> Path:
    """Return the folder in which workspaces seem to lie; it goes with the process."""
    return Path(_root().name)


@cache
def folder_of(name: str) -> Path:
    """Return the folder a laptop's workspace seems to lie in; there is only an empty file."""
    folder = root_folder() / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).touch()
    return folder
