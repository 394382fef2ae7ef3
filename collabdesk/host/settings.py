"""The settings in force on this computer: each value, and who set it.

Your organisation's policy beats the computer's own value, that beats your choice, and that beats
the default. A value that is not allowed is passed over and told, never obeyed.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from collabdesk.errors import NotPossible, Refusal
from collabdesk.host.atomic_file import write_whole
from collabdesk.host.paths import Places
from collabdesk.host.settings_declaration import (
    Declaration,
    Setting,
    Value,
    as_text,
    declaration,
)

Texts = Mapping[str, str]


class Origin(StrEnum):
    """Who set a value, in the words the Settings page shows."""

    POLICY = "Set by your organisation"
    MACHINE = "Set for this computer"
    USER = "Your choice"
    DEFAULT = "Standard"


@dataclass(frozen=True, slots=True)
class Resolved:
    """A setting's value in force, and who set it."""

    setting: Setting
    value: Value
    origin: Origin

    @property
    def fixed(self) -> bool:
        """Say whether the person at this computer cannot change it."""
        return self.origin is Origin.POLICY


class ThisComputer:
    """The settings of this computer, resolved; the person's choices can be changed."""

    def __init__(
        self, declared: Declaration, sources: Mapping[Origin, Texts], chosen_in: Path
    ) -> None:
        """Resolve the declared settings from the sources; choices are written to `chosen_in`."""
        self._settings = declared.computer
        self._sources = dict(sources)
        self._chosen_in = chosen_in
        self.faults: tuple[str, ...] = tuple(self._unknown())
        self._resolved = {key: self._resolve(setting) for key, setting in self._settings.items()}

    def resolved(self, key: str) -> Resolved:
        """Return a setting's value with its origin."""
        return self._resolved[key]

    def all(self) -> tuple[Resolved, ...]:
        """Return every setting in the order of the declaration."""
        return tuple(self._resolved.values())

    def text(self, key: str) -> str:
        """Return the value of a choice, a text or a folder."""
        value = self._resolved[key].value
        if isinstance(value, str):
            return value
        raise TypeError(key)

    def number(self, key: str) -> int:
        """Return the value of a whole number."""
        value = self._resolved[key].value
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        raise TypeError(key)

    def choose(self, key: str, text: str) -> Resolved:
        """Keep the person's choice; refused where it is not allowed or not theirs to make."""
        setting = self._settings[key]
        value = setting.parse(text)
        if self._resolved[key].fixed:
            raise Refusal(
                code="set-by-organisation",
                words=f"{setting.words} is set by your organisation.",
                remedy="Ask whoever looks after this computer to change it.",
                field=key,
            )
        self._keep({**self._sources.get(Origin.USER, {}), key: setting.format(value)})
        return self._resolved[key]

    def forget(self, key: str) -> Resolved:
        """Drop the person's choice, so that the computer's value or the default holds again."""
        chosen = self._sources.get(Origin.USER, {})
        self._keep({name: text for name, text in chosen.items() if name != key})
        return self._resolved[key]

    def _keep(self, chosen: Texts) -> None:
        lines = [f"{key} = {json.dumps(chosen[key], ensure_ascii=False)}" for key in sorted(chosen)]
        self._chosen_in.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._chosen_in, ("\n".join(lines) + "\n").encode())
        self._sources[Origin.USER] = chosen
        self._resolved = {key: self._resolve(setting) for key, setting in self._settings.items()}

    def _resolve(self, setting: Setting) -> Resolved:
        for origin in (Origin.POLICY, Origin.MACHINE, Origin.USER):
            text = self._sources.get(origin, {}).get(setting.key)
            if text is None:
                continue
            try:
                return Resolved(setting, setting.parse(text), origin)
            except Refusal as refusal:
                self._tell(f"{origin}: {refusal}")
        return Resolved(setting, setting.default, Origin.DEFAULT)

    def _tell(self, fault: str) -> None:
        if fault not in self.faults:
            self.faults += (fault,)

    def _unknown(self) -> list[str]:
        return [
            f"{origin}: there is no setting “{key}”."
            for origin, texts in self._sources.items()
            for key in texts
            if key not in self._settings
        ]


def this_computer(places: Places) -> ThisComputer:
    """Read policy.toml and computer.toml of the machine's folder and the person's settings.toml."""
    chosen_in = places.settings / "settings.toml"
    chosen, fault = _choices(chosen_in)
    sources = {
        Origin.POLICY: _by_administrator(places.machine / "policy.toml"),
        Origin.MACHINE: _by_administrator(places.machine / "computer.toml"),
        Origin.USER: chosen,
    }
    found = ThisComputer(declaration(), sources, chosen_in)
    found.faults = (*fault, *found.faults)
    return found


def _by_administrator(path: Path) -> Texts:
    try:
        return _texts(path)
    except (OSError, ValueError) as fault:
        raise NotPossible(
            code="policy-unreadable",
            words=f"The settings your organisation keeps in {path} cannot be read: {fault}.",
            remedy="Ask whoever looks after this computer to mend or remove that file.",
        ) from fault


def _choices(path: Path) -> tuple[Texts, tuple[str, ...]]:
    """Read the person's choices; a file that is no TOML is moved aside and told."""
    try:
        return _texts(path), ()
    except OSError as fault:
        return {}, (f"Your settings in {path} could not be read: {fault.strerror or fault}.",)
    except ValueError as fault:
        aside = path.with_suffix(".damaged")
        path.replace(aside)
        return {}, (f"Your settings could not be read ({fault}) and were kept as {aside}.",)


def _texts(path: Path) -> Texts:
    if not path.exists():
        return {}
    return {key: as_text(value) for key, value in tomllib.loads(path.read_text("utf-8")).items()}
