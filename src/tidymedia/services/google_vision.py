"""Google Cloud Vision: labels, web entities, objects, text, faces, safe search, landmarks and logos."""

from __future__ import annotations

import base64
import functools
import hashlib
import importlib.util
import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from tidymedia.errors import ServiceError, SettingError
from tidymedia.extractors.base import Availability, PictureExtractor, Row
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.media.picture import Picture, SizeClass
from tidymedia.services.chat import host_of
from tidymedia.services.google_client import FEATURES
from tidymedia.services.google_vision_tables import GOOGLE_VISION_TABLES
from tidymedia.services.prices import Price, find_price
from tidymedia.services.service import Recipient, ServiceExtractor, ServiceParameters, is_this_machine
from tidymedia.tables import Table

if TYPE_CHECKING:
    from tidymedia.services.desk import Desk
    from tidymedia.services.google_client import VisionClient

__all__ = ["GoogleVision", "GoogleVisionParameters"]

_HOST: Final = "https://vision.googleapis.com"
_QUALITY: Final = 90


@dataclass(frozen=True)
class GoogleVisionParameters(ServiceParameters):
    """What Google Cloud Vision is asked."""

    features: tuple[str, ...] = parameter(
        ("labels",),
        f"What is asked for, joined by commas: {', '.join(FEATURES)}. Each one is charged for each picture.",
    )
    expressions: bool = parameter(
        False,
        "Whether the looks of faces (joy, sorrow, anger, surprise) become rows; they come with faces. They say how a "
        "face looks to a network, not what a person feels.",
    )
    most: int = parameter(
        10, "Most labels, objects, faces, entities, landmarks and logos a picture.", minimum=1, maximum=100
    )
    version: str = parameter(
        "builtin/stable", "Version of Google's models.", choices=("builtin/stable", "builtin/latest")
    )
    long_side: int = parameter(
        1600,
        "Longest side of the picture that is sent, in pixels; smaller ones keep their size.",
        minimum=64,
        maximum=4096,
    )
    endpoint: str = parameter(_HOST, "Where it is asked: https://eu-vision.googleapis.com keeps pictures in the EU.")

    def __post_init__(self) -> None:
        """Check the features."""
        unknown = [name for name in self.features if name not in FEATURES]
        if unknown or not self.features:
            raise SettingError(
                f"google_vision.features has no {unknown[0]}." if unknown else "google_vision.features names none.",
                f"Choose from: {', '.join(FEATURES)}.",
            )
        if self.expressions and "faces" not in self.features:
            raise SettingError("google_vision.expressions needs faces.", "Add faces to google_vision.features.")


class GoogleVision(ServiceExtractor, PictureExtractor):
    """Asks Google Cloud Vision about each picture. It runs only by name, and with consent.

    Parameters
    ----------
    parameters : GoogleVisionParameters
        What is asked.

    Examples
    --------
    >>> [table.name for table in GoogleVision(GoogleVisionParameters(features=("labels", "text"))).tables]
    ['tags', 'texts']
    """

    name = "google_vision"
    title = "What Google Cloud Vision says of pictures: labels, web entities, objects, text, faces, and more."
    caveat = (
        "Google does not say on what its models were trained, and changes them without a version that could be asked "
        "for again: repeat a sample later to see what changed, and keep the raw answers. Scores are no probabilities. "
        "Labels and the looks of faces are guesses that are wrong more often for some groups of people than for others."
    )
    citation = "Google Cloud Vision API. https://cloud.google.com/vision/docs (the service)."
    relative_cost = 100.0
    tables: ClassVar[tuple[Table, ...]] = tuple(GOOGLE_VISION_TABLES.values())
    parameters_type: ClassVar[type[Parameters]] = GoogleVisionParameters
    parameters: GoogleVisionParameters

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        given = self.parameters
        wanted = [*given.features, *(["expressions"] if given.expressions else [])]
        own = tuple(table for feature, table in GOOGLE_VISION_TABLES.items() if feature in wanted)
        self.tables = own  # type: ignore[misc]  # what is asked for decides which tables an instance fills
        self._host = host_of(given.endpoint)
        if given.endpoint.startswith("http:") and not is_this_machine(self._host.partition(":")[0]):
            raise SettingError("google_vision.endpoint is not encrypted.", "Write an address that begins with https.")
        self._client: VisionClient | None = None
        self._desk: Desk | None = None

    @property
    def size(self) -> SizeClass:
        """A size class of its own: the picture that is sent."""
        return SizeClass("google vision", self.parameters.long_side)

    @property
    def model(self) -> str:
        """The service and the version that is asked for."""
        return f"google_vision@v1 {self.parameters.version}"

    @property
    def recipient(self) -> Recipient:
        """The host of Google; it gets the pictures."""
        given = self.parameters
        sent = f"every picture, as JPEG of at most {given.long_side} pixels, for {', '.join(given.features)}"
        return Recipient(self._host, sent, not is_this_machine(self._host.partition(":")[0]))

    @functools.cached_property
    def _price(self) -> Price | None:
        if not self.recipient.outside:
            return Price(self.name, self._host)
        prices = {name: find_price(self.name, "vision.googleapis.com", name) for name in self.parameters.features}
        known = {name: price for name, price in prices.items() if price is not None}
        if len(known) < len(prices):
            return None
        # What is explicit costs nothing beside labels.
        paid = sum(one.request for name, one in known.items() if name != "safe_search" or "labels" not in known)
        return Price(self.name, self._host, request=paid, date=min(one.date for one in known.values()))

    @property
    def price(self) -> Price | None:
        """The sum of the prices of what is asked for; the free quota is not subtracted."""
        return self._price

    @property
    def highest_price(self) -> float | None:
        """What one picture costs."""
        return None if self.price is None else self.price.of(0, 0)

    def availability(self) -> Availability:
        """Say whether Google's library and its credentials are there; nothing is sent."""
        try:
            there = importlib.util.find_spec("google.cloud.vision_v1") is not None
        except ModuleNotFoundError:
            there = False
        if not there:
            return Availability(
                False, "The package google-cloud-vision is not installed.", "pip install 'tidymedia[google]'"
            )
        if self.recipient.outside and not self.credentials():
            return Availability(
                False,
                "No credentials for Google Cloud were found.",
                "Run: gcloud auth application-default login; or name a file in GOOGLE_APPLICATION_CREDENTIALS.",
            )
        return Availability(True)

    def load(self) -> None:
        """Open the client and the desk; nothing is sent yet."""
        from tidymedia.services.desk import Desk
        from tidymedia.services.google_client import VisionClient

        self._desk = Desk(self)
        self._client = VisionClient(self.parameters.endpoint, self.parameters.timeout_s)

    def close(self) -> None:
        """Close the client and the desk; a worker process keeps them to its end."""
        for one in (self._client, self._desk):
            if one is not None:
                one.close()

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give the rows of one picture."""
        from tidymedia.services.google_vision_rows import check_vision_answer, rows_of

        if self._client is None or self._desk is None:
            raise ServiceError("The extractor google_vision has no client yet.", "Call load() first.")
        client, given = self._client, self.parameters
        image = picture.image(self.size)
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=_QUALITY)  # nothing of the file's own metadata goes along
        jpeg = buffer.getvalue()
        features = sorted(given.features)
        about = {
            "service": self.name,
            "endpoint": given.endpoint,
            "features": features,
            "version": given.version,
            "most": given.most,
        }
        answer = self._desk.answer(
            {**about, "picture": base64.b64encode(jpeg).decode("ascii")},
            lambda: client.send(jpeg, features, given.version, given.most),
            check_vision_answer,
            lambda text: self.highest_price,
            {**about, "picture": f"sha256:{hashlib.sha256(jpeg).hexdigest()}"},
        )
        size = (picture.width, picture.height)
        for table, values in rows_of(answer.text, features, size, image.size, expressions=given.expressions):
            yield Row(table, {"picture": picture.index, **values})

    def origin(self) -> Mapping[str, Any]:
        """Return what is asked for."""
        return {"features": list(self.parameters.features), "version": self.parameters.version}

    @classmethod
    def credentials(cls) -> str:
        """Say where Google's library would find credentials; none is read."""
        named = os.environ.get("GOOGLE_APPLICATION_CREDENTIALS", "")
        if named:
            return "GOOGLE_APPLICATION_CREDENTIALS names a file" if Path(named).is_file() else ""
        base = os.environ.get("CLOUDSDK_CONFIG") or (
            Path(os.environ.get("APPDATA", "")) / "gcloud" if os.name == "nt" else Path("~/.config/gcloud").expanduser()
        )
        return "those of gcloud were found" if (Path(base) / "application_default_credentials.json").is_file() else ""

    def reach(self) -> str:
        """Open a connection; Google Cloud Vision has no request that costs nothing."""
        import socket

        host, _, port = self._host.partition(":")
        try:
            socket.create_connection((host, int(port or 443)), timeout=10).close()
        except OSError:
            return f"{self._host} cannot be reached"
        return f"{self._host} can be reached"
