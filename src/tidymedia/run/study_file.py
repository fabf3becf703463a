"""``study.toml``: all that is needed to run a study again."""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import tomli_w

from tidymedia.errors import SettingError, StudyError
from tidymedia.media.finding import Root
from tidymedia.media.sampling import parse_sampling
from tidymedia.media.settings import Limits, PictureSettings
from tidymedia.services.consent import Consent

__all__ = ["StudyFile", "changed"]

Settings = TypeVar("Settings", PictureSettings, Limits)
NAME = "study.toml"
_FORMAT = 1


@dataclass(frozen=True)
class StudyFile:
    """What a study is made of.

    Parameters
    ----------
    roots : tuple of Root
        Where its media are.
    pictures : PictureSettings
        How media become pictures.
    limits : Limits
        How large media may be.
    extractors : mapping of str to mapping
        Parameters by extractor, for every extractor that was run.
    plugins : tuple of str
        Plug-in files that define extractors.
    consents : tuple of Consent
        What may be sent to whom.
    """

    roots: tuple[Root, ...] = ()
    pictures: PictureSettings = field(default_factory=PictureSettings)
    limits: Limits = field(default_factory=Limits)
    extractors: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    plugins: tuple[str, ...] = ()
    consents: tuple[Consent, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> StudyFile:
        """Read the file of a study; a study that is new has an empty one.

        Parameters
        ----------
        folder : pathlib.Path
            The study.

        Returns
        -------
        StudyFile
            What it says.

        Raises
        ------
        StudyError
            Where it cannot be read, or was written by a newer version.
        SettingError
            Where it names a setting that there is not.
        """
        path = folder / NAME
        if not path.is_file():
            return cls()
        try:
            plain = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise StudyError(f"{path} cannot be read: {error}.", "Mend it in a text editor.") from error
        if plain.get("format", _FORMAT) > _FORMAT:
            raise StudyError(f"{path} was written by a newer tidymedia.", "Update with: pip install -U tidymedia.")
        roots = [Root.from_dict(_rebased(root, folder.resolve())) for root in plain.get("media", [])]
        return cls(
            tuple(roots),
            changed(PictureSettings(), plain.get("pictures", {}), "pictures"),
            changed(Limits(), plain.get("limits", {}), "limits"),
            plain.get("extractors", {}),
            tuple(str((folder / plugin).resolve()) for plugin in plain.get("plugins", [])),
            tuple(Consent.from_dict(entry) for entry in plain.get("consent", [])),
        )

    def write(self, folder: Path) -> None:
        """Write the file of a study; places on the same disk are written relative to it.

        Parameters
        ----------
        folder : pathlib.Path
            The study.
        """
        base = folder.resolve()
        plain: dict[str, Any] = {"format": _FORMAT, "plugins": [_relative(plugin, base) for plugin in self.plugins]}
        plain["media"] = [_made_relative(root.to_dict(), base) for root in self.roots]
        plain["pictures"] = dataclasses.asdict(self.pictures)
        plain["limits"] = dataclasses.asdict(self.limits)
        plain["extractors"] = {
            name: {key: value for key, value in parameters.items() if value is not None}
            for name, parameters in self.extractors.items()
        }
        if self.consents:
            plain["consent"] = [dataclasses.asdict(consent) for consent in self.consents]
        unfinished = folder / f"{NAME}.unfinished"
        unfinished.write_text(tomli_w.dumps(plain), encoding="utf-8")
        unfinished.replace(folder / NAME)


def changed(settings: Settings, given: Mapping[str, object], name: str) -> Settings:
    """Return settings with some of them changed, checked.

    Parameters
    ----------
    settings : PictureSettings or Limits
        The settings.
    given : mapping of str to object
        New values by name; text is read as a number where one is needed.
    name : str
        What they are called in ``study.toml``.

    Returns
    -------
    PictureSettings or Limits
        The new settings.

    Raises
    ------
    SettingError
        Where there is no such setting or the value is not allowed.

    Examples
    --------
    >>> changed(Limits(), {"pages": "50"}, "limits").pages
    50
    """
    values: dict[str, Any] = {}
    for key, value in given.items():
        if key not in settings.__dataclass_fields__:
            known = ", ".join(settings.__dataclass_fields__)
            raise SettingError(f"There is no setting {name}.{key}.", f"There are: {known}.")
        if isinstance(getattr(settings, key), int):
            try:
                number = int(str(value).replace("_", ""))
            except ValueError as error:
                raise SettingError(f"{name}.{key} takes a whole number, not {value!r}.") from error
            if number <= 0:
                raise SettingError(f"{name}.{key} is at least 1, not {number}.")
            values[key] = number
        else:
            values[key] = str(value)
    new = dataclasses.replace(settings, **values)
    if isinstance(new, PictureSettings):
        parse_sampling(new.video)
        parse_sampling(new.animation, shots=False)
        _check_color(new.background)
    return new


def _check_color(color: str) -> None:
    from PIL import ImageColor

    try:
        ImageColor.getrgb(color)
    except ValueError as error:
        raise SettingError(f"{color!r} is no colour.", "Write #ffffff or a name such as white.") from error


def _rebased(root: Mapping[str, Any], base: Path) -> dict[str, Any]:
    plain = dict(root)
    if plain.get("kind") != "url":
        plain["location"] = str(Path(os.path.normpath(base / plain["location"])))
    return plain


def _made_relative(root: Mapping[str, Any], base: Path) -> dict[str, Any]:
    plain = {key: value for key, value in root.items() if value not in (None, "", [], ())}
    plain.setdefault("prefix", "")
    if plain.get("kind") != "url":
        plain["location"] = _relative(plain["location"], base)
    return plain


def _relative(path: str, base: Path) -> str:
    try:
        return Path(os.path.relpath(path, base)).as_posix()
    except ValueError:  # another drive on Windows
        return path
