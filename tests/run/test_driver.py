"""A run: what is done once is not done again, and nothing is lost or doubled."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from tidymedia.errors import InterruptedRunError, StudyError, UsageError
from tidymedia.run.events import BatchCommitted, Event, MediumFinished, Notice, RunFinished, RunStarted
from tidymedia.study import Study

GOOD, SEGFAULT, BUG, EMPTY = 16_000, 8001, 8005, 8006


@pytest.fixture
def study(tmp_path: Path, trouble: Path) -> Callable[..., Study]:
    def make(media: Path | None = None, **more: object) -> Study:
        return Study(tmp_path / "study", media or (), plugins=[trouble], **more)  # type: ignore[arg-type]

    return make


def outcomes(study: Study) -> dict[str, int]:
    assert study.last_run is not None
    return dict(study.last_run.outcomes)


def test_every_file_has_its_row_and_every_failure_its_reason(
    study: Callable[..., Study], recordings: Callable[..., Path]
) -> None:
    folder = recordings([GOOD, BUG, EMPTY, SEGFAULT])
    (folder / "empty.wav").touch()
    (folder / "page.jpg").write_text("<html><body>404</body></html>", encoding="utf-8")
    (folder / "notes.txt").write_text("not a medium", encoding="utf-8")
    done = study(folder).analyze(["trouble"])
    media = done.table("media").set_index("path")
    assert set(media.index) == {f"{number:04d}.wav" for number in range(4)} | {"empty.wav", "page.jpg", "notes.txt"}
    assert media.loc["empty.wav", "error_type"] == "EmptyFileError"
    assert media.loc["page.jpg", "error_type"] == "BrokenFileError"
    assert media.loc["notes.txt", ["kind", "status"]].tolist() == ["other", "ok"]
    failures = done.failures()
    assert set(failures["error_type"]) == {"KeyError", "CrashError", "EmptyFileError", "BrokenFileError"}
    assert failures["remedy"].notna().all()
    status = done.status().set_index("path")["status"]
    assert status.to_dict() == {
        "0000.wav": "ok",
        "0001.wav": "failed",
        "0002.wav": "empty",
        "0003.wav": "failed",
        "notes.txt": "skipped",
    }
    assert outcomes(done) == {"ok": 1, "failed": 4, "empty": 1, "skipped": 1}


def test_a_second_run_does_nothing_again(study: Callable[..., Study], recordings: Callable[..., Path]) -> None:
    folder = recordings([GOOD, EMPTY, GOOD])
    first = study(folder).analyze(["trouble"]).table("trouble")
    before = {path: path.stat().st_mtime_ns for path in study().folder.rglob("*.parquet")}
    events: list[Event] = []
    again = study().analyze(listen=events.append)
    assert outcomes(again) == {"known": 3}
    assert again.last_run is not None
    assert again.last_run.seconds_by_extractor == {}
    assert {path: path.stat().st_mtime_ns for path in again.folder.rglob("*.parquet")} == before
    assert not any(isinstance(event, BatchCommitted) for event in events)
    pd.testing.assert_frame_equal(again.table("trouble"), first)


def test_copies_of_a_broken_file_count_as_broken(study: Callable[..., Study], recordings: Callable[..., Path]) -> None:
    folder = recordings([BUG])
    for name in ("copy.wav", "other.wav"):
        (folder / name).write_bytes((folder / "0000.wav").read_bytes())
    assert outcomes(study(folder).analyze(["trouble"])) == {"failed": 3}
    assert outcomes(study().analyze()) == {"failed": 3}


def test_failures_are_tried_again_only_on_request(
    study: Callable[..., Study], recordings: Callable[..., Path], trouble: Path
) -> None:
    folder = recordings([GOOD, BUG])
    study(folder).analyze(["trouble"])
    assert outcomes(study().analyze()) == {"known": 1, "failed": 1}
    assert outcomes(study().analyze(retry_failed=True)) == {"known": 1, "failed": 1}
    assert len(study().failures()) == 1


def test_new_changed_and_missing_files(study: Callable[..., Study], recordings: Callable[..., Path]) -> None:
    folder = recordings([GOOD, GOOD, GOOD])
    study(folder).analyze(["trouble"])
    (folder / "0001.wav").write_bytes((folder / "0000.wav").read_bytes())
    os.utime(folder / "0001.wav", ns=(1, 1))
    (folder / "0002.wav").unlink()
    recordings([44_100], "media/new")
    done = study().analyze()
    media = done.table("media").set_index("path")
    assert media["status"].to_dict() == {
        "0000.wav": "ok",
        "0001.wav": "ok",
        "0002.wav": "missing",
        "new/0000.wav": "ok",
    }
    rows = done.table("trouble")
    assert rows["path"].tolist() == ["0000.wav", "0001.wav", "0002.wav", "new/0000.wav"]
    assert rows["media_id"].nunique() == 3
    assert len(done.table("trouble", copies="first")) == 3


def test_unchanged_files_are_not_read_again_unless_asked(
    study: Callable[..., Study], recordings: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = recordings([GOOD])
    study(folder).analyze(["trouble"])
    read: list[str] = []
    from tidymedia.run import identification

    real = identification.identify

    def watch(found, limits):  # type: ignore[no-untyped-def]
        read.append(found.path)
        return real(found, limits)

    monkeypatch.setattr(identification, "identify", watch)
    study().analyze()
    assert read == []
    study().analyze(rehash=True)
    assert read == ["0000.wav"]


def test_same_names_in_two_roots_do_not_collide(
    study: Callable[..., Study], recordings: Callable[..., Path], tmp_path: Path, trouble: Path
) -> None:
    roots = [recordings([GOOD], "a"), recordings([44_100], "b")]
    done = Study(tmp_path / "study", roots, plugins=[trouble]).analyze(["trouble"])
    assert done.table("trouble")[["path", "rate"]].values.tolist() == [["0000.wav", GOOD], ["b/0000.wav", 44_100]]


def test_dependent_extractors_read_what_was_done_earlier(
    study: Callable[..., Study], recordings: Callable[..., Path]
) -> None:
    folder = recordings([GOOD, BUG])
    study(folder).analyze(["trouble"])
    later = study().analyze(["upstream"])
    assert later.table("doubles")["double"].tolist() == [2 * GOOD]
    status = later.status()
    skipped = status[(status["extractor"] == "upstream") & (status["path"] == "0001.wav")]
    assert skipped[["status", "reason"]].values.tolist() == [["skipped", "upstream"]]


def test_any_executor_gives_the_same_rows(
    study: Callable[..., Study], recordings: Callable[..., Path], tmp_path: Path, trouble: Path
) -> None:
    folder = recordings([GOOD, 44_100, EMPTY, BUG])
    here = study(folder).analyze(["trouble"]).table("trouble")
    with ProcessPoolExecutor(2) as executor:
        there = Study(tmp_path / "other", folder, plugins=[trouble]).analyze(["trouble"], executor=executor)
        pd.testing.assert_frame_equal(there.table("trouble"), here)
        assert len(there.failures()) == 1


def test_a_cancelled_run_keeps_what_was_finished(study: Callable[..., Study], recordings: Callable[..., Path]) -> None:
    folder = recordings([GOOD] * 60)
    cancel = threading.Event()
    seen: list[Event] = []

    def listen(event: Event) -> None:
        seen.append(event)
        if isinstance(event, MediumFinished) and sum(isinstance(one, MediumFinished) for one in seen) == 5:
            cancel.set()

    with pytest.raises(InterruptedRunError):
        study(folder).analyze(["slow"], cancel=cancel, listen=listen, jobs=2)
    done = study().table("slow")["path"].nunique()
    assert 5 <= done < 60
    assert study().analyze(["slow"]).table("slow")["path"].nunique() == 60


def test_one_writer_at_a_time(study: Callable[..., Study], recordings: Callable[..., Path]) -> None:
    folder = recordings([GOOD])
    first = study(folder).analyze(["trouble"])
    from tidymedia.run.store import Store

    store = Store(first.folder)
    store.open_for_writing()
    with pytest.raises(StudyError, match="in use"):
        study().analyze()
    assert len(study().table("trouble")) == 1  # readers are not locked out
    store.close()
    study().analyze()


def test_events_tell_the_run(study: Callable[..., Study], recordings: Callable[..., Path]) -> None:
    events: list[Event] = []
    study(recordings([GOOD, BUG])).analyze(["trouble"], listen=events.append, jobs=1)
    assert isinstance(events[0], RunStarted)
    assert (events[0].media, events[0].extractors) == (2, ("trouble",))
    finished = {event.path: event.outcome for event in events if isinstance(event, MediumFinished)}
    assert finished == {"0000.wav": "ok", "0001.wav": "failed"}
    assert isinstance(events[-1], RunFinished)
    assert events[-1].rows == {"trouble": 1}


def test_nothing_to_analyse_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no media"):
        Study(tmp_path / "study").analyze()


def test_what_leaves_the_study_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "media"
    folder.mkdir()
    Image.new("RGB", (40, 30), "red").save(folder / "a.gif", save_all=True, append_images=[Image.new("RGB", (40, 30))])
    study = Study(tmp_path / "study", folder).analyze(["hashes", "metadata"], jobs=1)
    told: list[Event] = []
    study.analyze(["pixels"], parameters={"pictures.animation": "1f"}, jobs=1, listen=told.append)
    notices = [event.message for event in told if isinstance(event, Notice)]
    assert notices == [
        "The rows of hashes leave the study (1 file): they were made with settings, or from rows, that have changed. "
        "To measure them anew, add --with hashes."
    ]
    assert "hashes" not in study.query("SELECT DISTINCT extractor FROM status")["extractor"].tolist()
    told.clear()
    study.analyze(["pixels"], jobs=1, listen=told.append)
    assert not [event for event in told if isinstance(event, Notice)]
