"""``tidymedia models``: which networks there are, fetch one of the hub, check their files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from tidymedia.cli.examples import examples
from tidymedia.cli.exit_codes import ExitCode
from tidymedia.cli.output import OutputFormat, note, print_frame, print_line
from tidymedia.cli.wrapped_list import wrapped, wrapped_list

if TYPE_CHECKING:
    from tidymedia.models.catalogue import CatalogueEntry
    from tidymedia.models.model import Model

__all__ = ["add_to"]

_Form = Annotated[OutputFormat, typer.Option("--format", help="How to print the list.")]


class _ModelCommands(TyperGroup):
    """The commands of ``models``; what is none of them is the name of a network to show."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that was named."""
        if args[0] in self.commands or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        return "show", self.commands["show"], args


_group = typer.Typer(cls=_ModelCommands, rich_markup_mode=None, add_completion=False)


def models(context: typer.Context, form: _Form = "table") -> None:
    """List the networks on this machine: what each is for, its size, licence and revision."""
    if context.invoked_subcommand is not None:
        return
    import pandas as pd

    from tidymedia.models.catalogue import catalogue

    entries = catalogue()
    if form == "table" or (form == "auto" and sys.stdout.isatty()):
        for line in wrapped_list([(entry.name, [_described(entry)]) for entry in entries]):
            print_line(line)
        for line in ("", "One of them: tidymedia models NAME", "One of the hub: tidymedia models fetch owner/name"):
            print_line(line)
        return
    frame = pd.DataFrame([entry._asdict() for entry in entries])
    print_frame(frame.assign(place=frame["place"].astype(str)), form)


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A network on this machine: its name, or owner/name.")],
) -> None:
    """Show one network: where it comes from, its licence, what to cite, where it is weak."""
    import difflib

    from tidymedia.errors import UsageError
    from tidymedia.models.bundled import BUNDLED
    from tidymedia.models.catalogue import catalogue

    entries = [entry for entry in catalogue() if name in (entry.name, f"{entry.name}@{entry.revision}")]
    if not entries:
        known = [*BUNDLED, "fetch", "verify"]
        near = difflib.get_close_matches(name, known, 1)
        remedy = f"Did you mean {near[0]}?" if near else "See them all with: tidymedia models"
        if name.count("/") == 1:
            remedy = f"Fetch it with: tidymedia models fetch {name}"
        raise UsageError(f"There is no network {name} on this machine.", remedy)
    for entry in entries:
        for line in _details(entry, BUNDLED.get(entry.name)):
            print_line(line)


def fetch(
    name: Annotated[str, typer.Argument(metavar="OWNER/NAME", help="A model of the Hugging Face hub.")],
    revision: Annotated[
        str | None,
        typer.Option(
            metavar="COMMIT", help="A commit, a tag or a branch; main where none is given.", show_default=False
        ),
    ] = None,
) -> None:
    """Fetch a model of the hub once, for work without a network connection."""
    from tidymedia.models.fetching import fetch_model
    from tidymedia.report.wording import size

    def tell(size_bytes: int, folder: Path) -> None:
        note(f"Fetching {name}, {size(size_bytes)} at most, into {folder}")

    found = fetch_model(name, revision, tell=tell)
    print_line(str(found.folder))
    note(f"Name it as: model={found.name}@{found.revision}")


def verify() -> None:
    """Compare the files of all networks with their digests; exit code 1 where one is another."""
    from tidymedia.models.catalogue import check_models

    wrong = 0
    for check in check_models():
        print_line(f"{'wrong' if check.fault else 'ok':<6} {check.name}")
        if check.fault:
            wrong += 1
            for line in (*wrapped(check.fault, "       "), *wrapped(f"→ {check.remedy}", "       ")):
                print_line(line)
    if wrong:
        raise typer.Exit(ExitCode.USAGE)


def _described(entry: CatalogueEntry) -> str:
    from tidymedia.report.wording import size

    origin = {"bundled": "comes with tidymedia", "packages": "from Python packages"}.get(entry.origin, "of the hub")
    parts = [
        f"For {entry.task}" if entry.task else "For nothing that tidymedia does",
        size(entry.bytes),
        entry.licence or "its page names no licence",
        f"{origin}, revision {entry.revision}",
    ]
    return "; ".join(parts) + "."


def _details(entry: CatalogueEntry, model: Model | None) -> list[str]:
    from tidymedia.report.wording import size

    facts = [
        ("for", entry.task or "nothing that tidymedia does"),
        ("revision", entry.revision),
        ("licence", entry.licence or "its page names none"),
        ("size", size(entry.bytes)),
        ("place", str(entry.place)),
    ]
    if entry.origin == "packages":
        facts += [
            ("source", "\n".join(_package_facts(entry.name))),
            ("weak at", "See what the extractor transcripts says of itself: tidymedia extractors transcripts"),
        ]
    elif model is None:
        facts += [
            ("source", f"https://huggingface.co/{entry.name}/tree/{entry.revision}"),
            ("weak at", "Read its page: what it was trained on, what it is for, where it fails."),
        ]
    else:
        facts += [
            ("source", str(model.source)),
            ("SHA-256", model.sha256),
            ("takes", str(model.input)),
            ("gives", "\n".join(model.outputs)),
            ("cite", model.citation),
            ("weak at", model.caveat),
        ]
    listed = [(topic, text.splitlines()) for topic, text in facts]
    return [f"{entry.name}", *wrapped_list(listed)]


def _package_facts(name: str) -> list[str]:
    from tidymedia.models.whisper_packages import WHISPER_PACKAGES

    found = next(one for one in WHISPER_PACKAGES.values() if one.name == name)
    return [f"PyPI: {', '.join(found.packages)}", f"These name as their source: {found.source}"]


def add_to(application: typer.Typer) -> None:
    """Add the command to the application."""
    _group.callback(
        invoke_without_command=True,
        epilog=examples(
            "tidymedia models",
            ("tidymedia models nanodet", "its licence, source and weakness"),
            ("tidymedia models fetch facebook/dinov2-small", "once, while online"),
            ("tidymedia models fetch Systran/faster-whisper-small", "Whisper"),
            ("tidymedia models verify", "are their files whole?"),
        ),
    )(models)
    _group.command("show", short_help="Show one network.", epilog=examples("tidymedia models show nanodet"))(show)
    _group.command(
        "fetch",
        short_help="Fetch a model of the hub.",
        epilog=examples(
            "tidymedia models fetch facebook/dinov2-small", "tidymedia models fetch owner/name --revision v2"
        ),
    )(fetch)
    _group.command(
        "verify", short_help="Compare all files with their digests.", epilog=examples("tidymedia models verify")
    )(verify)
    application.add_typer(_group, name="models")
