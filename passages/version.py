"""The one place where the version stands; pyproject.toml reads it."""

VERSION = "0.2.0"
