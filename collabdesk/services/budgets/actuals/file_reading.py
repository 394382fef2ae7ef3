"""A file on its way in: what it is, what must be answered first, and what it would do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from collabdesk.errors import NotPossible, Refusal
from collabdesk.exchange.sheet_dates import disagreement, order_choices
from collabdesk.exchange.sheets import MOST_BYTES, LeftOut, SheetCell, refusal

Reads = Callable[[], AbstractContextManager[Connection]]
Answers = Mapping[str, str]
MOST_TOLD: Final = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody must say about a file; with choices, one of (value, words).

    `open` tells that it is not answered yet, or not so that it can stand.
    """

    key: str
    label: str
    hint: str = ""
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    open: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What is left out of a file: where, what stands there, why, and how to mend it."""

    where: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Account:
    """A file as read; `command` is what brings it in, None while something stands against it."""

    layout: str
    rows: int
    brought: int
    waiting: int
    here_already: int
    said: tuple[str, ...]
    told: tuple[Told, ...]
    asked: tuple[Asked, ...]
    again: str = ""
    command: object | None = None


def bytes_of(path: Path) -> bytes:
    """Return a file's bytes; refused where it is too large or cannot be opened."""
    try:
        if path.stat().st_size > MOST_BYTES:
            words = f"it is larger than {MOST_BYTES // 1024**2} MiB."
            raise refusal(path.name, "too-large", words, "Bring one month at a time.")
        return path.read_bytes()
    except OSError as error:
        raise NotPossible(
            code="file-not-readable",
            words=f"{path.name} cannot be opened: {error.strerror}.",
            remedy="Close it in other programs and check that you may read it.",
            field="file",
        ) from error


def told(left_out: Iterable[LeftOut]) -> tuple[Told, ...]:
    """Return what is left out as it is told."""
    every = [
        Told(f"Row {one.row}, {one.column}", one.what, f"{one.why.words} {one.why.remedy}".strip())
        for one in left_out
    ]
    if len(every) > MOST_TOLD:
        more = Told("", "", f"{len(every) - MOST_TOLD:,} further rows are left out as well.")
        return (*every[:MOST_TOLD], more)
    return tuple(every)


def answered(answers: Answers, key: str, default: str = "") -> str:
    """Return an answer, trimmed, or what is taken while there is none."""
    return answers.get(key, default).strip()


def ask_order(cells: Sequence[SheetCell], answers: Answers) -> Asked:
    """Ask which of day and month comes first, with five sample dates under each."""
    value = answered(answers, "date_order")
    choices = tuple((order.value, said) for order, said in order_choices(cells))
    said = ("", "Choose: the file itself does not say")
    hint = "Its dates can be read both ways. Which of these days are meant?"
    against = disagreement(cells)
    if against:
        hint = f"{against} Those that do not fit what you choose are left out, with their rows."
    known = value in {key for key, _ in choices}
    return Asked("date_order", "Dates", hint, value, (said, *choices), open=not known)


def order_words(asked: Asked) -> tuple[str, ...]:
    """Return what the sample dates would be under each order, one line each, and what to do."""
    samples = (f"{said}." for key, said in asked.choices if key)
    return (*samples, "Say how its dates are meant, then read it again.")


def faulty(asked: Asked, why: Refusal) -> Asked:
    """Return a question with what is wrong with its answer."""
    hint = f"{why.words} {why.remedy}".strip()
    return Asked(asked.key, asked.label, hint, asked.value, asked.choices, open=True)
