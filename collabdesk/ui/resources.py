"""Where the theme and the icons are found."""

from __future__ import annotations

import sys
from pathlib import Path


def resource(*parts: str) -> Path:
    """Return the path of a shipped file, beside the package or inside a frozen folder."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parents[2]
    inside = Path(__file__).resolve().parents[1] / "resources"
    base = root / "resources"
    return (base if base.is_dir() else inside).joinpath(*parts)
