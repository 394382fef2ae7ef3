from __future__ import annotations

import datetime as dt
import io
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree as ET

from PIL import Image

from collabdesk.charts.drawn import Footer, Frame, Picture, draw, to_png, to_svg
from collabdesk.charts.envelope_chart import Amount, EnvelopeContent, envelope_chart
from collabdesk.charts.style import Style

FOOTER = Footer("Sample: figures invented", "2026/27", dt.date(2026, 11, 22), "ledger #12")
CONTENT = EnvelopeContent(
    9_118_240_000,
    (Amount("Pay <award> & more", 100_000_00),),
    (Amount("Secure", 5_000_000_000),),
    1,
)


def picture(style: Style, *, footer: bool = True, scale: float = 1.0) -> Picture:
    frame = Frame(700, 360, scale, FOOTER if footer else None)
    return envelope_chart(CONTENT, style, frame)


def test_the_footer_says_source_period_day_and_stamp(style: Style) -> None:
    words = "Sample: figures invented · 2026/27 · made 22 November 2026 · ledger #12"
    assert FOOTER.words == words
    written = [text.get_text() for text in picture(style).figure.texts]
    assert words in " ".join(written)
    assert picture(style).title in written
    on_screen = [text.get_text() for text in picture(style, footer=False).figure.texts]
    assert picture(style).title not in on_screen


def test_a_png_carries_title_and_alternative_text(style: Style) -> None:
    made = picture(style, scale=2.0)
    with Image.open(io.BytesIO(to_png(made))) as image:
        assert image.size == (1400, 720)
        assert image.info["Title"] == made.title
        assert image.info["Description"] == made.alt
        assert image.info["Software"] == "CollabDesk"


def test_an_svg_can_be_read_aloud_and_holds_no_date(style: Style) -> None:
    made = picture(style)
    text = to_svg(made)
    root = ET.fromstring(text)  # noqa: S314 - written a moment ago by ourselves
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.findtext(f"{space}title") == made.title
    assert root.findtext(f"{space}desc") == made.alt
    assert "Pay <award> & more" in made.alt
    assert b"2026-" not in text
    assert text == to_svg(picture(style))


def test_many_threads_draw_the_same_picture(style: Style) -> None:
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: draw(picture(style)), range(8)))
    assert all(one == drawn[0] for one in drawn)
