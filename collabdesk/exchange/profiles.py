"""Import profiles: how one published layout is read, declared as data.

A profile travels as a blob named by its hash, so everything here follows from its bytes alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from collabdesk.exchange.toml_fields import Fields, read_toml

FORMAT: Final = 1
MAX_PROFILE_BYTES: Final = 64 * 1024
CODE: Final = "bad-profile"
ENCODINGS: Final = ("utf-8-sig", "utf-8", "cp1252")
DELIMITERS: Final = (",", ";", "\t", "|")
DATE_FORMATS: Final = ("dd/mm/yyyy", "yyyy-mm-dd", "yyyymmdd")
STATUSES: Final = ("provisional", "performance", "final", "local")
ORGANISATION_KINDS: Final = (
    "national",
    "region",
    "icb",
    "sub_icb",
    "provider",
    "local_authority",
    "collaborative",
)
REQUIRED: Final = ("period_start", "period_end", "breakdown", "organisation", "measure", "value")
OPTIONAL: Final = (
    "status",
    "organisation_name",
    "secondary",
    "secondary_name",
    "measure_name",
)
NAME_GROUPS: Final = frozenset(("month", "year", "status", "version"))
MAX_PATTERN: Final = 300
MAX_WAYS: Final = 100_000
_UNBOUNDED: Final = re.compile(r"\)\{|(?<!\\)[*+]|,\}|\{[0-9]*,?[0-9]{3,}\}|\\[1-9]|\(\?P=|\(\?\(")


class Travels(StrEnum):
    """How an imported file reaches partners."""

    PUBLISHED = "published"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Licence:
    """On what terms the file was published, and so how it may travel."""

    name: str
    attribution: str
    travels: Travels


@dataclass(frozen=True, slots=True)
class FileShape:
    """What the file is called and how its text is written."""

    name_example: str
    name_pattern: re.Pattern[str]
    encodings: tuple[str, ...]
    delimiter: str


@dataclass(frozen=True, slots=True)
class CellRules:
    """How a cell's text is understood."""

    text: frozenset[str]
    dates: tuple[str, ...]
    suppressed: frozenset[str]
    missing: frozenset[str]
    no_secondary: frozenset[str]
    thousands: str
    exponent: bool


@dataclass(frozen=True, slots=True)
class Checks:
    """What must hold for the whole file."""

    one_period_end: bool
    ends_with_line_break: bool
    sub_national_multiple_of: int


@dataclass(frozen=True, slots=True)
class Profile:
    """One layout; `digest` is the SHA-256 of the bytes it was read from."""

    identity: str
    version: int
    title: str
    publisher: str
    licence: Licence
    file: FileShape
    columns: Mapping[str, tuple[str, ...]]
    cells: CellRules
    statuses: Mapping[str, str]
    breakdowns: Mapping[str, str]
    checks: Checks
    digest: bytes


def folded(label: str) -> str:
    """Return a label as it is compared: single spaces, no case."""
    return " ".join(label.split()).casefold()


def breakdown_key(label: str) -> str:
    """Return a breakdown label as it is compared, whatever the spaces around its semicolons."""
    return "; ".join(folded(part) for part in label.split(";"))


def parse_profile(content: bytes, name: str = "the import profile") -> Profile:
    """Read and check a profile, or refuse it naming the place that is wrong."""
    top = read_toml(content[: MAX_PROFILE_BYTES + 1], name, CODE)
    if len(content) > MAX_PROFILE_BYTES:
        raise top.refusal(f"it is larger than {MAX_PROFILE_BYTES // 1024} KiB.")
    if top.whole("format") != FORMAT:
        raise top.refusal(f"this CollabDesk reads profiles of format {FORMAT} only.", "format")
    profile = Profile(
        identity=_identity(top),
        version=_counted(top, "version", least=1),
        title=_filled(top, "title"),
        publisher=_filled(top, "publisher"),
        licence=_licence(top.table("licence")),
        file=_file(top.table("file")),
        columns=_columns(top.table("columns")),
        cells=_cells(top.table("cells")),
        statuses=_statuses(top.table("status")),
        breakdowns=_breakdowns(top.table("breakdowns")),
        checks=_checks(top.table("checks")),
        digest=hashlib.sha256(content).digest(),
    )
    top.done()
    return profile


def _filled(fields: Fields, key: str) -> str:
    text = fields.text(key)
    if not text.strip():
        raise fields.refusal(f"“{key}” is empty.", key)
    return text


def _identity(fields: Fields) -> str:
    identity = fields.text("id")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", identity):
        raise fields.refusal("“id” must be small letters, digits and hyphens, at most 60.", "id")
    return identity


def _counted(fields: Fields, key: str, *, least: int) -> int:
    number = fields.whole(key)
    if number < least:
        raise fields.refusal(f"“{key}” must be {least} or more.", key)
    return number


def _one_of(fields: Fields, key: str, allowed: tuple[str, ...]) -> str:
    text = fields.text(key)
    if text not in allowed:
        raise fields.refusal(f"“{key}” must be one of: {', '.join(map(repr, allowed))}.", key)
    return text


def _some_of(fields: Fields, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    texts = fields.texts(key)
    if not texts or not set(texts) <= set(allowed):
        raise fields.refusal(f"“{key}” must list some of: {', '.join(allowed)}.", key)
    return texts


def _licence(fields: Fields) -> Licence:
    licence = Licence(
        name=_filled(fields, "name"),
        attribution=_filled(fields, "attribution"),
        travels=Travels(_one_of(fields, "travels", tuple(Travels))),
    )
    fields.done()
    return licence


def _file(fields: Fields) -> FileShape:
    shape = FileShape(
        name_example=_filled(fields, "name_example"),
        name_pattern=_pattern(fields, "name_pattern"),
        encodings=_some_of(fields, "encodings", ENCODINGS),
        delimiter=_one_of(fields, "delimiter", DELIMITERS),
    )
    if not shape.name_pattern.fullmatch(shape.name_example):
        raise fields.refusal("“name_example” does not match “name_pattern”.", "name_example")
    fields.done()
    return shape


def _pattern(fields: Fields, key: str) -> re.Pattern[str]:
    text = fields.text(key)
    # A profile comes from a partner: a pattern that could take hours on some name is refused.
    if len(text) > MAX_PATTERN or _UNBOUNDED.search(text) or _ways(text) > MAX_WAYS:
        words = f"“{key}” is too long or can match in too many ways; no *, + or back reference."
        raise fields.refusal(f"{words} Use counts such as {{1,20}}.", key)
    try:
        pattern = re.compile(text)
    except (re.error, RecursionError, OverflowError) as error:
        raise fields.refusal(f"“{key}” is not a pattern: {error}.", key) from error
    if not set(pattern.groupindex) <= NAME_GROUPS:
        raise fields.refusal(f"“{key}” may name only {', '.join(sorted(NAME_GROUPS))}.", key)
    return pattern


def _ways(pattern: str) -> int:
    """Return an upper bound of the paths a match may try from one place."""
    ways = 1 << (len(re.findall(r"(?<!\()\?", pattern)) + pattern.count("|"))
    for least, most in re.findall(r"\{([0-9]{0,2}),([0-9]{1,2})\}", pattern):
        ways *= max(int(most) - int(least or 0), 0) + 1
    return ways


def _columns(fields: Fields) -> Mapping[str, tuple[str, ...]]:
    columns = {name: fields.texts(name) for name in REQUIRED}
    columns |= {name: fields.texts(name) for name in OPTIONAL if name in set(fields.keys())}
    fields.done()
    seen: set[str] = set()
    for name, aliases in columns.items():
        keys = {folded(alias) for alias in aliases}
        if not keys or "" in keys or keys & seen:
            raise fields.refusal(f"“{name}” needs column names that no other has.", name)
        seen |= keys
    return {name: tuple(folded(alias) for alias in names) for name, names in columns.items()}


def _cells(fields: Fields) -> CellRules:
    rules = CellRules(
        text=frozenset(_some_of(fields, "text", REQUIRED + OPTIONAL)),
        dates=_some_of(fields, "dates", DATE_FORMATS),
        suppressed=frozenset(fields.texts("suppressed")),
        missing=frozenset(fields.texts("missing")),
        no_secondary=frozenset(fields.texts("no_secondary", ("",))),
        thousands=_one_of(fields, "thousands", ("", ",", "’", " ")),
        exponent=fields.flag("exponent"),
    )
    both = sorted(rules.suppressed & rules.missing)
    if both:
        raise fields.refusal(f"{both[0]!r} is both suppressed and missing.", "suppressed")
    fields.done()
    return rules


def _statuses(fields: Fields) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for status in fields.keys():  # noqa: SIM118 - Fields is not a mapping
        if status not in STATUSES:
            raise fields.refusal(f"“{status}” is not one of {', '.join(STATUSES)}.", status)
        for word in fields.texts(status):
            if found.setdefault(folded(word), status) != status:
                raise fields.refusal(f"“{word}” stands for two statuses.", status)
    return found


def _breakdowns(fields: Fields) -> Mapping[str, str]:
    labels = tuple(fields.keys())
    if not labels:
        raise fields.refusal("at least one breakdown is needed.")
    return {breakdown_key(x): _one_of(fields, x, ORGANISATION_KINDS) for x in labels}


def _checks(fields: Fields) -> Checks:
    checks = Checks(
        one_period_end=fields.flag("one_period_end"),
        ends_with_line_break=fields.flag("ends_with_line_break"),
        sub_national_multiple_of=_counted(fields, "sub_national_multiple_of", least=1),
    )
    fields.done()
    return checks
