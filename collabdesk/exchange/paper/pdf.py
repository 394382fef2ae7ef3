"""The PDF writer: tagged for screen readers (PDF/UA-1), with bookmarks and figures as text."""

from __future__ import annotations

import datetime as dt
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, assert_never

from collabdesk.errors import NotPossible
from collabdesk.exchange.paper.blocks import (
    Block,
    Chart,
    Column,
    Heading,
    Note,
    Paper,
    Table,
    Text,
    printed,
)
from collabdesk.exchange.paper.typeset import TEMPLATE

_LONGEST: Final = 40


def pdf_of(paper: Paper) -> bytes:
    """Return a paper as a PDF file; the same paper gives the same bytes."""
    import typst

    made = dt.datetime.combine(paper.made_on, dt.time(), tzinfo=dt.UTC)
    try:
        return typst.compile(
            TEMPLATE.encode(),
            format="pdf",
            sys_inputs={"paper": json.dumps(_said(paper))},
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[_typefaces()]),
            pdf_standards="ua-1",
            timestamp=made,
        )
    except typst.TypstError as fault:
        raise NotPossible(
            code="pdf-not-set",
            words=f"The PDF could not be set: {fault.message}.",
            remedy="Save it as a Word document meanwhile, and send this message to support.",
        ) from fault


def _typefaces() -> Path:
    """Return the folder of the one typeface that is on every computer the program is on."""
    # Found, not imported: a paper needs its typeface, not what draws charts.
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise FileNotFoundError("matplotlib")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


def _said(paper: Paper) -> dict[str, Any]:
    made = paper.made_on
    return {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "stamp": paper.stamp,
        "made_on": {"year": made.year, "month": made.month, "day": made.day},
        "parts": [
            {"across": part.across, "blocks": [_block(block) for block in part.blocks]}
            for part in paper.parts
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": block.text, "level": block.level}
        case Text():
            return {"kind": "text", "text": block.text, "strong": block.strong}
        case Note():
            return {"kind": "note", "text": block.text}
        case Chart():
            svg = block.svg.decode()
            return {"kind": "chart", "caption": block.caption, "alt": block.alt, "svg": svg}
        case Table():
            return _table(block)
        case _:
            assert_never(block)


def _table(table: Table) -> dict[str, Any]:
    kinds = [column.kind for column in table.columns]
    cells = [[printed(*pair) for pair in zip(row.cells, kinds, strict=True)] for row in table.rows]
    return {
        "kind": "table",
        "caption": table.caption,
        "columns": [
            {
                "title": column.title,
                "figures": column.kind.figures,
                "widest": _widest(column, [row[place] for row in cells]),
            }
            for place, column in enumerate(table.columns)
        ],
        "rows": [
            {"strong": row.strong, "cells": line}
            for row, line in zip(table.rows, cells, strict=True)
        ],
    }


def _widest(column: Column, cells: list[str]) -> int:
    """Return the characters of the longest cell, which words may break across lines."""
    widest = max(map(len, (column.title, *cells)))
    return widest if column.kind.figures else min(widest, _LONGEST)
