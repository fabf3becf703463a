"""The bar on a terminal: how far, how fast, how long yet, what failed, which file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.constrain import Constrain
from rich.measure import Measurement
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.table import Column
from rich.text import Text

from tidymedia.cli.wording import duration, shortened

__all__ = ["make_progress"]


def make_progress(console: Console, is_stopping: Callable[[], bool]) -> Progress:
    """Make a bar that fits the terminal.

    Parameters
    ----------
    console : rich.console.Console
        The terminal.
    is_stopping : callable
        Says whether the run was asked to stop.

    Returns
    -------
    rich.progress.Progress
        Not started yet. Its tasks have the fields ``failed`` (int) and ``current`` (str).
    """
    return _Bar(
        BarColumn(bar_width=16),
        MofNCompleteColumn(),
        _Rate(),
        _Left(),
        TextColumn("{task.fields[failed]}", style="red", table_column=Column(no_wrap=True)),
        _Current(is_stopping),
        console=console,
        transient=True,
        expand=True,
        refresh_per_second=5,
        speed_estimate_period=60,
    )


class _Bar(Progress):
    """A bar that leaves room at its end: what a terminal echoes there, such as ^C, must not begin a new line."""

    def get_renderables(self) -> Iterator[RenderableType]:
        yield _Narrower(self.make_tasks_table(self.tasks))


class _Narrower:
    def __init__(self, renderable: RenderableType) -> None:
        self._renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Constrain(self._renderable, options.max_width - 4)


class _Rate(ProgressColumn):
    def get_default_table_column(self) -> Column:
        return Column(no_wrap=True)

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        if not speed:
            return Text("")
        return Text(f"{speed:,.0f}/s" if speed >= 10 else f"{speed:.1f}/s")


class _Left(ProgressColumn):
    def get_default_table_column(self) -> Column:
        return Column(no_wrap=True)

    def render(self, task: Task) -> Text:
        left = task.time_remaining
        return Text(f"{duration(max(1.0, round(left)))} left".replace(".0", "") if left else "", style="cyan")


class _Current(ProgressColumn):
    """The file in work, cut to what the terminal has left."""

    def __init__(self, is_stopping: Callable[[], bool]) -> None:
        super().__init__(Column(ratio=1, no_wrap=True))
        self._is_stopping = is_stopping

    def render(self, task: Task) -> _Fitted:
        if self._is_stopping():
            return _Fitted("stopping …", "yellow")
        return _Fitted("writing the tables …" if task.finished else str(task.fields["current"]), "dim")


class _Fitted:
    """A path that is as long as its place allows."""

    def __init__(self, path: str, style: str) -> None:
        self._path, self._style = path, style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(shortened(self._path, options.max_width), style=self._style, no_wrap=True, end="")

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement(4, options.max_width)
