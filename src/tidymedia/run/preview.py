"""What a run would do, without doing it; and small pictures to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from tidymedia.errors import MediumError, UsageError
from tidymedia.media.archive_reader import close_archives
from tidymedia.media.finding import find_media
from tidymedia.media.kinds import Kind
from tidymedia.media.locations import RemoteFile
from tidymedia.media.selection import Selection
from tidymedia.run.child_process import shut_down
from tidymedia.run.decisions import decide
from tidymedia.run.guard import run_task
from tidymedia.run.identification import identified
from tidymedia.run.plan import Plan
from tidymedia.run.services_of_run import services_of
from tidymedia.run.store import Store
from tidymedia.run.study_file import StudyFile
from tidymedia.run.task import Setup, Task
from tidymedia.services.consent import has_consent
from tidymedia.services.estimates import Estimate, estimate

__all__ = ["DryRun", "dry_run", "make_thumbnails"]


@dataclass(slots=True)
class DryRun:
    """What a run would do.

    Parameters
    ----------
    kinds : Counter of str
        Number of files by kind; ``unread`` for those of a server, which are not fetched for a dry run.
    unreadable : list of str
        What is wrong with the files that cannot be read.
    todo : Counter of str
        Number of media by extractor that would run.
    done : Counter of str
        Number of media by extractor that an earlier run did.
    notices : list of str
        What the user should know.
    services : dict of str to Estimate
        What would be asked of services, and what it would cost at most.
    """

    kinds: Counter[str] = field(default_factory=Counter)
    unreadable: list[str] = field(default_factory=list)
    todo: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    notices: list[str] = field(default_factory=list)
    services: dict[str, Estimate] = field(default_factory=dict)


def dry_run(folder: Path, study: StudyFile, plan: Plan, selection: Selection, *, retry_failed: bool = False) -> DryRun:
    """Find out what a run would do; nothing is analysed and nothing is written.

    Parameters
    ----------
    folder : pathlib.Path
        The study, which need not exist.
    study : StudyFile
        Its roots and settings.
    plan : Plan
        The extractors.
    selection : Selection
        Which files.
    retry_failed : bool, default False
        Whether what failed would be tried again.

    Returns
    -------
    DryRun
        Counts.
    """
    result = DryRun(notices=list(plan.notices))
    store = Store(folder)
    statuses = store.known_statuses()
    known = store.known_media()
    chosen = selection.apply(find_media(study.roots, study.limits, result.notices.append).found)
    near = [found for found in chosen if not isinstance(found.location, RemoteFile)]
    if len(near) < len(chosen):
        result.kinds["unread"] = len(chosen) - len(near)
    services = services_of(plan)
    counted = _counted_pictures(folder) if services else {}
    pictures: Counter[str] = Counter()
    uncounted: Counter[str] = Counter()
    met: set[str] = set()
    for found, answer in identified(near, known, study.limits):
        if isinstance(answer, MediumError):
            result.unreadable.append(f"{found.path}: {answer}")
            continue
        result.kinds[str(answer.kind)] += 1
        if answer.media_id in met:
            continue
        met.add(answer.media_id)
        earlier = statuses.get(bytes.fromhex(answer.media_id), ())
        decision = decide(plan, answer.kind, earlier, retry_failed=retry_failed)
        result.todo.update(decision.todo)
        result.done.update(decision.known.keys())
        if services:
            number = counted.get(answer.media_id, 1 if answer.kind in (Kind.IMAGE, Kind.VECTOR) else 0)
            for name in services.keys() & set(decision.todo):
                pictures[name] += number
                uncounted[name] += not number
    for name, extractor in services.items():
        agreed = has_consent(extractor, study.consents)
        result.services[name] = estimate(
            extractor, agreed=agreed, pictures=pictures[name], uncounted=uncounted[name] + result.kinds["unread"]
        )
    return result


def _counted_pictures(folder: Path) -> dict[str, int]:
    """Return how many pictures media have, by media_id, as far as an earlier run counted them."""
    import pyarrow.parquet as pq

    path = folder / "tables" / "pictures.parquet"
    if not path.is_file():
        return {}
    last = pq.read_table(path, columns=["media_id", "picture"]).group_by("media_id").aggregate([("picture", "max")])
    numbers = zip(last["media_id"].to_pylist(), last["picture_max"].to_pylist(), strict=True)
    return {media_id: picture + 1 for media_id, picture in numbers}


def make_thumbnails(
    study: StudyFile,
    wanted: Sequence[tuple[str, str, str]],
    side: int = 200,
    numbers: Mapping[str, Sequence[int]] | None = None,
) -> Mapping[str, bytes]:
    """Make small JPEG pictures of media, guarded like any other work.

    Parameters
    ----------
    study : StudyFile
        The study.
    wanted : sequence of (str, str, str)
        Path, media_id and kind of each medium.
    side : int, default 200
        Longest side in pixels.
    numbers : mapping of str to sequence of int, or None, default None
        Which pictures of a medium, by its media_id; of others, the first one. Media are read up to the last picture
        that is asked for.

    Returns
    -------
    mapping of str to bytes
        JPEG files by the ``unit_id`` of their picture; media that are gone or cannot be shown are left out.
    """
    import base64

    try:
        locations = {found.path: found.location for found in find_media(study.roots, study.limits).found}
    except UsageError:  # a folder of the media is gone; its tables are still there
        return {}
    asked = {media_id: tuple(sorted(set(given))) for media_id, given in (numbers or {}).items()}
    made: dict[str, bytes] = {}

    def which(one: tuple[str, str, str]) -> tuple[int, ...]:
        return asked.get(one[1], (0,))

    for these, media in groupby(sorted(wanted, key=which), key=which):
        setup = Setup((("thumbnails", {"side": side, "numbers": these}),), study.pictures, study.limits)
        for path, media_id, kind in media:
            if path not in locations or not these:
                continue
            result = run_task(setup, Task(path, locations[path], media_id, Kind(kind), ("thumbnails",)))
            for row in result.rows.get("thumbnails", []):
                made[row["unit_id"]] = base64.b64decode(row["jpeg"])
        if these != (0,):
            shut_down()  # a child serves one set-up, and would wait for ever for another file that wants the same
    close_archives()
    return made
