"""What the room knows before any file arrives: layouts, measures and organisations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from collabdesk.exchange.profiles import Profile, parse_profile
from collabdesk.exchange.reference import KnownMeasure, read_measures, read_organisations


@dataclass(frozen=True, slots=True)
class Layout:
    """An import profile with the bytes it was read from, which travel beside the file."""

    profile: Profile
    content: bytes


@dataclass(frozen=True, slots=True)
class Reference:
    """Import profiles, the measures by code, and the short names of organisations by code."""

    layouts: tuple[Layout, ...]
    measures: Mapping[str, KnownMeasure]
    organisations: Mapping[str, str]

    @property
    def units(self) -> Mapping[str, str]:
        """The unit of each measure."""
        return {code: measure.unit for code, measure in self.measures.items()}


def read_reference(
    profiles: Iterable[tuple[str, bytes]], measures: bytes, organisations: bytes
) -> Reference:
    """Read the shipped profiles (name and bytes) and lists."""
    return Reference(
        layouts=tuple(Layout(parse_profile(content, name), content) for name, content in profiles),
        measures={known.code: known for known in read_measures(measures)},
        organisations={
            known.code: known.short_name or known.name
            for known in read_organisations(organisations)
        },
    )


def measure_title(reference: Reference, code: str) -> str:
    """Return the name people read for a measure, or its code where it is not known."""
    known = reference.measures.get(code)
    return code if known is None else known.short_name or known.name
