"""What every extractor that asks a service has in common: whom it asks, what it sends, how it behaves."""

from __future__ import annotations

import ipaddress
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tidymedia.extractors.base import Extractor
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.services.prices import Price
from tidymedia.services.workplace import Workplace

__all__ = ["Recipient", "ServiceExtractor", "ServiceParameters", "is_this_machine"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets what: what a user is asked to agree to.

    Parameters
    ----------
    host : str
        The host that gets it, with its port where it is an unusual one.
    sent : str
        What is sent, as the rest of a sentence that begins with "It sends".
    outside : bool
        Whether it leaves this machine.
    """

    host: str
    sent: str
    outside: bool


@dataclass(frozen=True)
class ServiceParameters(Parameters):
    """How a service is treated; none of it decides what the rows are."""

    at_once: int = parameter(
        4,
        "Most requests that are under way at the same time, over all child processes of this machine.",
        minimum=1,
        maximum=256,
        decides=False,
    )
    a_minute: float = parameter(
        0.0, "Most requests that begin in a minute; 0 for no limit.", minimum=0, maximum=100_000, decides=False
    )
    timeout_s: float = parameter(
        120.0,
        "How long an answer may take, in seconds, before the request is tried again. A model on one's own computer "
        "may need more.",
        minimum=0.01,
        maximum=3600,
        decides=False,
    )
    tries: int = parameter(
        6,
        "How often a request is tried while the service is busy, broken or out of reach.",
        minimum=1,
        maximum=100,
        decides=False,
    )
    first_wait_s: float = parameter(
        1.0,
        "Longest pause before the second try, in seconds; it doubles with every further one, and is drawn at random "
        "between 0 and that. A service that says how long to wait is heeded.",
        minimum=0,
        maximum=600,
        decides=False,
    )
    longest_wait_s: float = parameter(
        60.0,
        "Longest pause between two tries, in seconds; a service that wants a longer one than ten times that fails.",
        minimum=0,
        maximum=3600,
        decides=False,
    )


class ServiceExtractor(Extractor):
    """Beside :class:`~tidymedia.PictureExtractor` or another kind: an extractor whose rows come from a service.

    Its name is the name of the service for consent, raw answers and prices.
    """

    parameters: ServiceParameters
    workplace: Workplace | None = None
    """Where answers are kept; set in each worker process before :meth:`load`."""

    def tick(self) -> None:
        """Say that work goes on, while an answer is waited for; a worker process sets what it does."""

    def set_tick(self, tick: Callable[[], None]) -> None:
        """Set what :meth:`tick` does."""
        self.tick = tick  # type: ignore[method-assign]  # a hook of this one instance

    @property
    @abstractmethod
    def recipient(self) -> Recipient:
        """Whom it asks, and what it sends there."""

    @property
    @abstractmethod
    def price(self) -> Price | None:
        """What a request costs; None where that is not known."""

    @property
    @abstractmethod
    def highest_price(self) -> float | None:
        """Most that one picture or recording can cost, in US dollars; None where that is not known."""

    @property
    def requests_a_picture(self) -> int:
        """How many requests it makes for one picture."""
        return 1

    @abstractmethod
    def origin(self) -> Mapping[str, Any]:
        """Return what else belongs into the provenance of a run, as plain values; never a credential."""

    @classmethod
    @abstractmethod
    def credentials(cls) -> str:
        """Say in words which credentials were found, without showing any; empty where none were."""

    @abstractmethod
    def reach(self) -> str:
        """Ask the service for a sign of life, without sending a medium, and say in words what came."""


def is_this_machine(host: str) -> bool:
    """Say whether a host is this machine.

    Parameters
    ----------
    host : str
        A name or an address, without a port.

    Returns
    -------
    bool
        Whether it is ``localhost`` or a loopback address.

    Examples
    --------
    >>> is_this_machine("127.0.0.1"), is_this_machine("localhost"), is_this_machine("localhost.example.org")
    (True, True, False)
    """
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
