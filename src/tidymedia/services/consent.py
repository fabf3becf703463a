"""Consent: nothing leaves this machine without it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tidymedia.errors import SettingError
from tidymedia.extractors.base import Extractor
from tidymedia.services.service import ServiceExtractor

__all__ = ["Consent", "consents_given", "has_consent", "notice_without_consent"]


@dataclass(frozen=True, slots=True)
class Consent:
    """What a user agreed to; it stands in ``study.toml`` and in the provenance of every run.

    Parameters
    ----------
    service : str
        Name of the extractor.
    recipient : str
        The host that may be sent something; another host needs a consent of its own.
    sent : str
        What the user was told of what is sent.
    given : str
        When, in UTC, as ISO 8601 text.
    """

    service: str
    recipient: str
    sent: str
    given: str

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Consent:
        """Read one entry of ``study.toml``."""
        try:
            return cls(**{name: str(value) for name, value in plain.items()})
        except (TypeError, AttributeError) as error:
            raise SettingError(
                "An entry [[consent]] of study.toml cannot be read.", "It has service, recipient, sent and given."
            ) from error


def has_consent(extractor: ServiceExtractor, consents: Iterable[Consent]) -> bool:
    """Say whether an extractor may send to its recipient; what stays on this machine needs no consent.

    Parameters
    ----------
    extractor : ServiceExtractor
        The extractor.
    consents : iterable of Consent
        What the study holds.

    Returns
    -------
    bool
        Whether it may.
    """
    recipient = extractor.recipient
    return not recipient.outside or any(
        (one.service, one.recipient) == (extractor.name, recipient.host) for one in consents
    )


def consents_given(
    extractors: Mapping[str, Extractor], names: Sequence[str], consents: Sequence[Consent]
) -> tuple[Consent, ...]:
    """Add what a user agrees to for a run to what the study holds.

    Parameters
    ----------
    extractors : mapping of str to Extractor
        The extractors of the run.
    names : sequence of str
        Names of extractors that may send to the recipients that they have in this run.
    consents : sequence of Consent
        What the study holds.

    Returns
    -------
    tuple of Consent
        All of it.

    Raises
    ------
    SettingError
        Where a name is none of a service that runs.
    """
    added = list(consents)
    for name in names:
        extractor = extractors.get(name)
        if not isinstance(extractor, ServiceExtractor):
            services = [one for one, made in extractors.items() if isinstance(made, ServiceExtractor)]
            raise SettingError(
                f"There is a consent for {name}, which asks no service in this run.",
                f"Services of this run: {', '.join(services) or 'none'}.",
            )
        if not has_consent(extractor, added):
            now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
            added.append(Consent(name, extractor.recipient.host, extractor.recipient.sent, now))
    return tuple(added)


def notice_without_consent(extractor: ServiceExtractor) -> str:
    """Say that an extractor is left out since nobody agreed.

    Parameters
    ----------
    extractor : ServiceExtractor
        The extractor.

    Returns
    -------
    str
        A sentence or two.
    """
    recipient = extractor.recipient
    return (
        f"{extractor.name} is skipped: nothing is sent to {recipient.host} without your consent. It would send "
        f'{recipient.sent}. If you agree, add --consent {extractor.name}, or in Python consent=["{extractor.name}"].'
    )
