"""What surrounds the code holds together: contribution guide, scripts, documentation, sizes, constraints."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from PIL import Image

import tidymedia as tm
from tidymedia import errors

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(not (ROOT / "mkdocs.yml").is_file(), reason="the repository is not around the tests")


@pytest.fixture(scope="module")
def layout() -> ModuleType:
    specification = importlib.util.spec_from_file_location("check_layout", ROOT / "tools" / "check_layout.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_extractor_of_the_contribution_guide_runs(tmp_path: Path) -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (code,) = [block for block in re.findall(r"```python\n(.*?)```", guide, re.DOTALL) if "Extractor" in block]
    plugin = tmp_path / "sky.py"
    plugin.write_text(code, encoding="utf-8")
    media = tmp_path / "media"
    media.mkdir()
    picture = Image.new("RGB", (60, 90), "white")
    picture.paste((40, 90, 220), (0, 0, 30, 30))
    picture.save(media / "half.png")
    Image.new("RGB", (60, 90), "green").save(media / "none.png")
    study = tm.Study(tmp_path / "study", media=media, plugins=[plugin]).analyze(["sky"], jobs=1)
    rows = study.table("sky")
    assert dict(zip(rows["path"], rows["blue_share"], strict=True)) == {"half.png": 0.5, "none.png": 0.0}
    assert "bluish" in " ".join(study.codebook()["meaning"])


def test_modules_stay_small_and_the_version_is_written_once(layout: ModuleType) -> None:
    assert layout.size_problems(layout.module_sizes()) == []
    assert layout.version_problems() == []


def test_large_modules_and_second_versions_are_noticed(layout: ModuleType, tmp_path: Path) -> None:
    assert layout.size_problems({"a.py": 501, "b.py": 10, "c.py": 10}) == ["a.py has 501 lines; at most 500"]
    assert len(layout.size_problems({"a.py": 300, "b.py": 300})) == 1
    (tmp_path / "src").mkdir()
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n', encoding="utf-8")
    (tmp_path / "src" / "a.py").write_text('__version__ = "1.2.3"\n', encoding="utf-8")
    (tmp_path / "src" / "b.py").write_text('"""Since 11.2.3."""\n', encoding="utf-8")
    assert layout.version_problems(tmp_path) == ["src/a.py:1 writes the version again"]


@pytest.mark.parametrize("name", ["scripts/demo", "scripts/test", "scripts/check", "scripts/bench", ".ci/run"])
@pytest.mark.skipif(os.name != "posix", reason="bash scripts")
def test_scripts_are_executable_and_can_be_read_by_bash(name: str) -> None:
    path = ROOT / name
    assert os.access(path, os.X_OK)
    assert "set -euo pipefail" in path.read_text(encoding="utf-8")
    subprocess.run(["bash", "-n", str(path)], check=True)


@pytest.mark.skipif(os.name != "posix", reason="bash scripts")
def test_too_old_a_python_is_told(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    for name in ("environment.sh", "demo"):
        (tmp_path / "scripts" / name).write_bytes((ROOT / "scripts" / name).read_bytes())
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("python3", "python"):
        (programs / name).write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    for name in ("dirname", "bash"):
        found = subprocess.run(["which", name], check=True, capture_output=True, text=True).stdout.strip()
        (programs / name).symlink_to(found)
    done = subprocess.run(
        ["bash", str(tmp_path / "scripts" / "demo")],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "Python 3.11 or newer" in done.stderr


def test_every_error_has_its_remedy_in_the_documentation() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    bases = {"TidymediaError", "MediumError", "GuardError", "UsageError"}
    for name in set(errors.__all__) - bases:
        assert f"`{name}`" in page, f"docs/errors.md does not say what to do about {name}"


def test_every_page_is_in_the_navigation_and_every_public_object_in_the_reference() -> None:
    class Loader(yaml.SafeLoader):
        pass

    Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: suffix)
    configuration = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), Loader)  # a SafeLoader

    def pages(entry: object) -> list[str]:
        if isinstance(entry, str):
            return [entry]
        parts = entry.values() if isinstance(entry, dict) else entry
        return [page for part in parts for page in pages(part)]  # type: ignore[union-attr]

    navigated = pages(configuration["nav"])
    assert sorted(navigated) == sorted(
        path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")
    )
    assert configuration["theme"]["font"] is False, "fonts would be loaded from the network"
    reference = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "reference").glob("*.md"))
    constants = {"ANALYSIS", "FULL", "THUMB", "__version__"}
    for name in set(tm.__all__) - constants:
        module = getattr(tm, name).__module__
        assert f"{module}.{name}" in reference, f"docs/reference does not show {name}"


def test_constraints_allow_what_the_project_asks_for() -> None:
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    bound = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    versions = {canonicalize_name(name): version for name, version in bound.items()}
    extras = [name for extra in project["optional-dependencies"].values() for name in extra]
    for requirement in map(Requirement, [*project["dependencies"], *extras]):
        if requirement.name == project["name"]:  # an extra that takes in another one
            continue
        version = versions[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), f"{requirement} does not allow {version}"


def test_the_citation_file_names_what_is_cited() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["license"] == "MIT"
    assert {"title", "message", "authors", "type"} <= set(citation)
    assert all(author.keys() <= {"name", "family-names", "given-names", "orcid"} for author in citation["authors"])


def test_importing_the_package_is_all_that_the_reference_needs() -> None:
    program = "import sys, tidymedia; print([name for name in ('numpy', 'pandas', 'PIL', 'av') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
