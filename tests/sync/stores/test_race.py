"""Several laptops of one organisation publish the same files at the same moment."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from collabdesk.sync import names
from collabdesk.sync.hashing import sha256
from tests.support.racing import race

PROCESSES = 4
WORKSPACE = names.workspace_folder(bytes(32))
PATHS = [f"{WORKSPACE}/{names.healed_path('lincs', sha256(bytes([n])))}" for n in range(60)]
CONTENT = b"the same bytes " * 2_000


@pytest.mark.parametrize("damaged", [False, True])
def test_all_succeed_and_no_file_is_harmed(tmp_path: Path, *, damaged: bool) -> None:
    if damaged:
        for path in PATHS:
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(CONTENT[:-1])
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        runs = [pool.submit(race, tmp_path, PATHS, CONTENT) for _ in range(PROCESSES)]
        assert [run.result() for run in runs] == [len(PATHS)] * PROCESSES
    assert all((tmp_path / path).read_bytes() == CONTENT for path in PATHS)
    assert list(tmp_path.rglob("*.part")) == []
