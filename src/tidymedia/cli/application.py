"""The application: its commands, and how errors become messages and exit codes."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import exceptions
from typer.core import TyperGroup

from tidymedia.cli.command_names import COMMANDS
from tidymedia.cli.examples import examples
from tidymedia.cli.exit_codes import ExitCode
from tidymedia.errors import InterruptedRunError, TidymediaError

__all__ = ["application", "run_application"]

_EPILOG = (
    examples(
        ("tidymedia analyze photos", "into the folder study"),
        ("tidymedia analyze scans -o press --with ocr", "text in pictures"),
        ("tidymedia status press", "what failed, and why"),
        ("tidymedia export press files.csv --wide", "one row a file"),
    )
    + """

\b
Exit codes:
  0    all is well
  1    the command was wrong, or something asked for is not available
  2    nothing could be analysed
  3    finished, but some files failed, wholly or in part
  130  interrupted"""
)


class _Commands(TyperGroup):
    """The commands; a command is imported when it is used, so that help comes at once."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Load a command."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        holder = typer.Typer(rich_markup_mode=None, add_completion=False)
        importlib.import_module(f"tidymedia.cli.{place.module}").add_to(holder)
        return typer.main.get_group(holder).commands[cmd_name]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.summary) for name, place in COMMANDS.items()])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that was named, or say which one may be meant."""
        name = args[0]
        if name in COMMANDS or name.startswith("-"):
            return super().resolve_command(ctx, args)
        from difflib import get_close_matches

        if near := get_close_matches(name, COMMANDS):
            ctx.fail(f"There is no command {name}. Did you mean {near[0]}?")
        if Path(name).exists():
            from tidymedia.cli.wording import quoted

            ctx.fail(f"{name} is no command. Did you mean: tidymedia analyze {quoted(name)}?")
        return ctx.fail(f"There is no command {name}. There are: {', '.join(COMMANDS)}.")


application = typer.Typer(
    cls=_Commands,
    name="tidymedia",
    help="A folder, a bucket or a table of posts with images, documents, sound and video in; tidy tables out.",
    epilog=_EPILOG,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(version("tidymedia"))
        raise typer.Exit


@application.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Take the options that come before a command."""


def run_application(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : sequence of str or None, default None
        What was typed; None for that of this process.

    Returns
    -------
    int
        Its exit code.
    """
    words = sys.argv[1:] if arguments is None else list(arguments)
    if not words:
        with contextlib.redirect_stdout(sys.stderr):  # no data was asked for
            run_application(["--help"])
        return ExitCode.USAGE
    command: Any = typer.main.get_command(application)
    try:
        with command.make_context("tidymedia", list(words)) as context:
            command.invoke(context)
        sys.stdout.flush()
    except InterruptedRunError as error:
        _complain(error.message, error.remedy)
        return ExitCode.INTERRUPTED
    except TidymediaError as error:
        _complain(error.message, error.remedy)
        return ExitCode.USAGE
    except KeyboardInterrupt:
        _complain("Interrupted.")
        return ExitCode.INTERRUPTED
    except exceptions.Exit as leaving:
        return leaving.exit_code
    except exceptions.TyperException as error:
        _complain_usage(error, words)
        return ExitCode.USAGE
    except BrokenPipeError:
        _stop_writing()
    except OSError as error:  # no permission, no such drive, no space left: nothing that a traceback explains
        place = f"{error.filename}: " if error.filename is not None else ""
        _complain(f"{place}{error.strerror or error}.", "Check the path, its permissions and the free space.")
        return ExitCode.USAGE
    return ExitCode.OK


def _stop_writing() -> None:
    """Write nothing more: the reader of our output, such as head, has seen enough."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _complain(message: str, remedy: str = "") -> None:
    print(f"tidymedia: {message}", file=sys.stderr)  # noqa: T201  # the message of the command line
    if remedy:
        print(f"           {remedy}", file=sys.stderr)  # noqa: T201


def _complain_usage(error: exceptions.TyperException, words: Sequence[str]) -> None:
    """Show what was wrong with the words of a command, and where its help is."""
    path = f"tidymedia {words[0]}" if words[0] in COMMANDS else "tidymedia"
    message = error.format_message()
    for noise in ("Value error, ", ", unable to parse string as an integer"):
        message = message.replace(noise, "")
    if option := getattr(error, "option_name", None):
        near = getattr(error, "possibilities", None)
        if near is not None or message.startswith("No such option"):
            likely = [name for name in near or () if name.startswith(option)] or near
            message = f"There is no option {option}." + (f" Did you mean {' or '.join(likely)}?" if likely else "")
    _complain(" ".join(message.split()), f"See: {path} --help")
