"""Bytes -> text, saying when the encoding had to be guessed."""

from __future__ import annotations

import codecs


def decode(data: bytes) -> tuple[str, list[str]]:
    r"""Decode a text file: UTF-8, else UTF-16 with a byte order mark, else Windows-1252.

    Line ends become `\n`. Returns the text and notes on what was guessed.

    Raises:
        ValueError: the bytes are not a text (they hold NUL).
    """
    notes: list[str] = []
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            text = data.decode("cp1252", errors="replace")
            notes.append(
                f"not UTF-8 (byte {error.start}): decoded as Windows-1252; save it as UTF-8"
            )
    if "\0" in text:
        raise ValueError("holds NUL bytes, so it is no text: save it as UTF-8 text")
    return text.replace("\r\n", "\n").replace("\r", "\n"), notes
