"""Google Cloud Vision through Google's own library: one request, one reply, nothing tried twice behind our back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from tidymedia.errors import RefusedError
from tidymedia.services.desk import Reply
from tidymedia.services.replies import retry_after
from tidymedia.services.service import is_this_machine

__all__ = ["FEATURES", "VisionClient"]

FEATURES: Final = {
    "labels": "LABEL_DETECTION",
    "web": "WEB_DETECTION",
    "objects": "OBJECT_LOCALIZATION",
    "text": "TEXT_DETECTION",
    "faces": "FACE_DETECTION",
    "safe_search": "SAFE_SEARCH_DETECTION",
    "landmarks": "LANDMARK_DETECTION",
    "logos": "LOGO_DETECTION",
}
"""Google's names of what can be asked for."""

_OF_ONE_PICTURE: Final = {4: 504, 8: 429, 13: 500, 14: 503}
"""Codes of an error about one picture (google.rpc.Code) that pass, as those of HTTP; others stay."""


class VisionClient:
    """Sends pictures to Google Cloud Vision by REST.

    Parameters
    ----------
    endpoint : str
        Its address.
    timeout : float
        How long an answer may take, in seconds.

    Raises
    ------
    RefusedError
        Where Google's library finds no credentials.
    """

    def __init__(self, endpoint: str, timeout: float) -> None:
        import google.auth
        from google.auth.credentials import AnonymousCredentials
        from google.auth.exceptions import GoogleAuthError
        from google.cloud.vision_v1 import ImageAnnotatorClient
        from google.cloud.vision_v1.services.image_annotator.transports import ImageAnnotatorRestTransport

        self._timeout = timeout
        parts = urlsplit(endpoint)
        here = is_this_machine(parts.hostname or "")
        try:
            credentials: Any = (
                AnonymousCredentials()
                if here
                else google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-vision"])[0]
            )
        except GoogleAuthError as error:
            raise RefusedError(
                "Google's library finds no credentials.",
                "Run: gcloud auth application-default login; or name a file in GOOGLE_APPLICATION_CREDENTIALS.",
            ) from error
        self._transport = ImageAnnotatorRestTransport(
            host=parts.netloc, url_scheme=parts.scheme, credentials=credentials
        )
        session = self._transport._session  # the library offers no other way to what follows
        session.max_redirects = 0  # no picture goes to another host
        session.trust_env = not here
        self._client = ImageAnnotatorClient(transport=self._transport)

    def send(self, image: bytes, features: Sequence[str], model: str, most: int) -> Reply:
        """Send one picture.

        Parameters
        ----------
        image : bytes
            The picture as JPEG.
        features : sequence of str
            What is asked for, in our words.
        model : str
            Google's name of the version of its models.
        most : int
            Most labels, objects, faces and so on.

        Returns
        -------
        Reply
            What came back.
        """
        import requests
        from google.api_core.exceptions import GoogleAPICallError
        from google.auth.exceptions import GoogleAuthError, TransportError
        from google.protobuf.json_format import ParseError

        asked = [{"type_": FEATURES[name], "max_results": most, "model": model} for name in features]
        try:
            answer = self._client.batch_annotate_images(
                requests=[{"image": {"content": image}, "features": asked}], retry=None, timeout=self._timeout
            )
        except GoogleAPICallError as error:
            headers = getattr(error.response, "headers", None) or {}
            return Reply(int(error.code or 0), str(error.message).rpartition("annotate")[2], retry_after(headers))
        except (TransportError, requests.exceptions.ConnectionError, requests.exceptions.Timeout) as error:
            return Reply(0, f"it cannot be reached ({type(error).__name__})")
        except GoogleAuthError as error:
            return Reply(401, f"the credentials are not accepted ({type(error).__name__})")
        except requests.exceptions.TooManyRedirects:
            return Reply(302, "it wants the picture to go to another address")
        except (ParseError, requests.exceptions.RequestException, ValueError):
            return Reply(200, "")  # no JSON, or one that is none of theirs: no answer, as the check will say
        for one in answer.responses:
            if one.error.code:
                return Reply(_OF_ONE_PICTURE.get(one.error.code, 400), one.error.message)
        return Reply(200, type(answer).to_json(answer, use_integers_for_enums=False, indent=None))

    def close(self) -> None:
        """Close its connections."""
        self._transport.close()
