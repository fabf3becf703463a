"""What services cost: a dated table, which users can override."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tidymedia.errors import SettingError

__all__ = ["PRICES_ENVIRONMENT", "Price", "find_price"]

PRICES_ENVIRONMENT = "TIDYMEDIA_PRICES"
"""Environment variable that names a file with the user's own prices."""

_NUMBERS = ("request", "input", "output", "picture_tokens", "free_a_month")


@dataclass(frozen=True, slots=True)
class Price:
    """What one service costs, in US dollars.

    Parameters
    ----------
    service, recipient : str
        The extractor, and the host that is paid.
    model : str, default ""
        The model; empty where the service has one price.
    request : float, default 0.0
        Price of one request.
    input, output : float, default 0.0
        Price of a million tokens that are sent and received.
    picture_tokens : float, default 0.0
        How many tokens a picture counts at most.
    free_a_month : float, default 0.0
        How many requests a month are free; estimates do not subtract them.
    date : str, default ""
        When the price was looked up.
    source : str, default ""
        Where.

    Examples
    --------
    >>> Price("coding", "api.example.org", input=2.0, output=8.0).of(500_000, 100_000)
    1.8
    """

    service: str
    recipient: str
    model: str = ""
    request: float = 0.0
    input: float = 0.0
    output: float = 0.0
    picture_tokens: float = 0.0
    free_a_month: float = 0.0
    date: str = ""
    source: str = ""

    def of(self, tokens_sent: float, tokens_received: float) -> float:
        """Return the price of a request.

        Parameters
        ----------
        tokens_sent, tokens_received : float
            Numbers of tokens.

        Returns
        -------
        float
            US dollars.
        """
        return self.request + (tokens_sent * self.input + tokens_received * self.output) / 1_000_000


def find_price(service: str, recipient: str, model: str = "") -> Price | None:
    """Look up what a service costs; the user's own prices come first.

    Parameters
    ----------
    service : str
        Name of the service.
    recipient : str
        The host that is paid.
    model : str, default ""
        The model.

    Returns
    -------
    Price or None
        The price; None where it is not known.

    Raises
    ------
    SettingError
        Where the user's file cannot be read.
    """
    own = os.environ.get(PRICES_ENVIRONMENT)
    tables = [_read(Path(own))] if own else []
    tables.append(_read(Path(__file__).with_name("prices.toml")))
    for table in tables:
        for price in table:
            dated = re.fullmatch(re.escape(price.model) + r"(-\d{4}-?\d{2}-?\d{2})?", model)
            if (price.service, price.recipient) == (service, recipient) and (not price.model or dated):
                return price
    return None


def _read(path: Path) -> list[Price]:
    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
        return [_price(entry, str(plain.get("date", ""))) for entry in plain.get("price", [])]
    except OSError as error:
        raise SettingError(
            f"The table of prices {path} cannot be read: {error.strerror}.", f"See {PRICES_ENVIRONMENT}."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, ValueError, AttributeError) as error:
        raise SettingError(
            f"The table of prices {path} cannot be read: {error}.",
            "Its entries begin with [[price]] and have service, recipient, model, input, output or request.",
        ) from error


def _price(entry: dict[str, Any], date: str) -> Price:
    numbers = {name: float(entry[name]) for name in _NUMBERS if name in entry}
    if any(not 0 <= number < float("inf") for number in numbers.values()):
        raise ValueError("a price is below 0")
    return Price(**{"date": date, **entry, **numbers})
