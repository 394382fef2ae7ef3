"""The settings as they are declared: one file says of each what it is, may be and means."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from collabdesk.errors import Refusal
from collabdesk.host.approval_tiers import ApprovalTier, format_tiers, parse_tiers
from collabdesk.host.paths import resource

Value = bool | int | str | tuple[ApprovalTier, ...]
"""A yes-no is bool, a whole number int, tiers a tuple; all else, decimals too, is text."""

_YES, _NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")


class Kind(StrEnum):
    """What a setting holds."""

    YES_NO = "yes-no"
    WHOLE = "whole"
    DECIMAL = "decimal"
    CHOICE = "choice"
    TEXT = "text"
    FOLDER = "folder"
    TIERS = "tiers"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name in files, what it may be, and its words for people."""

    key: str
    kind: Kind
    words: str
    help: str
    group: str
    default_text: str
    least: Decimal | None = None
    most: Decimal | None = None
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    pattern: str = ""
    pattern_words: str = ""

    @property
    def default(self) -> Value:
        """Return the value where nobody has set one."""
        return self.parse(self.default_text)

    def parse(self, text: str) -> Value:
        """Read a value from text as a person or a file writes it; Refusal says what it may be."""
        try:
            return _READERS[self.kind](self, text.strip())
        except ValueError as fault:
            raise Refusal(
                code="bad-setting",
                words=f"{self.words}: “{text.strip()}” is not possible.",
                remedy=str(fault),
                field=self.key,
            ) from fault

    def format(self, value: Value) -> str:
        """Write a value in the one form in which it is kept; `parse` reads it back."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, tuple):
            return format_tiers(value)
        return str(value)

    def shown(self, value: Value) -> str:
        """Write a value for people: a choice by its words, a number with its unit."""
        text = self.format(value)
        if self.kind is Kind.CHOICE:
            return self.choices[text]
        return f"{text} {self.unit}".strip()

    @property
    def range_words(self) -> str:
        """Say what the setting may be."""
        return _RANGES[self.kind](self)


@dataclass(frozen=True, slots=True)
class Declaration:
    """Every setting by its key: the policy of a workspace, and what is this computer's."""

    workspace: Mapping[str, Setting]
    computer: Mapping[str, Setting]


@cache
def declaration() -> Declaration:
    """Read the shipped declaration; every default in it is checked on the way."""
    with resource("settings.toml").open("rb") as file:
        tables = tomllib.load(file)
    return Declaration(_settings(tables["workspace"]), _settings(tables["computer"]))


def _settings(table: Mapping[str, Mapping[str, Any]]) -> dict[str, Setting]:
    found = {key: _setting(key, **entry) for key, entry in table.items()}
    for setting in found.values():
        setting.parse(setting.default_text)
    return found


def _setting(key: str, *, kind: str, default: object, **rest: Any) -> Setting:  # noqa: ANN401
    for limit in {"least", "most"} & rest.keys():
        rest[limit] = Decimal(str(rest[limit]))
    return Setting(key=key, kind=Kind(kind), default_text=as_text(default), **rest)


def as_text(value: object) -> str:
    """Write what a TOML file holds as the text a person would type for it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _read_yes_no(setting: Setting, text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValueError(setting.range_words)


def _read_whole(setting: Setting, text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise ValueError(setting.range_words)
    return int(_within(setting, Decimal(text)))


def _read_decimal(setting: Setting, text: str) -> str:
    if not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", text):
        raise ValueError(setting.range_words)
    value = _within(setting, Decimal(text))
    return format(value.normalize() + 0, "f")


def _within(setting: Setting, value: Decimal) -> Decimal:
    low, high = setting.least, setting.most
    if (low is not None and value < low) or (high is not None and value > high):
        raise ValueError(setting.range_words)
    return value


def _read_choice(setting: Setting, text: str) -> str:
    if text not in setting.choices:
        raise ValueError(setting.range_words)
    return text


def _read_text(setting: Setting, text: str) -> str:
    if not text.isprintable() or not re.fullmatch(setting.pattern or ".*", text):
        raise ValueError(setting.range_words)
    return text


def _read_tiers(_: Setting, text: str) -> tuple[ApprovalTier, ...]:
    return parse_tiers(text)


_READERS: Mapping[Kind, Callable[[Setting, str], Value]] = {
    Kind.YES_NO: _read_yes_no,
    Kind.WHOLE: _read_whole,
    Kind.DECIMAL: _read_decimal,
    Kind.CHOICE: _read_choice,
    Kind.TEXT: _read_text,
    Kind.FOLDER: _read_text,
    Kind.TIERS: _read_tiers,
}


def _number_words(setting: Setting) -> str:
    what = "Give a whole number" if setting.kind is Kind.WHOLE else "Give a number"
    return f"{what} from {setting.least} to {setting.most} {setting.unit}".strip() + "."


_RANGES: Mapping[Kind, Callable[[Setting], str]] = {
    Kind.YES_NO: lambda _: "Give yes or no.",
    Kind.WHOLE: _number_words,
    Kind.DECIMAL: _number_words,
    Kind.CHOICE: lambda setting: f"Give one of: {', '.join(setting.choices)}.",
    Kind.TEXT: lambda setting: f"Give {setting.pattern_words or 'one line of text'}.",
    Kind.FOLDER: lambda _: "Give the path of a folder on one line, or leave it empty.",
    Kind.TIERS: lambda _: "Give steps such as “up to 50000.00: 1 of finance_lead; above: 2 of …”.",
}
