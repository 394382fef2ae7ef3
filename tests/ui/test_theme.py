"""Every pair of colours that may meet is told apart by everybody."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from collabdesk.ui.resources import resource
from collabdesk.ui.theme import Look, Theme, load_tokens
from collabdesk.ui.theme.contrast import MARK_FLOOR, TEXT_FLOOR, ratio
from collabdesk.ui.theme.icons import icon
from collabdesk.ui.theme.palette import palette_for, roles_from
from collabdesk.ui.theme.stylesheet import stylesheet_for
from collabdesk.ui.theme.tokens import TEXT_SIZES, THEMES

TOKENS = load_tokens()
CHART_GROUNDS = ("surface.page", "surface.raised", "surface.window")


def pairs(theme: str) -> list[tuple[str, str, float]]:
    """List each pair of roles that may meet, with the floor it must keep."""
    roles = TOKENS.colours(theme)
    surfaces = [role for role in roles if role.startswith("surface.")]
    text = [role for role in roles if role.startswith("text.")] + ["chart.ink"]
    marks = [role for role in roles if role.startswith("mark.")]
    marks += ["accent.fill", "accent.deep", "focus.ring"]
    lines = ["chart.axis", "chart.mean", "chart.limit", "chart.target", "chart.ghost"]
    lines += [role for role in roles if role.startswith("chart.series.")]
    found = [(role, ground, TEXT_FLOOR) for role in text for ground in [*surfaces, "chart.band"]]
    found += [(role, ground, MARK_FLOOR) for role in marks for ground in surfaces]
    found += [(role, "chart.band", MARK_FLOOR) for role in [*lines, *marks[:-3]]]
    found += [(role, ground, MARK_FLOOR) for role in lines for ground in CHART_GROUNDS]
    found += [
        ("accent.on", f"accent.{fill}", TEXT_FLOOR) for fill in ("fill", "fillHover", "fillPressed")
    ]
    return [*found, ("focus.ring", "focus.halo", MARK_FLOOR)]


@pytest.mark.parametrize("theme", THEMES)
def test_every_pair_keeps_its_floor(theme: str) -> None:
    """Text stands out by 4.5 to 1 and marks by 3 to 1 on every surface."""
    colours = TOKENS.colours(theme)
    low = [
        f"{role} on {ground}: {ratio(colours[role], colours[ground]):.2f}"
        for role, ground, floor in pairs(theme)
        if ratio(colours[role], colours[ground]) < floor
    ]
    assert low == []


def test_disabled_text_can_still_be_read() -> None:
    """Words that are off keep 3 to 1 on their own fill and on the page."""
    for theme in THEMES:
        colours = TOKENS.colours(theme)
        for ground in ("disabled.fill", "surface.page"):
            assert ratio(colours["disabled.text"], colours[ground]) >= MARK_FLOOR


def test_the_ratio_is_the_published_one() -> None:
    """Black on white is 21, a colour on itself 1, grey #767676 the known 4.54."""
    assert ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert ratio("#005EB8", "#005EB8") == pytest.approx(1)
    assert ratio("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("size", TEXT_SIZES)
def test_the_stylesheet_leaves_no_token_unfilled(name: str, size: int, qapp: QApplication) -> None:
    """Each placeholder finds its token in each theme at each text size."""
    assert qapp is not None
    assert re.findall(r"@\w+", stylesheet_for(Theme(TOKENS, name, size))) == []


def test_no_text_is_under_nine_points() -> None:
    """The smallest role of the type scale is the floor the tokens state."""
    scale = TOKENS.tree["type"]["scale"].values()
    assert min(role["pt"] for role in scale) >= TOKENS.tree["type"]["families"]["minimum_pt"]


def test_text_size_grows_type_and_room_together(qapp: QApplication) -> None:
    """At 200 % a font and a row are twice as large; a hairline is not."""
    once, twice = Theme(TOKENS), Theme(TOKENS, text_size=200)
    assert qapp is not None
    assert twice.font().pointSizeF() == 2 * once.font().pointSizeF()
    assert twice.px("size.gridRow") == 2 * once.px("size.gridRow")
    assert twice.line("hairline") == once.line("hairline")


def test_the_palette_speaks_the_tokens(qapp: QApplication) -> None:
    """What the stylesheet does not reach is painted in the same colours."""
    assert qapp is not None
    theme = Theme(TOKENS, "dark")
    assert palette_for(theme).color(QPalette.ColorRole.Base) == theme.colour("surface.page")


def test_a_contrast_theme_of_the_computer_rules() -> None:
    """Every role then comes from the computer's palette and the sheet names no colour."""
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Base, QColor("#000000"))
    palette.setColor(QPalette.ColorRole.Text, QColor("#ffff00"))
    roles = roles_from(palette, list(TOKENS.colours("light")))
    theme = Theme(TOKENS, "system", 100, roles)
    assert theme.colours["text.contested"] == "#ffff00"
    assert theme.colours["surface.closed"] == "#000000"
    assert "#" not in stylesheet_for(theme)


def test_changing_the_theme_is_told(qapp: QApplication) -> None:
    """Painted widgets hear of a new theme and the sheet is exchanged at once."""
    look = Look()
    heard: list[str] = []
    look.changed.connect(lambda: heard.append(look.theme.name))
    look.use("dark", 125)
    assert heard == ["dark"]
    assert TOKENS.colours("dark")["surface.page"] in qapp.styleSheet()
    assert not icon(look.theme, "home", "text.primary").isNull()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("name", "ink"), [("arrow", "text.primary"), ("tick", "accent.on")])
def test_a_drawing_of_the_sheet_has_the_colour_of_its_ground(
    theme: str, name: str, ink: str
) -> None:
    drawing = resource("icons", f"{name}-{theme}.svg")
    assert f'stroke="{TOKENS.colours(theme)[ink]}"' in drawing.read_text("utf-8")
    assert f'url("{drawing.as_posix()}")' in stylesheet_for(Theme(TOKENS, theme))


def test_the_boxes_of_choices_grow_with_the_text() -> None:
    sheets = [stylesheet_for(Theme(TOKENS, "light", text_size=size)) for size in (100, 200)]
    assert ["width: 12px" in sheets[0], "width: 24px" in sheets[1]] == [True, True]
