"""Study: the object that users hold. Media in, tidy tables out."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path

from tidymedia.errors import InterruptedRunError, StudyError, UsageError
from tidymedia.extractors.registry import register_plugins
from tidymedia.media.roots import make_roots
from tidymedia.media.selection import Selection
from tidymedia.run.asking import plan_for
from tidymedia.run.driver import RunRequest, run
from tidymedia.run.events import Listener, RunFinished, ignore_events
from tidymedia.run.plan import Plan
from tidymedia.run.preview import DryRun, dry_run
from tidymedia.run.services_of_run import check_budget, purge_raw, with_consents
from tidymedia.run.study_file import StudyFile, changed
from tidymedia.services.estimates import Estimate
from tidymedia.study_findings import StudyFindings

__all__ = ["Study"]

Parameters = Mapping[str, object]


class Study(StudyFindings):
    """A folder of results: what was found, what was measured, what failed and why.

    Parameters
    ----------
    folder : str or pathlib.Path, default "study"
        Where the results are or will be.
    media : str, pathlib.Path or sequence of these, default ()
        Folders, files, archives, addresses or tables of posts to add to the study. A study keeps its media:
        open it again without them.
    path_column, url_column : str or None, default None
        The columns of a table of posts that name its media.
    pictures : mapping of str to object or None, default None
        Changes to the picture settings, such as ``{"video": "1s"}``; see :class:`tidymedia.PictureSettings`.
    limits : mapping of str to object or None, default None
        Changes to the limits, such as ``{"pages": 50}``; see :class:`tidymedia.Limits`.
    plugins : sequence of str or pathlib.Path, default ()
        Python files that define extractors.

    Raises
    ------
    UsageError
        Where an input does not exist, or a setting has no such name or value.

    Examples
    --------
    >>> import tempfile
    >>> from PIL import Image
    >>> folder = tempfile.TemporaryDirectory()
    >>> Image.new("RGB", (60, 40), "red").save(f"{folder.name}/red.png")
    >>> study = Study(f"{folder.name}/results", media=f"{folder.name}/red.png").analyze(["pixels"])
    >>> study.table("pixels")[["path", "color_1_name"]].values.tolist()
    [['red.png', 'red']]
    >>> folder.cleanup()
    """

    def __init__(
        self,
        folder: str | Path = "study",
        media: str | Path | Sequence[str | Path] = (),
        *,
        path_column: str | None = None,
        url_column: str | None = None,
        pictures: Parameters | None = None,
        limits: Parameters | None = None,
        plugins: Sequence[str | Path] = (),
    ) -> None:
        self.folder = Path(folder)
        if self.folder.is_file():
            raise StudyError(f"{self.folder} is a file, not the folder of a study.", "Name another folder.")
        given = [media] if isinstance(media, (str, Path)) else list(media)
        self._file = StudyFile.read(self.folder)
        new_plugins = [str(Path(plugin).resolve()) for plugin in plugins]
        self._file = dataclasses.replace(
            self._file,
            roots=tuple(make_roots(given, path_column, url_column, self._file.roots)),
            pictures=changed(self._file.pictures, pictures or {}, "pictures"),
            limits=changed(self._file.limits, limits or {}, "limits"),
            plugins=tuple(dict.fromkeys([*self._file.plugins, *new_plugins])),
        )
        # What was measured can be read where a plug-in is gone; a new run is refused.
        register_plugins(name for name in self._file.plugins if name in new_plugins or Path(name).is_file())
        self.last_run: RunFinished | None = None
        """What became of the files in the last run of this object; None before it."""

    def analyze(
        self,
        extractors: Sequence[str] | None = None,
        *,
        without: Sequence[str] = (),
        parameters: Parameters | None = None,
        jobs: int = 0,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        limit: int | None = None,
        sample: int | None = None,
        seed: int = 0,
        retry_failed: bool = False,
        rehash: bool = False,
        stop_at_bugs: bool = False,
        consent: Sequence[str] = (),
        budget: float | None = None,
        ask: Callable[[Estimate], bool] | None = None,
        executor: Executor | None = None,
        cancel: threading.Event | None = None,
        listen: Listener = ignore_events,
    ) -> Study:
        """Analyse the media; what an earlier run did is not done again.

        Parameters
        ----------
        extractors : sequence of str or None, default None
            Names of extractors; None for those that the study has, or ``metadata``, ``pixels`` and ``hashes``
            for a new one.
        without : sequence of str, default ()
            Names to leave out.
        parameters : mapping of str to object or None, default None
            Parameters of extractors, picture settings and limits, such as ``{"ocr.lang": "eng+deu", "pictures.video":
            "1s"}``; they are kept in the study.
        jobs : int, default 0
            Number of child processes; 0 for one a core.
        include, exclude : sequence of str, default ()
            Patterns of paths, such as ``"*.jpg"`` or ``"2024/**"``.
        limit : int or None, default None
            At most so many files, the first ones.
        sample : int or None, default None
            So many files at random.
        seed : int, default 0
            Another seed draws another sample.
        retry_failed : bool, default False
            Whether to try again what failed, wholly or in part.
        rehash : bool, default False
            Whether to read every file again, also where size and time say that it is unchanged.
        stop_at_bugs : bool, default False
            Whether an unexpected error of an extractor ends the run instead of becoming a row of ``failures``.
        consent : sequence of str, default ()
            Names of extractors that may send media to the services that they ask. The study keeps it, for the same
            service at the same address. Without it nothing is sent, and their status is ``skipped``, ``no_consent``.
        budget : float or None, default None
            How many US dollars the run may spend on each service, by the table of prices; None for no limit. Files
            for which nothing is left are ``skipped``, ``budget``, and a later run does them.
        ask : callable or None, default None
            Asked about each service that has no consent yet, with what is sent, to whom, how many requests and at
            what cost; returns whether the user agrees. None asks nobody.
        executor : concurrent.futures.Executor or None, default None
            Where the work is done, such as ``distributed.Client(...).get_executor()``; None for this machine.
        cancel : threading.Event or None, default None
            Set it to stop the run: what is in work is finished and kept.
        listen : callable, default does nothing
            Takes the events of the run; see :mod:`tidymedia.run.events`.

        Returns
        -------
        Study
            The study itself.

        Raises
        ------
        UsageError
            Where something asked for is unknown or not installed; nothing was analysed then.
        RefusedError
            Where a service refuses the credentials; what was finished is in the tables.
        InterruptedRunError
            Where the run was stopped; what was finished is in the tables.
        """
        selection = Selection(tuple(include), tuple(exclude), limit, sample, seed)
        file, plan = self._plan(extractors, without, parameters)
        file, plan = with_consents(
            file,
            plan,
            consent,
            ask,
            lambda: dry_run(self.folder, file, plan, selection, retry_failed=retry_failed).services,
        )
        check_budget(plan, budget)
        self._file = file
        self.folder.mkdir(parents=True, exist_ok=True)
        request = RunRequest(
            selection,
            jobs,
            retry_failed,
            rehash,
            stop_at_bugs,
            executor,
            cancel or threading.Event(),
            listen,
            budget,
        )
        self.last_run = run(self.folder, self._file, plan, request)
        self.write_codebook()
        if self.last_run.interrupted:
            raise InterruptedRunError("The run was stopped.", "Run the same again: it goes on where it stopped.")
        return self

    def dry_run(
        self,
        extractors: Sequence[str] | None = None,
        *,
        without: Sequence[str] = (),
        parameters: Parameters | None = None,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        limit: int | None = None,
        sample: int | None = None,
        seed: int = 0,
        retry_failed: bool = False,
    ) -> DryRun:
        """Say what :meth:`analyze` would do with the same arguments, without doing it.

        Parameters
        ----------
        extractors : sequence of str or None, default None
            Names of extractors; None for those that the study has, or the default set for a new one.
        without : sequence of str, default ()
            Names to leave out.
        parameters : mapping of str to object or None, default None
            Parameters of extractors; they are not kept.
        include, exclude : sequence of str, default ()
            Patterns of paths.
        limit : int or None, default None
            At most so many files.
        sample : int or None, default None
            So many files at random.
        seed : int, default 0
            Another seed draws another sample.
        retry_failed : bool, default False
            Whether what failed would be tried again.

        Returns
        -------
        DryRun
            Numbers of files by kind, and of media by extractor to run.
        """
        selection = Selection(tuple(include), tuple(exclude), limit, sample, seed)
        file, plan = self._plan(extractors, without, parameters)
        return dry_run(self.folder, file, plan, selection, retry_failed=retry_failed)

    def purge(self, *, raw: bool = False) -> tuple[int, int]:
        """Delete the raw answers of services; tables, statuses and provenance stay.

        A later run that needs an answer again asks, and pays, again.

        Parameters
        ----------
        raw : bool, default False
            Whether to delete them; it must be said.

        Returns
        -------
        tuple of (int, int)
            How many answers were deleted, and how many bytes.

        Raises
        ------
        UsageError
            Where nothing to delete is named, or a run is at work.
        """
        if not raw:
            raise UsageError("Nothing to delete is named.", "Name it: --raw, or in Python raw=True.")
        return purge_raw(self.folder)

    def _plan(
        self, asked: Sequence[str] | None, without: Sequence[str], parameters: Parameters | None
    ) -> tuple[StudyFile, Plan]:
        """Make the plan of a run, and the study as it would be with it."""
        gone = [name for name in self._file.plugins if not Path(name).is_file()]
        if gone:
            raise UsageError(
                f"There is no plug-in file {gone[0]}.",
                f"Put it back, or take it and its extractors out of {self.folder / 'study.toml'}.",
            )
        planned = plan_for(self._file, asked, without, parameters or {})
        self._check_media()
        return planned

    def _check_media(self) -> None:
        if not self._file.roots:
            raise UsageError(
                f"The study {self.folder} has no media yet.", "Name a folder, files, an address or a table of posts."
            )
        here = self.folder.resolve()
        if any(root.kind == "folder" and Path(root.location).resolve() == here for root in self._file.roots):
            raise UsageError(
                f"{self.folder} holds the media; it cannot be the study as well.",
                f"Name another folder for the results, such as {self.folder / 'study'}.",
            )

    def __repr__(self) -> str:
        return f"Study({str(self.folder)!r})"

    def _repr_html_(self) -> str:
        """Show the study in a notebook, with thumbnails."""
        from tidymedia.report.notebook import notebook_view

        return notebook_view(self.folder, self._file)
