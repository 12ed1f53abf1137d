"""Whether all pins, and what they need, have wheels elsewhere: `python -m benchmarks.resolve`.

Each platform and Python is resolved from pyproject.toml without source distributions. Nothing is
installed: this shows that everything is to be had, not that it runs.
Needs `uv` (`pip install uv==0.13.9`), since pip evaluates the conditions of dependencies for the
machine that it runs on, whatever `--platform` says.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = {
    "Linux x86-64": "x86_64-manylinux_2_28",
    "Linux arm64": "aarch64-manylinux_2_28",
    "macOS 14 arm64": "aarch64-apple-darwin",
    "Windows x86-64": "x86_64-pc-windows-msvc",
}
OLDEST_MACOS = "14.0"


def resolve(platform: str, python: str, extras: list[str]) -> str:
    """How many packages would be installed, or uv's reason why none can be."""
    command = ["uv", "pip", "compile", "--no-header", "--no-annotate", "--only-binary", ":all:"]
    command += ["--python-platform", platform, "--python-version", python]
    command += [word for extra in extras for word in ("--extra", extra)]
    done = subprocess.run(
        [*command, "pyproject.toml"],
        cwd=ROOT,
        env={
            **os.environ,
            "MACOSX_DEPLOYMENT_TARGET": OLDEST_MACOS,
            "UV_PYTHON_DOWNLOADS": "never",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = done.stderr.rpartition("cause:")[2].partition("hint:")[0]
        return " ".join(reason.partition(", we can conclude")[0].split())
    return f"{len(done.stdout.splitlines())} packages"


def main() -> None:
    """Print a table; exit with 1 if something has no wheel."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    others = [each for each in project["optional-dependencies"] if each not in ("all", "evaluate")]
    print("| platform | Python | base | evaluate | all other extras |\n|---|---|---|---|---|")
    complete = True
    for name, platform in PLATFORMS.items():
        for python in PYTHONS:
            found = [resolve(platform, python, each) for each in ([], ["evaluate"], others)]
            complete &= all(one.endswith(" packages") for one in found)
            print(f"| {name} | {python} | {' | '.join(found)} |", flush=True)
    sys.exit(not complete)


if __name__ == "__main__":
    main()
