"""Bytes -> text, saying when the encoding had to be guessed."""

from __future__ import annotations

import codecs
import re
import unicodedata

from passages.errors import UnreadableFile

MAX_BYTES = 10_000_000
"""The longest article takes 8 MB in UTF-8 at most. Guessing an encoding takes a while."""

# A page of 3,000 characters may hold a stray control character or two; a binary file holds many.
_MAX_CONTROLS = 1 / 1000

_UNREADABLE = ("Cc", "Cs")  # control characters, halves of characters
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")
_LINE_ENDS = re.compile(r"\r\n?|[\v\u0085\u2028]")
_PARAGRAPH_ENDS = re.compile(r"[\f\u2029]")
# Soft hyphen, zero-width space, word joiner, and a byte order mark amid the text: nobody sees
# them, and a word that holds one is not found.
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
# Joiners shape emoji, Persian and Indic words; between Latin letters they are as invisible.
_IDLE_JOINERS = re.compile("(?<![^\x00-\u036f\u2000-\u206f])[\u200c\u200d]+")

# Normalising a run of combining marks takes the square of its length, and no writing stacks thirty.
_STACKED_MARKS = re.compile(r"([^\w\s\x00-\x7f]{30,})")


def decode(data: bytes) -> tuple[str, list[str]]:
    r"""Decode a text file: UTF-16 with a byte order mark, else UTF-8.

    Bytes that are not UTF-8 are taken as Windows-1252, one by one, so that a text in either, and
    one pasted together from both, comes out right. Line ends become `\n`, letters their composed
    form (NFC), and invisible characters go. Returns the text and notes on what was guessed or lost.

    Raises:
        UnreadableFile: the bytes are not a text, or more than any article has.
    """
    if len(data) > MAX_BYTES:
        mb = 1_000_000
        raise UnreadableFile(
            f"{len(data) // mb} MB of text: at most {MAX_BYTES // mb} MB; divide it"
        )
    notes: list[str] = []
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", errors="replace")
    else:
        text = _decode_utf8(data, notes)
    if "\0" in text:
        raise UnreadableFile("holds NUL bytes, so it is no text: save it as UTF-8 text")
    text, controls = _CONTROLS.subn("", text)
    if controls > max(3, _MAX_CONTROLS * len(text)):
        raise UnreadableFile(f"holds {controls} control characters, so it is no text")
    if controls:
        notes.append(f"control characters left out: {controls}")
    if (lost := text.count("\ufffd")) > 0:
        notes.append(f"characters that cannot be read: {lost}; save the file as UTF-8")
    return clean(text), notes


def clean(text: str) -> str:
    r"""Line ends as `\n`, letters in composed form (NFC), no control or invisible characters."""
    text = _PARAGRAPH_ENDS.sub("\n\n", _LINE_ENDS.sub("\n", text))
    text = _composed(_INVISIBLE.sub("", _CONTROLS.sub("", text)))
    # What a joiner stood between may be a letter and its accent.
    text, joiners = _IDLE_JOINERS.subn("", text)
    return _composed(text) if joiners else text


def _composed(text: str) -> str:
    parts = _STACKED_MARKS.split(text)
    parts[::2] = [unicodedata.normalize("NFC", part) for part in parts[::2]]
    return "".join(parts)


def one_line(text: str) -> str | None:
    """A title or the like: single spaces, no control characters; None if nothing is left."""
    words = " ".join(clean(text).split())
    return "".join(char for char in words if unicodedata.category(char) not in _UNREADABLE) or None


def _decode_utf8(data: bytes, notes: list[str]) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        notes.append(f"not UTF-8 (byte {error.start}): decoded as Windows-1252; save it as UTF-8")
        return data.decode("utf-8-sig", errors="passages.windows-1252")


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return bad.decode("cp1252", errors="replace"), error.end


codecs.register_error("passages.windows-1252", _as_windows_1252)
