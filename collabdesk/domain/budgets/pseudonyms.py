"""Names under which people's stays are kept: they must not say who a person is."""

from __future__ import annotations

import re
from typing import Final

from collabdesk.errors import Refusal

_LONGEST: Final = 40
_NHS_NUMBER = re.compile(r"(?<![0-9])[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}(?![0-9])")


def pseudonym(text: str, field: str = "pseudonym") -> str:
    """Return a pseudonym as it is kept, or refuse what may be a person's NHS number.

    >>> pseudonym(" P-0173 ")
    'P-0173'
    """
    name = text.strip()
    if _NHS_NUMBER.search(name):
        raise Refusal(
            code="nhs_number",
            words="This looks like an NHS number.",
            remedy="Give each person a pseudonym that means nothing outside your trust.",
            field=field,
        )
    if not 0 < len(name) <= _LONGEST:
        raise Refusal(
            code="pseudonym_missing" if not name else "pseudonym_too_long",
            words="The stay has no pseudonym." if not name else "The pseudonym is too long.",
            remedy=f"Give each person a pseudonym of up to {_LONGEST} signs, such as P-0173.",
            field=field,
        )
    return name
