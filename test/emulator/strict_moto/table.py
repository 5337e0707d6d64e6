"""The table of README.md: what is made and read back, what is shape-checked, what is refused.

`python -m strict_moto.table` writes it, `--counts` prints the three counts, `--types` the types that can be deployed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from . import resource_types
from .refused import REFUSED
from .resource import TYPES, ResourceType
from .template import WITHOUT_EFFECT

README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"


def counts() -> dict[str, int]:
    shapes = sum(kind.shape_checked_only for kind in TYPES.values())
    return {"made and read back": len(TYPES) - shapes, "shape-checked": shapes, "refused": len(REFUSED)}


def render() -> str:
    made = sorted((kind for kind in TYPES.values() if not kind.shape_checked_only), key=lambda kind: kind.type_name)
    shapes = sorted((kind for kind in TYPES.values() if kind.shape_checked_only), key=lambda kind: kind.type_name)
    lines = [BEGIN, "", ", ".join(f"{name}: {count}" for name, count in counts().items()), ""]
    lines += ["### Made and read back", "", "| Type | Made by | Read back | Described by | Accepted, not read back |", "|" + " --- |" * 5]
    lines += [row(kind) for kind in made]
    lines += ["", "### Shape-checked against botocore only", "", "| Type | Checked | Accepted, not read back |", "| --- | --- | --- |"]
    lines += [f"| {kind.type_name} | {kind.made_by} | {reasons(kind)} |" for kind in shapes]
    lines += ["", "### Refused", "", "Every type that is not in a table above; among them:", "", "| Type | Reason |", "| --- | --- |"]
    lines += [f"| {name} | {reason} |" for name, reason in sorted(REFUSED.items())]
    lines += ["", "### Passed over by name", "", "| Type | Reason |", "| --- | --- |"]
    lines += [f"| {name} | {reason} |" for name, reason in WITHOUT_EFFECT.items()]
    return "\n".join([*lines, "", END])


def row(kind: type[ResourceType]) -> str:
    shown = ", ".join(sorted(name for name in kind.read_back if name not in kind.not_read_back))
    return f"| {kind.type_name} | {kind.made_by} | {shown} | {kind.described_by} | {reasons(kind)} |"


def reasons(kind: type[ResourceType]) -> str:
    return "; ".join(f"{name}: {reason}" for name, reason in sorted(kind.not_read_back.items())) or "-"


def updated(readme: str) -> str:
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + render() + after


def main() -> None:
    resource_types.load()
    if "--counts" in sys.argv:
        print(", ".join(f"{name}: {count}" for name, count in counts().items()))
    elif "--types" in sys.argv:
        print("\n".join(sorted(TYPES)))
    else:
        README.write_text(updated(README.read_text()))


if __name__ == "__main__":
    main()
