"""The driver of a run: find, identify, decide, give out, commit, compact."""

from __future__ import annotations

import dataclasses
import datetime
import os
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tidymedia.errors import MediumError
from tidymedia.media.archive_reader import close_archives
from tidymedia.media.finding import find_media
from tidymedia.media.found import Found
from tidymedia.media.identify import Identity
from tidymedia.media.selection import Selection
from tidymedia.models.devices import chosen_device
from tidymedia.run.batch import MOST_SECONDS, OpenBatch, status_row
from tidymedia.run.compaction import compact
from tidymedia.run.current import current_fingerprints, tables_of
from tidymedia.run.decisions import DONE, Decision, decide, overall_outcome
from tidymedia.run.events import (
    BatchCommitted,
    Event,
    Listener,
    MediumFinished,
    MediumStarted,
    Notice,
    RunFinished,
    RunStarted,
    ignore_events,
)
from tidymedia.run.identification import identified, modified_text
from tidymedia.run.interrupts import interrupts_cancel
from tidymedia.run.known_media import KnownMedium
from tidymedia.run.plan import Plan
from tidymedia.run.provenance import describe_run, name_of_run, write_provenance
from tidymedia.run.scheduler import Scheduler
from tidymedia.run.services_of_run import ServicesOfRun
from tidymedia.run.store import Store, schemas_of
from tidymedia.run.study_file import StudyFile
from tidymedia.run.task import Setup, Task, TaskResult

__all__ = ["RunRequest", "run"]


@dataclass(frozen=True)
class RunRequest:
    """What a run is asked to do, beside what the study says.

    Parameters
    ----------
    selection : Selection
        Which of the files found.
    jobs : int
        Number of child processes; 0 for one a core.
    retry_failed : bool
        Whether what failed is tried again.
    rehash : bool
        Whether unchanged files are read again to make sure.
    raise_bugs : bool
        Whether an unexpected error of an extractor ends the run.
    executor : concurrent.futures.Executor or None
        Where the work is done; None for this machine.
    cancelled : threading.Event
        Set it to stop the run; what is in work is finished and committed.
    listen : callable
        Takes the events.
    budget : float or None
        How many US dollars the run may spend on each service; None for no limit.
    commit_seconds : float
        After as many seconds what is finished is committed.
    """

    selection: Selection = field(default_factory=Selection)
    jobs: int = 0
    retry_failed: bool = False
    rehash: bool = False
    raise_bugs: bool = False
    executor: Executor | None = None
    cancelled: threading.Event = field(default_factory=threading.Event)
    listen: Listener = ignore_events
    budget: float | None = None
    commit_seconds: float = MOST_SECONDS


def run(folder: Path, study: StudyFile, plan: Plan, request: RunRequest) -> RunFinished:
    """Analyse the media of a study and bring its tables up to date.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    study : StudyFile
        Its roots, settings and extractors, those of this run included.
    plan : Plan
        The extractors of this run.
    request : RunRequest
        What else was asked for.

    Returns
    -------
    RunFinished
        What became of the files.

    Raises
    ------
    UsageError
        Where the study is in use, or nothing can be found.
    """
    store = Store(folder)
    store.open_for_writing()
    try:
        with interrupts_cancel(request.cancelled):
            return _Driver(store, study, plan, request).run()
    finally:
        close_archives()
        store.close()


class _Driver:
    def __init__(self, store: Store, study: StudyFile, plan: Plan, request: RunRequest) -> None:
        self._store, self._study, self._plan, self._request = store, study, plan, request
        self._jobs = request.jobs or os.cpu_count() or 1
        self._started = datetime.datetime.now(datetime.UTC)
        self._run = name_of_run(self._started)
        self._known_media = store.known_media()
        self._known_statuses = store.known_statuses()
        self._outcomes: Counter[str] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._in_work: dict[str, tuple[str, Decision, Mapping[str, str]]] = {}
        self._claimed: set[bytes] = set()
        self._copies: dict[str, list[str]] = {}
        self._troubled: dict[bytes, str] = {}
        self._tables = tables_of(study, plan)
        self._batch = self._new_batch()
        self._services = ServicesOfRun(store.folder, self._run, plan, request.budget)

    def run(self) -> RunFinished:
        began = time.monotonic()
        self._study.write(self._store.folder)
        listing = find_media(self._study.roots, self._study.limits, lambda text: self._tell(Notice(text)))
        chosen = self._request.selection.apply(listing.found)
        for text in self._plan.notices:
            self._tell(Notice(text))
        self._tell(RunStarted(len(chosen), tuple(self._plan.extractors), self._jobs))
        self._write_provenance()
        self._note_missing(listing.found)
        del listing.found[:]
        running = {name: one for name, one in self._plan.extractors.items() if name not in self._plan.withheld}
        setup = Setup(
            tuple((name, extractor.parameters.to_dict()) for name, extractor in running.items()),
            self._study.pictures,
            self._study.limits,
            self._study.plugins,
            self._request.raise_bugs,
            {name: extractor.model_hash for name, extractor in running.items()},
            chosen_device(),
            self._services.workplace,
        )
        try:
            with Scheduler(setup, self._jobs, self._request.executor, self._request.cancelled) as scheduler:
                self._work(chosen, scheduler)
        finally:
            self._commit()
            current = current_fingerprints(self._study, self._plan)
            self._tell_what_leaves(current)
            compact(self._store, self._tables, current, listing.items)
            self._services.close()
        finished = RunFinished(
            outcomes=dict(self._outcomes),
            rows=self._count_rows(),
            seconds=time.monotonic() - began,
            seconds_by_extractor=dict(self._seconds),
            interrupted=self._request.cancelled.is_set(),
            services=self._services.spending(),
        )
        self._write_provenance(finished)
        self._tell(finished)
        return finished

    def _tell_what_leaves(self, current: Mapping[str, frozenset[str]]) -> None:
        """Say what is no longer true of the study as it is now, and is not measured anew in this run."""
        leaving: Counter[str] = Counter()
        for statuses in self._known_statuses.values():
            for name, fingerprint, status in statuses:
                if name in self._plan.extractors or fingerprint in current.get(name, {fingerprint}):
                    continue
                leaving[name] += status in (*DONE, "partial")
        for name, count in sorted((+leaving).items()):
            files = "1 file" if count == 1 else f"{count:,} files"
            self._tell(
                Notice(
                    f"The rows of {name} leave the study ({files}): they were made with settings, or from rows, "
                    f"that have changed. To measure them anew, add --with {name}."
                )
            )

    def _work(self, chosen: Sequence[Found], scheduler: Scheduler) -> None:
        waiting: list[Task] = []
        answers = identified(chosen, self._known_media, self._study.limits, rehash=self._request.rehash)
        for found, answer in answers:
            if self._request.cancelled.is_set():
                answers.close()  # type: ignore[attr-defined]  # a generator
                break
            task = self._meet(found, answer)
            if task is not None:
                waiting.append(task)
            if len(waiting) >= scheduler.batch_size:
                while scheduler.is_full and not self._request.cancelled.is_set():
                    self._collect(scheduler, 0.2)
                scheduler.submit(self._with_upstream(waiting))
                waiting = []
                self._collect(scheduler, 0.0)
            elif not scheduler.is_idle and not len(self._claimed) % 16:
                self._collect(scheduler, 0.0)
            self._commit_if_due()
        if waiting and not self._request.cancelled.is_set():
            scheduler.submit(self._with_upstream(waiting))
        while not scheduler.is_idle:
            self._collect(scheduler, 0.2)

    def _meet(self, found: Found, answer: Identity | MediumError) -> Task | None:
        """Note what a file is, and make a task of it where there is something to do."""
        self._note_medium(found, answer)
        if isinstance(answer, MediumError):
            self._finish(found.path, "failed", (str(answer),))
            return None
        key = bytes.fromhex(answer.media_id)
        if key in self._claimed:
            if answer.media_id in self._in_work:
                self._copies.setdefault(answer.media_id, []).append(found.path)
            else:
                self._finish(found.path, self._troubled.get(key, "known"))
            return None
        self._claimed.add(key)
        statuses = self._known_statuses.get(key, ())
        decision = decide(self._plan, answer.kind, statuses, retry_failed=self._request.retry_failed)
        marks = self._plan.fingerprints[answer.kind]
        noted = {(name, mark) for name, mark, status in statuses if status == "skipped"}
        for name, reason in decision.skipped.items():
            if (name, marks[name]) not in noted or reason != "not_applicable":
                self._batch.add_status(status_row(answer.media_id, name, marks[name], "skipped", reason))
        if not decision.todo:
            outcome = _outcome(decision, {})
            shared = self._note_outcome(answer.media_id, outcome)
            self._finish(found.path, shared if decision.known else outcome)
            return None
        self._in_work[answer.media_id] = (found.path, decision, marks)
        return Task(found.path, found.location, answer.media_id, answer.kind, tuple(decision.todo))

    def _with_upstream(self, tasks: Sequence[Task]) -> list[Task]:
        """Add the stored rows that the extractors of a task build on."""
        needed = {
            needed
            for task in tasks
            for name in task.extractors
            for needed in self._plan.extractors[name].needs
            if needed not in task.extractors
        }
        if not needed:
            return list(tasks)
        tables = {table.name: table for name in sorted(needed) for table in self._plan.extractors[name].tables}
        wanted = {(name, self._plan.fingerprints[task.kind][name]) for name in needed for task in tasks}
        rows = self._store.rows_of(list(tables.values()), [task.media_id for task in tasks], wanted)
        for task in tasks:
            for table, stored in rows[task.media_id].items():
                # What is made anew in this run must not meet its older self.
                rows[task.media_id][table] = [row for row in stored if row["extractor"] not in task.extractors]
        return [dataclasses.replace(task, upstream=rows[task.media_id]) for task in tasks]

    def _collect(self, scheduler: Scheduler, seconds: float) -> None:
        for result in scheduler.collect(seconds):
            self._take(result)
        for path in scheduler.started():
            self._tell(MediumStarted(path))
        self._commit_if_due()

    def _take(self, result: TaskResult) -> None:
        path, decision, marks = self._in_work.pop(result.media_id)
        if result.unfinished:
            return
        self._batch.add_result(result, marks)
        for name, outcome in result.outcomes.items():
            self._seconds[name] += outcome.seconds
        fresh = {name: (outcome.status, outcome.reason) for name, outcome in result.outcomes.items()}
        messages = dict.fromkeys(failure.error_message for failure in result.failures)
        overall = _outcome(decision, fresh)
        self._finish(path, overall, tuple(messages))
        shared = self._note_outcome(result.media_id, overall)
        for copy in self._copies.pop(result.media_id, ()):
            self._finish(copy, shared)

    def _note_outcome(self, media_id: str, outcome: str) -> str:
        """Remember what became of a file, for the copies of it; those of a good one count as known."""
        if outcome in DONE:
            return "known"
        self._troubled[bytes.fromhex(media_id)] = outcome
        return outcome

    def _note_medium(self, found: Found, answer: Identity | MediumError) -> None:
        known = self._known_media.get(found.path)
        row: dict[str, Any] = {
            "path": found.path,
            "media_id": known.media_id if known else None,
            "bytes": found.bytes,
            "kind": known.kind if known else None,
            "modified": modified_text(found.modified_ns),
            "etag": found.etag,
            "status": "ok",
        }
        if isinstance(answer, MediumError):
            row |= {"status": "failed", "error_type": type(answer).__name__}
            row |= {"error_message": answer.message, "remedy": answer.remedy or None}
        else:
            row |= {"media_id": answer.media_id, "kind": str(answer.kind), "bytes": answer.bytes}
        now = KnownMedium(row["media_id"], row["kind"], row["bytes"], row["modified"], row["etag"], row["status"])
        if now != known or now.status != "ok":
            self._batch.add_medium(row)

    def _note_missing(self, found: Sequence[Found]) -> None:
        """Note the files that earlier runs found and that are gone; their rows are kept."""
        if not self._known_media:
            return
        there = {one.path for one in found}
        for path, known in self._known_media.items():
            if path not in there and known.status != "missing":
                row = {name: getattr(known, name) for name in ("media_id", "kind", "bytes", "modified", "etag")}
                self._batch.add_medium({"path": path, **row, "status": "missing"})

    def _finish(self, path: str, outcome: str, messages: tuple[str, ...] = ()) -> None:
        self._outcomes[outcome] += 1
        self._tell(MediumFinished(path, outcome, messages))

    def _new_batch(self) -> OpenBatch:
        return OpenBatch(schemas_of(self._tables), self._run, self._request.commit_seconds)

    def _commit_if_due(self) -> None:
        if self._batch.is_due:
            self._commit()

    def _commit(self) -> None:
        if self._batch.is_empty:
            return
        batch, self._batch = self._batch, self._new_batch()
        rows = self._store.commit(batch)
        self._tell(BatchCommitted(sum(self._outcomes.values()), rows))

    def _count_rows(self) -> dict[str, int]:
        import pyarrow.parquet as pq

        files = sorted((self._store.folder / "tables").glob("*.parquet"))
        return {path.stem: pq.read_metadata(path).num_rows for path in files}

    def _write_provenance(self, finished: RunFinished | None = None) -> None:
        """Write what the run is when it begins, and what became of it when it ends."""
        seed = self._request.selection.seed if self._request.selection.sample is not None else None
        description = describe_run(self._run, self._started, self._plan, self._study, self._jobs, seed)
        if finished is not None:
            description["finished"] = datetime.datetime.now(datetime.UTC).isoformat()
            description["interrupted"] = finished.interrupted
            description["counts"] = dict(finished.outcomes)
            description["rows"] = dict(finished.rows)
            description["services"] = {name: dataclasses.asdict(one) for name, one in finished.services.items()}
            description["seconds_by_extractor"] = dict(finished.seconds_by_extractor)
        write_provenance(self._store.folder, description)

    def _tell(self, event: Event) -> None:
        self._request.listen(event)


def _outcome(decision: Decision, fresh: Mapping[str, tuple[str, str | None]]) -> str:
    """Say in one word what became of a file, from this run and the ones before."""
    statuses: dict[str, tuple[str, str | None]] = {name: (status, None) for name, status in decision.known.items()}
    statuses |= {name: ("skipped", reason) for name, reason in decision.skipped.items()}
    return overall_outcome({**statuses, **fresh})
