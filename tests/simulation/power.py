"""Where a laptop may stop: before and after everything that lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from tests.simulation.faults import Fault, Weather


class PowerFailedError(BaseException):
    """The laptop stopped here; no code of ours runs on."""


class Power(Protocol):
    """What a laptop's lasting steps go through."""

    def before(self, step: str) -> None:
        """Stop the laptop here, perhaps: the step has not happened."""

    def after(self, step: str) -> None:
        """Stop the laptop here, perhaps: the step has happened."""

    def fail(self) -> None:
        """Stop the laptop here."""

    def start(self) -> None:
        """Start again after a stop."""


@contextmanager
def lasting(power: Power, step: str) -> Iterator[None]:
    """Do one lasting step, perhaps stopping before or after."""
    power.before(step)
    yield
    power.after(step)


@dataclass
class DrawnPower:
    """Power that fails as the weather has it; then nothing lasts until the next start."""

    weather: Weather
    failed: bool = False

    def before(self, step: str) -> None:
        self._fail_if(self.failed or self.weather.hits(Fault.CRASH_BEFORE))

    def after(self, step: str) -> None:
        self._fail_if(self.weather.hits(Fault.CRASH_AFTER))

    def start(self) -> None:
        """Start again."""
        self.failed = False

    def fail(self) -> None:
        self.failed = True
        raise PowerFailedError

    def _fail_if(self, fails: bool) -> None:
        if fails:
            self.fail()


@dataclass
class CountedPower:
    """Power that fails at one chosen step, counted from 1: before it, or after."""

    stop_at: int = 0
    stop_before: bool = True
    steps: list[str] = field(default_factory=list)
    within: list[int] = field(default_factory=list)

    def before(self, step: str) -> None:
        self.steps.append(step)
        self.within.append(len(self.steps))
        if self.stop_before and len(self.steps) == self.stop_at:
            raise PowerFailedError

    def after(self, step: str) -> None:
        if self.within.pop() == self.stop_at and not self.stop_before:
            raise PowerFailedError

    def fail(self) -> None:
        raise PowerFailedError

    def start(self) -> None:
        """Start again; the step chosen is past."""
