"""Reading a declarative TOML file strictly, with refusals that name the place."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from collabdesk.errors import Refusal

T = TypeVar("T")


class Fields:
    """One TOML table: each key is read once with its kind, and none may be left over."""

    def __init__(self, values: Mapping[str, Any], where: str, code: str) -> None:
        """Stand on `values`; `where` names them in refusals, `code` is the refusals' code."""
        self._values = values
        self._where = where
        self._code = code
        self._read: set[str] = set()

    def text(self, key: str, default: str | None = None) -> str:
        """Return the text under `key`."""
        return self._typed(key, str, "text in quotation marks", default)

    def whole(self, key: str, default: int | None = None) -> int:
        """Return the whole number under `key`."""
        return self._typed(key, int, "a whole number", default)

    def flag(self, key: str, default: bool | None = None) -> bool:  # noqa: FBT001
        """Return true or false under `key`."""
        return self._typed(key, bool, "true or false", default)

    def date(self, key: str) -> dt.date:
        """Return the date under `key`."""
        return self._typed(key, dt.date, "a date such as 2026-04-07")

    def optional_date(self, key: str) -> dt.date | None:
        """Return the date under `key`, or None where nothing is stated."""
        return self.date(key) if key in self._values else None

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Return the list of texts under `key`."""
        values = self._typed(key, list, "a list of texts", list(default) if default else default)
        if all(isinstance(value, str) for value in values):
            return tuple(values)
        raise self.refusal(f"“{key}” must be a list of texts.", key)

    def table(self, key: str) -> Fields:
        """Return the table under `key`."""
        return Fields(self._typed(key, dict, "a table"), f"{self._where}, [{key}]", self._code)

    def tables(self, key: str) -> tuple[Fields, ...]:
        """Return the list of tables under `key`."""
        entries = self._typed(key, list, "a list of tables")
        if not all(isinstance(entry, dict) for entry in entries):
            raise self.refusal(f"“{key}” must be a list of tables.", key)
        places = ((f"{self._where}, [[{key}]] {n}", e) for n, e in enumerate(entries, start=1))
        return tuple(Fields(entry, place, self._code) for place, entry in places)

    def keys(self) -> Iterator[str]:
        """Iterate over the keys as written."""
        return iter(self._values)

    def done(self) -> None:
        """Refuse keys that nothing has read: a misspelt key must not pass in silence."""
        left = sorted(set(self._values) - self._read)
        if left:
            raise self.refusal(f"“{left[0]}” is not known here.", left[0])

    def refusal(self, words: str, field: str = "") -> Refusal:
        """Return a refusal that names this place."""
        return Refusal(
            code=self._code,
            words=f"{self._where}: {words}",
            remedy="Correct the file in a text editor and try again.",
            field=field,
        )

    def _typed(self, key: str, kind: type[T], wanted: str, default: T | None = None) -> T:
        self._read.add(key)
        value = self._values.get(key, default)
        if value is None:
            raise self.refusal(f"“{key}” is missing; it must be {wanted}.", key)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.refusal(f"“{key}” must be {wanted}.", key)
        if isinstance(value, dt.datetime):
            raise self.refusal(f"“{key}” must be a date without a time.", key)
        return value


def read_toml(content: bytes, where: str, code: str) -> Fields:
    """Return the top table of a TOML file, or refuse with the line where it fails."""
    try:
        return Fields(tomllib.loads(content.decode("utf-8")), where, code)
    except UnicodeDecodeError as error:
        words = f"{where} is not UTF-8 text (byte {error.start + 1})."
        remedy = "Save the file as UTF-8 and try again."
        raise Refusal(code=code, words=words, remedy=remedy) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        words = f"{where} cannot be read: {error}."
        remedy = "Correct that line in a text editor and try again."
        raise Refusal(code=code, words=words, remedy=remedy) from error
