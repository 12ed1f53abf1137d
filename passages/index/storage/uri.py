"""Which addresses are those of object storage; importing it costs nothing."""

from __future__ import annotations

import re

SCHEMES = ("s3", "file", "gs", "gcs", "abfs", "abfss", "hdfs", "viewfs")
_URI = re.compile(rf"({'|'.join(SCHEMES)}):/+(?=[^/])", re.IGNORECASE)


def uri_of(address: object) -> str | None:
    """The address as a URI, or None where it is none; a Path has made one slash of two."""
    text = str(address)
    found = _URI.match(text)
    if found is None:
        return None
    slashes = "///" if found[1].lower() == "file" else "//"
    return f"{found[1].lower()}:{slashes}{text[found.end() :].rstrip('/')}"
