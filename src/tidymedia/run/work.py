"""The work on one file, step by step; runs in the child process and tells each step before it begins."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from tidymedia.errors import BrokenFileError, RefusedError, TidymediaError, UpstreamError
from tidymedia.extractors.base import Extractor, MediumExtractor, PictureExtractor, Row, SoundExtractor
from tidymedia.extractors.rows import RowCompleter
from tidymedia.media.kinds import Kind
from tidymedia.media.medium import Medium
from tidymedia.media.opening import open_medium
from tidymedia.media.picture import BrokenPicture, Picture, SizeClass
from tidymedia.run.fingerprint import fingerprints
from tidymedia.run.task import Setup, Task
from tidymedia.run.work_progress import WorkProgress
from tidymedia.services.service import ServiceExtractor

__all__ = ["BugError", "work_on"]

Emit = Callable[[Mapping[str, Any]], None]
Rows = dict[str, list[dict[str, Any]]]


class BugError(Exception):
    """An unexpected error of an extractor, where the run was asked to stop at one."""


def work_on(
    task: Task,
    setup: Setup,
    extractors: Mapping[str, Extractor],
    progress: WorkProgress,
    emit: Emit,
    marks: dict[Kind, dict[str, str]] | None = None,
) -> None:
    """Work on one file from where ``progress`` stands, and emit what comes out of it.

    Parameters
    ----------
    task : Task
        The file.
    setup : Setup
        What all files of the run have in common.
    extractors : mapping of str to Extractor
        The loaded extractors by name.
    progress : WorkProgress
        What is settled already.
    emit : callable
        Takes the messages: ``step`` before a step that may crash, ``rows`` after one that went well, ``failure``
        after one that did not, ``tick`` as a sign of life, ``pictures_done``.
    marks : dict of Kind to dict of str to str, or None, default None
        Where the fingerprints by kind are kept from file to file.
    """
    marks = {} if marks is None else marks
    if task.kind not in marks:
        marks[task.kind] = fingerprints(extractors.values(), setup.settings, task.kind)
    _Work(task, setup, extractors, progress, emit, marks[task.kind]).run()


class _Work:
    def __init__(
        self,
        task: Task,
        setup: Setup,
        extractors: Mapping[str, Extractor],
        progress: WorkProgress,
        emit: Emit,
        marks: Mapping[str, str],
    ) -> None:
        self._task, self._setup, self._progress, self._send = task, setup, progress, emit
        self._told: tuple[object, ...] | None = None
        self._extractors = [extractors[name] for name in task.extractors]
        self._completers = {
            extractor.name: RowCompleter(extractor, task.media_id, marks[extractor.name])
            for extractor in self._extractors
        }
        self._made: Rows = {table: [dict(row) for row in rows] for table, rows in task.upstream.items()}
        self._needed = {name for extractor in self._extractors for name in extractor.needs}
        self._broken = set(progress.broken)
        self._last_tick = time.monotonic()
        for extractor in self._extractors:
            if isinstance(extractor, ServiceExtractor):
                extractor.set_tick(self._tick)

    def run(self) -> None:
        names = [extractor.name for extractor in self._extractors]
        medium: Medium | None = None
        with self._step("open", None, names):
            task, setup = self._task, self._setup
            medium = open_medium(task.location, task.kind, setup.settings, setup.limits, self._tick)
        if medium is None:
            return
        with medium:
            self._whole(medium)
            self._pictures(medium)
            self._sound(medium)

    def _whole(self, medium: Medium) -> None:
        for extractor in self._extractors:
            if isinstance(extractor, MediumExtractor) and extractor.name not in self._progress.whole:
                medium.upstream = self._upstream(extractor, None)
                self._extract("whole", None, extractor, partial(extractor.from_medium, medium))

    def _pictures(self, medium: Medium) -> None:
        chosen = [extractor for extractor in self._extractors if isinstance(extractor, PictureExtractor)]
        if not chosen or self._progress.pictures_done:
            return
        names = [extractor.name for extractor in chosen]
        index = self._progress.first_picture
        pictures: Iterator[Picture | BrokenPicture] = iter(())
        with self._step("next", index, names):
            pictures = medium.pictures(index)
        while any(extractor.wants_more(index) for extractor in chosen):
            picture: Picture | BrokenPicture | None = None
            with self._step("next", index, names):
                picture = next(pictures, None)
            if picture is None:
                break
            if isinstance(picture, BrokenPicture):
                self._fail("picture", picture.index, names, picture.error, picture.time_ms)
            else:
                self._picture(picture, chosen)
            index = picture.index + 1
        self._emit({"type": "pictures_done"})

    def _picture(self, picture: Picture, chosen: Sequence[PictureExtractor]) -> None:
        first = picture.index == self._progress.first_picture
        settled = set(self._progress.in_first_picture) if first else set()
        waiting = [extractor for extractor in chosen if extractor.name not in settled]
        lost: set[str] = set()
        decoded: set[SizeClass] = set()
        for place, extractor in enumerate(waiting):
            if extractor.name in lost:
                continue
            wants = False
            with self._step("picture", picture.index, [extractor.name], picture.time_ms) as step:
                wants = extractor.wants_image(picture)
            if not step.went_well:
                continue
            if wants and extractor.size not in decoded:
                same = [other.name for other in waiting[place:] if other.size == extractor.size]
                with self._step("picture", picture.index, same, picture.time_ms) as step:
                    picture.image(extractor.size)
                if not step.went_well:
                    lost.update(same)
                    continue
                decoded.add(extractor.size)
                self._emit({"type": "decoded", "seconds": step.seconds})
            picture.upstream = self._upstream(extractor, picture.index)
            self._extract(
                "picture",
                picture.index,
                extractor,
                partial(extractor.from_picture, picture),
                picture.time_ms,
            )

    def _sound(self, medium: Medium) -> None:
        for extractor in self._extractors:
            if isinstance(extractor, SoundExtractor) and extractor.name not in self._progress.sound:
                self._extract("sound", None, extractor, partial(self._hear, medium, extractor))

    def _hear(self, medium: Medium, extractor: SoundExtractor) -> Iterator[Row]:
        sound = medium.sound(extractor.sound_format)
        if sound is not None:
            sound.upstream = self._upstream(extractor, None)
            yield from extractor.from_sound(sound)

    def _extract(
        self,
        stage: str,
        picture: int | None,
        extractor: Extractor,
        rows: Callable[[], Iterable[Row]],
        time_ms: int | None = None,
    ) -> None:
        for needed in extractor.needs:
            if (needed, picture) in self._broken or (needed, None) in self._broken:
                error = UpstreamError(
                    f"It builds on {needed}, which failed here.",
                    f"See what failed in {needed}; run again with --retry-failed once that is mended.",
                )
                self._fail(stage, picture, [extractor.name], error, time_ms)
                return
        completed: Rows = {}
        with self._step(stage, picture, [extractor.name], time_ms) as step:
            self._completers[extractor.name].complete(rows(), picture, completed)
        if isinstance(step.error, BrokenFileError) and stage != "picture" and any(completed.values()):
            self._broken.discard((extractor.name, picture))  # the file is damaged behind these rows
        elif not step.went_well:
            completed = {}
        if step.went_well or completed:
            if extractor.name in self._needed:
                for table, made in completed.items():
                    self._made.setdefault(table, []).extend(made)
            self._emit(
                {
                    "type": "rows",
                    "stage": stage,
                    "picture": picture,
                    "extractor": extractor.name,
                    "rows": completed,
                    "seconds": step.seconds,
                }
            )

    def _upstream(self, extractor: Extractor, picture: int | None) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        if not extractor.needs:
            return {}
        return {
            table: [row for row in rows if picture is None or row.get("picture") in (None, picture)]
            for table, rows in self._made.items()
        }

    @contextmanager
    def _step(
        self, stage: str, picture: int | None, extractors: Sequence[str], time_ms: int | None = None
    ) -> Iterator[_Step]:
        """Tell the parent what comes next, and turn its errors into failures."""
        told = (stage, picture, tuple(extractors))
        if told != self._told:  # the parent need not hear the same twice
            self._emit(
                {"type": "step", "stage": stage, "picture": picture, "extractors": extractors, "time_ms": time_ms}
            )
            self._told = told
        step = _Step()
        try:
            yield step
        except RefusedError:
            raise  # what a service refuses once it refuses for every file: the run ends
        except TidymediaError as error:
            step.error = error
            self._fail(stage, picture, extractors, error, time_ms)
        except Exception as error:  # the one place where an extractor's own error becomes a row
            if self._setup.raise_bugs:
                raise BugError(traceback.format_exc()) from error
            place = traceback.extract_tb(error.__traceback__)[-1]
            message = f"{error} ({Path(place.filename).name}, line {place.lineno})".strip()
            self._report_failure(stage, picture, extractors, type(error).__name__, message, _BUG_REMEDY, time_ms)
        else:
            step.went_well = True
        step.seconds = time.perf_counter() - step.started

    def _fail(
        self, stage: str, picture: int | None, extractors: Sequence[str], error: TidymediaError, time_ms: int | None
    ) -> None:
        self._report_failure(stage, picture, extractors, type(error).__name__, error.message, error.remedy, time_ms)

    def _report_failure(
        self,
        stage: str,
        picture: int | None,
        extractors: Sequence[str],
        error_type: str,
        message: str,
        remedy: str,
        time_ms: int | None,
    ) -> None:
        self._broken.update((name, picture) for name in extractors)
        self._emit(
            {
                "type": "failure",
                "stage": stage,
                "picture": picture,
                "extractors": list(extractors),
                "time_ms": time_ms,
                "error_type": error_type,
                "error_message": message,
                "remedy": remedy,
            }
        )

    def _emit(self, message: Mapping[str, Any]) -> None:
        self._told = None
        self._send(message)

    def _tick(self) -> None:
        now = time.monotonic()
        if now - self._last_tick > 0.5:
            self._last_tick = now
            self._emit({"type": "tick"})


_BUG_REMEDY = "This looks like an error in the extractor; run with --stop-at-bugs to see where."


class _Step:
    """How a step went."""

    def __init__(self) -> None:
        self.went_well = False
        self.error: TidymediaError | None = None
        self.started = time.perf_counter()
        self.seconds = 0.0
