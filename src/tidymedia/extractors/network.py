"""Extractors whose rows come from a network: what they say of it."""

from __future__ import annotations

import functools
from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from tidymedia.errors import UnavailableError
from tidymedia.extractors.base import Availability, Extractor, PictureExtractor

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel
    from tidymedia.models.model import Model

__all__ = ["BundledNetworkExtractor", "ChosenNetworkExtractor", "NamedNetworkExtractor"]


class BundledNetworkExtractor(Extractor):
    """An extractor with networks of this package or another one, which parameters cannot exchange.

    Derive from it and from what the extractor looks at or listens to.
    """

    networks: ClassVar[tuple[Model, ...]]
    """The networks."""

    @property
    def model(self) -> str:
        """The networks and their revisions."""
        return "+".join(network.identifier for network in self.networks)

    @property
    def model_hash(self) -> str:
        """The SHA-256 of each network; that of its file is compared with it when it is loaded."""
        return " ".join(f"{network.identifier} {network.sha256}" for network in self.networks)

    def availability(self) -> Availability:
        """Say whether the files of the networks are there and are the ones that are meant."""
        from tidymedia.models.files import verified_file

        try:
            for network in self.networks:
                verified_file(network)
        except UnavailableError as error:
            return Availability(False, error.message, error.remedy)
        return Availability(True)


class NamedNetworkExtractor(Extractor):
    """An extractor that runs only with a network that the user names; none comes with the package.

    Derive from it and from what the extractor looks at or listens to.
    """

    @abstractmethod
    def choose(self) -> ChosenModel | None:
        """Return the network that the parameters name, which may not be there; None where they name none.

        Returns
        -------
        ChosenModel or None
            The network.

        Raises
        ------
        SettingError
            Where they cannot name a network.
        """

    @functools.cached_property
    def chosen(self) -> ChosenModel | None:
        """The network that the parameters name, which may not be there; None where they name none."""
        return self.choose()

    @property
    def model(self) -> str | None:
        """The network and its revision; None where none is named."""
        return None if self.chosen is None else self.chosen.identifier

    @property
    def model_hash(self) -> str:
        """The SHA-256 of the network and of the names of its classes."""
        return "" if self.chosen is None else self.chosen.model_hash

    def named(self) -> ChosenModel:
        """Return the network that the parameters name, which is there.

        Returns
        -------
        ChosenModel
            The network.

        Raises
        ------
        UnavailableError
            Where none is named, or it is not there or cannot do what is asked for.
        """
        found = self.availability()
        if self.chosen is None or not found.installed:
            raise UnavailableError(found.missing, found.remedy)
        return self.chosen


class ChosenNetworkExtractor(PictureExtractor):
    """An extractor whose parameters may name a network in place of the one of the package."""

    @abstractmethod
    def choose(self) -> ChosenModel:
        """Return the network that the parameters name; it may not be there.

        Returns
        -------
        ChosenModel
            The network.

        Raises
        ------
        SettingError
            Where they cannot name a network.
        """

    @functools.cached_property
    def chosen(self) -> ChosenModel:
        """The network that the parameters name."""
        return self.choose()

    @property
    def model(self) -> str:
        """The network and its revision."""
        return self.chosen.identifier

    @property
    def model_hash(self) -> str:
        """The network and the SHA-256 of all its files."""
        return self.chosen.model_hash

    def availability(self) -> Availability:
        """Say whether the network is there and is the one that is meant; nothing is downloaded."""
        return Availability(*self.chosen.availability())
