"""Every error that tidymedia raises on purpose, in one tree.

Each message says what is wrong and with which file; ``remedy`` says what to do about it::

    TidymediaError
    ├── UsageError                what was asked for cannot be done (exit code 1)
    │   ├── SettingError          a parameter, limit or setting has no such name or value
    │   ├── StudyError            the folder is no study, is in use, or is from a newer version
    │   ├── UnavailableError      an extractor, package, model or language pack is not installed
    │   └── RefusedError          a service refuses the credentials or the model; it ends the run
    ├── MediumError               one file cannot be analysed; it becomes a row, never the end of a run
    │   ├── UnreadableError       missing, vanished, no permission, dead link
    │   ├── EmptyFileError        zero bytes
    │   ├── BrokenFileError       damaged, truncated, or not what its name says
    │   ├── EncryptedError        a password is needed
    │   ├── UnsupportedError      a format that this installation cannot open
    │   ├── OverLimitError        larger than a limit of the study
    │   └── OutsideRootError      a path that leaves its root
    ├── ExtractionError           an extractor could not analyse one picture, sound or medium
    │   ├── UpstreamError         what it builds on failed
    │   └── ServiceError          a service gave no answer, or one that cannot be used
    │       └── BudgetError       the budget for a service is spent
    ├── GuardError                the child process had to be given up
    │   ├── CrashError            native code ended it (segmentation fault, abort)
    │   ├── NoProgressError       it stood still for too long
    │   ├── MemoryLimitError      it used more memory than it may
    │   └── GivenUpError          it was lost so often with one file that the rest of it was left
    └── InterruptedRunError       Ctrl-C or a cancel token (exit code 130)
"""

from __future__ import annotations

__all__ = [
    "BrokenFileError",
    "BudgetError",
    "CrashError",
    "EmptyFileError",
    "EncryptedError",
    "ExtractionError",
    "GivenUpError",
    "GuardError",
    "InterruptedRunError",
    "MediumError",
    "MemoryLimitError",
    "NoProgressError",
    "OutsideRootError",
    "OverLimitError",
    "RefusedError",
    "ServiceError",
    "SettingError",
    "StudyError",
    "TidymediaError",
    "UnavailableError",
    "UnreadableError",
    "UnsupportedError",
    "UpstreamError",
    "UsageError",
]


class TidymediaError(Exception):
    """Base of all errors of tidymedia.

    Parameters
    ----------
    message : str
        What is wrong, with the name of the file where there is one.
    remedy : str, default ""
        What the reader can do about it, as a full sentence.

    Examples
    --------
    >>> str(TidymediaError("scan.pdf is encrypted.", "Remove its password first."))
    'scan.pdf is encrypted. Remove its password first.'
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        """Message and remedy as one text."""
        return f"{self.message} {self.remedy}".strip()


class UsageError(TidymediaError):
    """What was asked for cannot be done; nothing was analysed."""


class SettingError(UsageError):
    """A parameter, limit or setting has no such name or value."""


class StudyError(UsageError):
    """The folder is no study, is used by another run, or was written by a newer version."""


class UnavailableError(UsageError):
    """An extractor, package, model or language pack is not installed."""


class RefusedError(UsageError):
    """A service refuses the credentials, the account or the model: every further request would fail as well."""


class MediumError(TidymediaError):
    """One file, or one picture of it, cannot be analysed."""


class UnreadableError(MediumError):
    """The file is missing, has vanished, may not be read, or its link is dead."""


class EmptyFileError(MediumError):
    """The file has zero bytes."""


class BrokenFileError(MediumError):
    """The file is damaged, truncated, or not what its name says."""


class EncryptedError(MediumError):
    """The file can only be opened with a password."""


class UnsupportedError(MediumError):
    """The format cannot be opened by this installation; the remedy names what can."""


class OverLimitError(MediumError):
    """The file is larger than a limit of the study; the remedy names the setting."""


class OutsideRootError(MediumError):
    """The path leaves the folder, archive or table that it belongs to."""


class ExtractionError(TidymediaError):
    """An extractor could not analyse one picture, sound or medium."""


class UpstreamError(ExtractionError):
    """An extractor did not run where another one failed that it builds on."""


class ServiceError(ExtractionError):
    """A service gave no answer after all tries, refused this one, or answered what cannot be used."""


class BudgetError(ServiceError):
    """The budget of the run for a service is spent; a later run goes on."""


class GuardError(TidymediaError):
    """The child process that did the work had to be given up."""


class CrashError(GuardError):
    """Native code ended the child process."""


class NoProgressError(GuardError):
    """The child process stood still for longer than the limit."""


class MemoryLimitError(GuardError):
    """The child process used more memory than the limit."""


class GivenUpError(GuardError):
    """The child process was lost several times with one file; the rest of the file was left."""


class InterruptedRunError(TidymediaError):
    """The run was stopped by Ctrl-C or by a cancel token; what was finished is kept."""
