"""The verdict procedure said once more, naively: from the whole set, in one go, no store.

Written from the protocol's page alone. It shares with the program the reading of bytes
(codec, records, segment headers) and the registry, and nothing of its authority, linking,
judging or merging: where both agree, both read the page alike.
"""

from __future__ import annotations

from tests.support.reference.control import Control
from tests.support.reference.judging import Judge
from tests.support.reference.state import Reference

__all__ = ["Control", "Judge", "Reference"]
