"""Extractors whose rows come from a network: what they say of it."""

from __future__ import annotations

import functools
from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from tidymedia.errors import UnavailableError
from tidymedia.extractors.base import Availability, PictureExtractor

if TYPE_CHECKING:
    from tidymedia.models.choice import ChosenModel
    from tidymedia.models.model import Model

__all__ = ["BundledNetworkExtractor", "ChosenNetworkExtractor"]


class BundledNetworkExtractor(PictureExtractor):
    """An extractor with one network, of this package or another one, which parameters cannot exchange."""

    network: ClassVar[Model]
    """The network."""

    @property
    def model(self) -> str:
        """The network and its revision."""
        return self.network.identifier

    @property
    def model_hash(self) -> str:
        """The SHA-256 of the network; that of its file is compared with it when it is loaded."""
        return f"{self.model} {self.network.sha256}"

    def availability(self) -> Availability:
        """Say whether the file of the network is there and is the one that is meant."""
        from tidymedia.models.files import verified_file

        try:
            verified_file(self.network)
        except UnavailableError as error:
            return Availability(False, error.message, error.remedy)
        return Availability(True)


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
