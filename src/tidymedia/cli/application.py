"""The application: its commands, and how errors become messages and exit codes."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer import exceptions
from typer.core import TyperGroup

from tidymedia.cli.exit_codes import ExitCode
from tidymedia.errors import InterruptedRunError, TidymediaError

__all__ = ["application", "run_application"]

_EXAMPLES = """
[bold]Examples[/bold]

  tidymedia analyze photos                          what there is, colours and hashes, into the folder study

  tidymedia analyze scans -o press --with ocr --set ocr.lang=eng+deu

  tidymedia analyze posts.csv --path-column image   one row a post in the summary

  tidymedia status press                            what failed, why, and what to do

  tidymedia export press tables.xlsx --wide         one row a file, for Excel

Exit codes: 0 all is well, 1 wrong command or not available, 2 nothing could be analysed, 3 some files failed, 130 interrupted.
"""

_COMMANDS = ("analyze", "reading", "listing", "doctor", "demo")


class _Group(TyperGroup):
    """Commands in the order in which one needs them."""


application = typer.Typer(
    cls=_Group,
    name="tidymedia",
    help="A folder, a bucket or a table of posts with images, documents, sound and video in; tidy tables out.",
    epilog=_EXAMPLES,
    rich_markup_mode="rich",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
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


for _name in _COMMANDS:
    importlib.import_module(f"tidymedia.cli.{_name}").add_to(application)


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
    command = typer.main.get_command(application)
    try:
        code = command.main(args=None if arguments is None else list(arguments), standalone_mode=False)
    except InterruptedRunError as error:
        _complain(error)
        return ExitCode.INTERRUPTED
    except TidymediaError as error:
        _complain(error)
        return ExitCode.USAGE
    except (KeyboardInterrupt, exceptions.Abort, typer.Abort):
        return ExitCode.INTERRUPTED
    except (exceptions.Exit, typer.Exit) as leaving:
        return leaving.exit_code
    except BrokenPipeError:
        return ExitCode.OK  # the reader of our output, such as head, has seen enough
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        _complain_usage(error)
        return ExitCode.USAGE
    return code if isinstance(code, int) else ExitCode.OK


def _complain(error: TidymediaError) -> None:
    print(f"tidymedia: {error.message}", file=sys.stderr)  # noqa: T201  # the message of the command line
    if error.remedy:
        print(f"           {error.remedy}", file=sys.stderr)  # noqa: T201


def _complain_usage(error: Exception) -> None:
    """Show what was wrong with the words of a command, and where its help is."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "tidymedia"
    message = error.format_message() if hasattr(error, "format_message") else str(error)
    if message:
        print(f"tidymedia: {message}", file=sys.stderr)  # noqa: T201
    print(f"           See: {path} --help", file=sys.stderr)  # noqa: T201
