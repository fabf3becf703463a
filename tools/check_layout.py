"""Check that modules stay small and that the version is written once.

No module has more than 500 lines, and half of them have fewer than 200. The version stands in pyproject.toml alone.
"""

from __future__ import annotations

import re
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LARGEST, MEDIAN = 500, 200


def module_sizes(root: Path = ROOT) -> dict[str, int]:
    """Return the number of lines of every module of the package."""
    return {
        path.relative_to(root).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in sorted((root / "src").rglob("*.py"))
    }


def size_problems(sizes: dict[str, int]) -> list[str]:
    """Say which modules are too large, and whether most are."""
    problems = [f"{name} has {lines} lines; at most {LARGEST}" for name, lines in sizes.items() if lines > LARGEST]
    median = statistics.median(sizes.values())
    if median >= MEDIAN:
        problems.append(f"half of the modules have {median:.0f} lines or more; fewer than {MEDIAN}")
    return problems


def version_problems(root: Path = ROOT) -> list[str]:
    """Say where the version is written besides pyproject.toml."""
    import tomllib

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    written = re.compile(
        rf"(version\w*.{{0,20}}|tidymedia[ =]*)[\"'v]?{re.escape(project['version'])}(?![\w.])", re.IGNORECASE
    )
    places = [*(root / "src").rglob("*.py"), root / "CITATION.cff", root / "mkdocs.yml", root / "README.md"]
    return [
        f"{path.relative_to(root).as_posix()}:{number} writes the version again"
        for path in places
        if path.is_file()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if written.search(line)
    ]


def main() -> int:
    """Print the problems, and how large modules are."""
    sizes = module_sizes()
    problems = size_problems(sizes) + version_problems()
    for problem in problems:
        print(problem)
    largest = max(sizes, key=sizes.__getitem__)
    median = statistics.median(sizes.values())
    print(f"{len(sizes)} modules, median {median:.0f} lines, largest {largest} with {sizes[largest]}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
