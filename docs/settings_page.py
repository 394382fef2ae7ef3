"""Write docs/settings.md from the declaration of settings (`make docs`)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from collabdesk.host.settings_declaration import Kind, Setting, declaration

PAGE = Path(__file__).with_name("settings.md")

HEAD = """\
# Settings

This page is made from `resources/settings.toml` by `make docs`; change that file, not this page.

There are two kinds. **Workspace policy** is signed and shared: it is the same for every partner,
each change of it has an author, and two changes made apart are contested like a figure.
**This computer** is nobody else's business: your organisation's policy (`policy.toml` in the
machine's folder) beats the computer's own value (`computer.toml` there), that beats your choice,
and that beats the default. What your organisation has set is shown but cannot be changed.
"""


def page() -> str:
    """Write the whole page."""
    declared = declaration()
    parts = [HEAD, "## Workspace policy\n", *_sections(declared.workspace.values())]
    parts += ["## This computer\n", *_sections(declared.computer.values())]
    return "\n".join(parts)


def _sections(settings: Iterable[Setting]) -> list[str]:
    grouped: dict[str, list[str]] = {}
    for setting in settings:
        grouped.setdefault(setting.group, []).append(_row(setting))
    head = "| setting | means | may be | default |\n|---|---|---|---|"
    return [f"### {group}\n\n{head}\n" + "\n".join(rows) + "\n" for group, rows in grouped.items()]


def _row(setting: Setting) -> str:
    if setting.kind is Kind.CHOICE:
        allowed = "<br>".join(f"`{key}` {words}" for key, words in setting.choices.items())
    else:
        allowed = setting.range_words.removeprefix("Give ").rstrip(".")
    default = f"`{setting.default_text}`" if setting.default_text else "(empty)"
    means = f"**{setting.words}.** {setting.help}"
    cells = (f"`{setting.key}`", means, allowed, default)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Wrote docs/{PAGE.name}")
