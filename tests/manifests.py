"""Compare the manifests in docs/kuberay with KubeRay's schemas: `python -m tests.manifests FOLDER`.

FOLDER is `ray-operator/config/crd/bases` of a clone of ray-project/kuberay. A field that a schema
does not know is an error, as `kubectl apply --validate=strict` has it. Manifests of kinds that
KubeRay does not define are named, not compared.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from tests.support import ROOT


def main(folder: Path) -> int:
    """Exit status: 0 if all fit, else 1."""
    schemas = dict(_schemas(folder))
    problems = 0
    for path in sorted((ROOT / "docs" / "kuberay").glob("*.yaml")):
        for manifest in yaml.safe_load_all(path.read_text("utf-8")):
            kind = manifest["apiVersion"], manifest["kind"]
            if kind not in schemas:
                print(f"{path.name}: {kind[1]} is not KubeRay's")
                continue
            found = list(Draft202012Validator(schemas[kind]).iter_errors(manifest))
            for error in found:
                print(f"{path.name}: {kind[1]} {error.json_path}: {error.message[:200]}")
            print(f"{path.name}: {kind[1]} has {len(found)} errors")
            problems += len(found)
    return 1 if problems else 0


def _schemas(folder: Path) -> Any:
    for path in folder.glob("*.yaml"):
        crd = yaml.safe_load(path.read_text("utf-8"))["spec"]
        for version in crd["versions"]:
            schema = _closed(version["schema"]["openAPIV3Schema"])
            schema["properties"]["metadata"] = {"type": "object"}
            yield (f"{crd['group']}/{version['name']}", crd["names"]["kind"]), schema


def _closed(schema: Any) -> Any:
    """The same, with no fields but those it names."""
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _closed(each) for name, each in schema.items()}
    is_open = made.get("x-kubernetes-preserve-unknown-fields")
    if made.get("x-kubernetes-int-or-string"):
        made.pop("type", None)
    if isinstance(made.get("properties"), dict) and made.get("type") == "object" and not is_open:
        made["additionalProperties"] = False
    return made


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
