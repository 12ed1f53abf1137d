"""A change of what readers or cutter make comes with a new version: indexes are made anew."""

from __future__ import annotations

import pytest

from tests import versions


@pytest.mark.parametrize("part", versions.MADE)
def test_what_is_made_moves_with_its_version_alone(part: str) -> None:
    recorded, made = versions.recorded()[part], versions.MADE[part]()
    assert (versions.version(part), made) == (recorded["version"], recorded["made"]), (
        f"the {part} make something else than before: run `python -m tests.versions`, which "
        "increments the version, and commit what it wrote"
    )
