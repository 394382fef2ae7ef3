"""Where matplotlib keeps its list of fonts; imports nothing heavy."""

from __future__ import annotations

import os
import sys
from pathlib import Path

VARIABLE = "MPLCONFIGDIR"


def keep_font_cache_in(folder: Path) -> bool:
    """Have the list of fonts kept in `folder`, so that only the first start builds it.

    A frozen program is given a fresh folder at each start, so this overrules what is set. Once
    matplotlib is loaded it is too late; then nothing is changed and False returned.
    """
    if "matplotlib" in sys.modules:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    os.environ[VARIABLE] = str(folder)
    return True
