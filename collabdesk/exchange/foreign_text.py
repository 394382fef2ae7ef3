"""Text files from elsewhere: what they really are, unpacked within bounds, decoded by line."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from collabdesk.errors import NotPossible, Refusal

GZIP: Final = b"\x1f\x8b"
MAX_TEXT_BYTES: Final = 600 * 1024 * 1024
MAX_LINE_BYTES: Final = 1024 * 1024
MAX_PACKED_RATIO: Final = 250
RATIO_FROM: Final = 16 * 1024 * 1024
LINES_PER_REPORT: Final = 4096
_ENCODING_WORDS: Final = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "cp1252": "Windows-1252"}
BOM: Final = b"\xef\xbb\xbf"

_DISGUISES: Final = (
    (b"PK\x03\x04", "an Excel workbook or another packed file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook or Word document"),
    (b"%PDF", "a PDF document"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
    (b"PAR1", "a parquet file"),
    (b"\xff\xfe", "text saved as UTF-16 (Excel calls it Unicode text)"),
    (b"\xfe\xff", "text saved as UTF-16 (Excel calls it Unicode text)"),
)


class CancelToken(Protocol):
    """Says whether the person has asked to stop; `threading.Event` is one."""

    def is_set(self) -> bool:
        """Return whether to stop."""
        ...


Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a file's text is written."""

    encoding: str
    ends_with_line_break: bool


class ForeignFile:
    """A file somebody brings: its name and its bytes, from memory or disk, never trusted."""

    def __init__(self, name: str, source: bytes | Path) -> None:
        """Stand on the bytes or the path; nothing is read yet."""
        self.name = name
        self._source = source

    def lines(
        self,
        encoding: str,
        *,
        progress: Progress | None = None,
        cancel: CancelToken | None = None,
    ) -> Iterator[str]:
        """Iterate over the decoded lines with their line ends, refusing what is not text."""
        for number, line in enumerate(self._raw_lines(progress, cancel), start=1):
            if b"\0" in line:
                raise self._refusal(
                    "nul-byte",
                    f"line {number} holds a NUL byte, so this is not a text file.",
                    "Get the file again from its publisher, or save it as CSV UTF-8.",
                )
            try:
                yield line.decode(encoding)
            except UnicodeDecodeError as error:
                raise self._not_text(number, encoding, error) from error

    def form(self, allowed: tuple[str, ...]) -> TextForm:
        """Return the first allowed encoding that fits all lines, or refuse as the last does."""
        refused: Refusal | None = None
        for encoding in allowed:
            last = ""
            try:
                for line in self.lines(encoding):
                    last = line
            except Refusal as refusal:
                if refusal.code != "wrong-encoding":
                    raise
                refused = refusal
            else:
                return TextForm(encoding, last.endswith(("\n", "\r")))
        raise refused or ValueError(allowed)

    def _raw_lines(self, progress: Progress | None, cancel: CancelToken | None) -> Iterator[bytes]:
        with self._opened() as packed:
            size = packed.seek(0, io.SEEK_END)
            packed.seek(0)
            is_gzip = packed.read(2) == GZIP
            packed.seek(0)
            stream: io.BufferedIOBase = gzip.GzipFile(fileobj=packed) if is_gzip else packed
            try:
                yield from self._bounded(stream, packed, size, progress, cancel)
            except EOFError as error:
                raise self._truncated() from error
            except (gzip.BadGzipFile, zlib.error) as error:
                raise self._refusal(
                    "damaged-gzip",
                    "the packed file is damaged and cannot be unpacked.",
                    "Get the file again from its publisher.",
                ) from error

    def _bounded(
        self,
        stream: io.BufferedIOBase,
        packed: io.BufferedIOBase,
        size: int,
        progress: Progress | None,
        cancel: CancelToken | None,
    ) -> Iterator[bytes]:
        total = count = 0
        while line := stream.readline(MAX_LINE_BYTES + 1):
            if count == 0:
                line = self._opening(line)
            total, count = total + len(line), count + 1
            self._within_bounds(line, total, size)
            yield line
            if count % LINES_PER_REPORT == 0:
                self._report(progress, cancel, min(packed.tell(), size), size)
        if count == 0:
            raise self._refusal("empty-file", "the file is empty.", "Get the file again.")
        self._report(progress, cancel, size, size)

    def _opening(self, line: bytes) -> bytes:
        plain = line.removeprefix(BOM)
        start = plain[:64].lstrip().lower()
        for mark, words in _DISGUISES:
            if start.startswith(mark.lower()):
                raise self._refusal(
                    "not-delimited-text",
                    f"this is {words}, whatever its name says.",
                    "Open it in Excel, choose Save As, CSV UTF-8, and bring that file.",
                )
        return line

    def _within_bounds(self, line: bytes, total: int, size: int) -> None:
        if len(line) > MAX_LINE_BYTES:
            words = f"one line is longer than {MAX_LINE_BYTES // 1024} KiB."
        elif total > MAX_TEXT_BYTES:
            words = f"it holds more than {MAX_TEXT_BYTES // 1024**2} MiB of text."
        elif total > RATIO_FROM and total > size * MAX_PACKED_RATIO:
            words = f"it unpacks to more than {MAX_PACKED_RATIO} times its size."
        else:
            return
        raise self._refusal(
            "too-large", f"{words} Reading stopped there.", "Check that it is the published file."
        )

    def _report(
        self, progress: Progress | None, cancel: CancelToken | None, done: int, size: int
    ) -> None:
        if cancel is not None and cancel.is_set():
            raise self._refusal("cancelled", "you stopped the reading; nothing was brought in.", "")
        if progress is not None:
            progress(done, size)

    def _opened(self) -> io.BufferedIOBase:
        if isinstance(self._source, bytes):
            return io.BytesIO(self._source)
        try:
            return self._source.open("rb")
        except OSError as error:
            raise NotPossible(
                code="file-not-readable",
                words=f"{self.name} cannot be opened: {error.strerror}.",
                remedy="Close it in other programs and check that you may read it.",
            ) from error

    def _not_text(self, line: int, encoding: str, error: UnicodeDecodeError) -> Refusal:
        named = _ENCODING_WORDS[encoding]
        return self._refusal(
            "wrong-encoding",
            f"line {line} is not {named} text (byte {error.start + 1} of that line).",
            "In Excel choose Save As, CSV UTF-8, or get the file again.",
        )

    def _truncated(self) -> Refusal:
        return self._refusal(
            "truncated", "the packed file ends too early.", "Get the file again from its publisher."
        )

    def _refusal(self, code: str, words: str, remedy: str) -> Refusal:
        return Refusal(code=code, words=f"{self.name}: {words}", remedy=remedy, field="file")
