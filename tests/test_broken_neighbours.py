"""A broken picture among others costs its own rows and nobody else's."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from tidymedia.study import Study

MEDIA = Path(__file__).resolve().parents[1] / "examples" / "media"
WHOLE = ("photographs/astronaut.jpg", "photographs/mountains.jpg", "photographs/photographer.png")
EXTRACTORS = {
    "embeddings": "embeddings",
    "faces": "faces",
    "masks": "masks",
    "objects": "objects",
    "tags": "tags",
}


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Study]:
    """Measure the same pictures twice: by themselves, and between broken ones."""
    folder = tmp_path_factory.mktemp("neighbours")
    for name in ("alone", "among"):
        (folder / name).mkdir()
        for path in WHOLE:
            shutil.copy(MEDIA / path, folder / name)
    shutil.copy(MEDIA / "posts" / "ben" / "cut_off.jpg", folder / "among" / "b_cut_off.jpg")
    whole = (MEDIA / "photographs" / "sunset.jpg").read_bytes()
    (folder / "among" / "a_short.jpg").write_bytes(whole[: len(whole) // 3])
    (folder / "among" / "n_noise.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    alone, among = (Study(folder / f"study_{name}", folder / name) for name in ("alone", "among"))
    return alone.analyze(list(EXTRACTORS), jobs=1), among.analyze(list(EXTRACTORS), jobs=1)


@pytest.mark.parametrize("extractor", EXTRACTORS)
def test_rows_of_whole_pictures_are_the_same(studies: tuple[Study, Study], extractor: str) -> None:
    alone, among = (study.table(EXTRACTORS[extractor]) for study in studies)
    assert len(alone) > 0
    pd.testing.assert_frame_equal(alone, among[among["path"].isin(alone["path"])].reset_index(drop=True))
    assert not set(among["path"]) & {"a_short.jpg", "b_cut_off.jpg", "n_noise.png"}


def test_each_broken_picture_has_its_failure(studies: tuple[Study, Study]) -> None:
    failures = studies[1].failures()
    assert set(failures["path"]) == {"a_short.jpg", "b_cut_off.jpg", "n_noise.png"}
    assert failures["remedy"].notna().all()
    assert studies[0].failures().empty
