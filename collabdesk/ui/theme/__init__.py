"""Colours, sizes and type: one token file, turned into palette, stylesheet and icons."""

from collabdesk.ui.theme.look import Look
from collabdesk.ui.theme.tokens import Theme, Tokens, load_tokens

__all__ = ["Look", "Theme", "Tokens", "load_tokens"]
