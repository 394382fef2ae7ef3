"""Whom money may be planned at: providers by code, while they are there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from collabdesk.domain.periods import FiscalYear, date_words
from collabdesk.errors import Refusal


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider; without dates it has always been there. `succeeded_by` is a code."""

    code: str
    name: str
    starts: dt.date | None = None
    ends: dt.date | None = None
    succeeded_by: str = ""


def check_provider(
    code: str, known: Mapping[str, Provider], year: FiscalYear, field: str = "provider"
) -> None:
    """Refuse a provider that nobody knows, or that is not there in the year."""
    found = known.get(code)
    if found is None:
        near = get_close_matches(code, known, 1)
        said = f" Did you mean {near[0]} ({known[near[0]].name})?" if near else ""
        raise Refusal(
            code="unknown_provider",
            words=f"“{code[:20]}” is not on the list of providers.{said}",
            remedy="Correct the code, or add the provider to the list first.",
            field=field,
        )
    if found.ends is not None and found.ends < year.start:
        heir = known.get(found.succeeded_by)
        said = f"{heir.name} ({heir.code})" if heir else "the provider that followed it"
        raise Refusal(
            code="provider_ended",
            words=f"{found.name} ended on {date_words(found.ends)}.",
            remedy=f"Plan the money at {said}.",
            field=field,
        )
    if found.starts is not None and found.starts > year.end:
        raise Refusal(
            code="provider_not_begun",
            words=f"{found.name} begins on {date_words(found.starts)}.",
            remedy="Choose another provider for this year, or correct its date.",
            field=field,
        )


def heir_of(code: str, known: Mapping[str, Provider], year: FiscalYear) -> str:
    """Return who stands for a provider in a year: itself, or whoever followed it in the end."""
    seen: set[str] = set()
    while code not in seen:
        seen.add(code)
        found = known.get(code)
        if found is None or found.ends is None or found.ends >= year.start:
            return code
        code = found.succeeded_by or code
    return code


def check_dates(provider: Provider, known: Iterable[str]) -> None:
    """Refuse a provider that ends before it begins, or that is followed by nobody known."""
    if provider.starts and provider.ends and provider.ends < provider.starts:
        raise Refusal(
            code="ends_before_start",
            words=f"{provider.name} would end before it begins.",
            remedy="Correct one of the two dates.",
            field="ends",
        )
    if provider.succeeded_by and provider.succeeded_by not in set(known):
        raise Refusal(
            code="unknown_provider",
            words=f"“{provider.succeeded_by[:20]}” is not on the list of providers.",
            remedy="Add the provider that follows first.",
            field="succeeded_by",
        )
