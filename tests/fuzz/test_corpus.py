"""Everything that fuzzing starts from, and everything it ever found, is read without a fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.seeds import CORPUS, seeds
from tests.fuzz.targets import TARGETS

CRASHERS = Path(__file__).parent / "crashers"
KEPT = sorted(CORPUS.glob("*/*"))
LARGEST = 300 * 1024


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_the_corpus_is_read(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


def test_what_was_ever_found_is_mended() -> None:
    for path in sorted(CRASHERS.glob("*-*")):
        target = next(name for name in TARGETS if path.name.startswith(f"{name}-"))
        TARGETS[target](path.read_bytes())


@given(st.sampled_from(sorted(TARGETS)), st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(target: str, data: bytes) -> None:
    TARGETS[target](data)


@given(st.sampled_from(list(seeds())), st.integers(0), st.binary(max_size=4))
def test_what_is_nearly_right_is_read_or_refused(
    seed: tuple[str, bytes], place: int, other: bytes
) -> None:
    target, data = seed
    at = place % (len(data) + 1)
    TARGETS[target](data[:at] + other + data[at + len(other) :])


def test_every_target_has_a_corpus_and_it_stays_small() -> None:
    assert {path.parent.name for path in KEPT} == set(TARGETS)
    assert sum(path.stat().st_size for path in KEPT) <= LARGEST
