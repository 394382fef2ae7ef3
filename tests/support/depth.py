"""How far properties look: a few seconds each by default, deeper with a profile.

`pytest --hypothesis-profile=long` multiplies the examples of every property by twenty.
"""

from __future__ import annotations

from hypothesis import settings

_USUAL = 100


def examples(usual: int) -> int:
    """Return how many examples a property tries under the profile in force."""
    return max(1, usual * settings.default.max_examples // _USUAL) if settings.default else usual
