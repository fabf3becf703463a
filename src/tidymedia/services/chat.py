"""An OpenAI-compatible chat endpoint: of a vendor, or on one's own machine (Ollama, vLLM, llama.cpp)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tidymedia.errors import ServiceError, SettingError
from tidymedia.services.desk import Reply
from tidymedia.services.replies import retry_after
from tidymedia.services.service import is_this_machine

if TYPE_CHECKING:
    import openai

__all__ = ["ChatEndpoint", "chat_content", "chat_usage", "check_chat_answer", "host_of"]


def host_of(endpoint: str) -> str:
    """Return the host of an endpoint, and check that nothing secret is written into its address.

    Parameters
    ----------
    endpoint : str
        Its address, such as ``http://127.0.0.1:11434/v1``.

    Returns
    -------
    str
        The host, with its port where one is written.

    Raises
    ------
    SettingError
        Where it is no address of an endpoint.

    Examples
    --------
    >>> host_of("http://127.0.0.1:11434/v1")
    '127.0.0.1:11434'
    """
    remedy = "Write it like https://api.openai.com/v1 or http://127.0.0.1:11434/v1."
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise SettingError("The endpoint is no address.", remedy) from error
    if parts.username or parts.password or parts.query or parts.fragment:
        raise SettingError(
            "The address of the endpoint holds a name, a key or a question mark.",
            "Put a key into an environment variable, and name that with --set coding.key_variable=NAME.",
        )
    if parts.scheme not in ("http", "https") or not host:
        raise SettingError(f"{endpoint!r} is no address of an endpoint.", remedy)
    shown = f"[{host}]" if ":" in host else host
    return shown if port is None else f"{shown}:{port}"


class ChatEndpoint:
    """Sends requests through the SDK of OpenAI, each once; who asks decides what is tried again.

    Nothing is sent to another host: redirects are not followed, and no proxy stands before this machine itself.

    Parameters
    ----------
    endpoint : str
        Its address.
    key : str
        The credential; empty for none.
    timeout : float
        How long an answer may take, in seconds.
    """

    def __init__(self, endpoint: str, key: str, timeout: float) -> None:
        import openai

        here = is_this_machine(urlsplit(endpoint).hostname or "")
        self._client = openai.OpenAI(
            api_key=key or "none",
            base_url=endpoint,
            max_retries=0,
            timeout=timeout,
            http_client=openai.DefaultHttpxClient(follow_redirects=False, trust_env=not here),
        )

    def send(self, body: Mapping[str, Any]) -> Reply:
        """Send one request.

        Parameters
        ----------
        body : mapping
            Its body.

        Returns
        -------
        Reply
            What came back; nothing is raised for what a service or a network can do.
        """
        import openai

        try:
            answer = self._client.chat.completions.with_raw_response.create(**body)
        except openai.APIError as error:
            return _reply_of(error)
        return _read(answer)

    def sign_of_life(self) -> Reply:
        """Ask which models there are."""
        import openai

        try:
            answer = self._client.models.with_raw_response.list()
        except openai.APIError as error:
            return _reply_of(error)
        return _read(answer)

    def close(self) -> None:
        """Close its connections."""
        self._client.close()


def _read(answer: Any) -> Reply:
    text = answer.http_response.text
    return Reply(answer.http_response.status_code, text if isinstance(text, str) else text())


def _reply_of(error: openai.APIError) -> Reply:
    import openai

    if isinstance(error, openai.APITimeoutError):
        return Reply(0, "it did not answer in time")
    if not isinstance(error, openai.APIStatusError):
        cause = str(error.__cause__ or error)
        return Reply(0, f"it cannot be reached ({cause})")
    body = error.body if isinstance(error.body, Mapping) else {}
    told = body.get("message") or (body.get("error") if isinstance(body.get("error"), str) else None)
    final = "insufficient_quota" in (body.get("code"), body.get("type"))
    status = error.status_code
    return Reply(status, str(told or error.response.text or status), retry_after(error.response.headers), final)


def check_chat_answer(text: str) -> None:
    """Raise where a text is no answer of a model: garbled, refused, cut off or empty.

    Parameters
    ----------
    text : str
        The body of a response.

    Raises
    ------
    ServiceError
        With what is wrong.
    """
    chat_content(text)


def chat_content(text: str) -> str:
    """Return what the model wrote.

    Parameters
    ----------
    text : str
        The body of a response.

    Returns
    -------
    str
        The content of its message; never empty.

    Raises
    ------
    ServiceError
        Where there is none.
    """
    try:
        choice = json.loads(text)["choices"][0]
        message, reason = choice["message"], choice.get("finish_reason")
        content, refusal = message.get("content"), message.get("refusal")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise ServiceError(
            "The answer of the service is malformed: it is no chat completion.",
            "Check the endpoint, which must speak like that of OpenAI; then run again with --retry-failed.",
        ) from error
    if refusal or reason == "content_filter":
        told = f": {' '.join(str(refusal).split())[:200]}" if refusal else ""
        raise ServiceError(f"The model refused to answer{told}.", "Code this picture by hand, or use another model.")
    if reason == "length":
        raise ServiceError(
            "The answer of the model was cut off.", "Allow longer ones with --set coding.longest_answer=2000."
        )
    if not isinstance(content, str) or not content.strip():
        raise ServiceError("The answer of the model is empty.", "Run again with --retry-failed, or use another model.")
    return content


def chat_usage(text: str) -> tuple[int, int] | None:
    """Return how many tokens were sent and received, where the response says it.

    Parameters
    ----------
    text : str
        The body of a response.

    Returns
    -------
    tuple of (int, int) or None
        The numbers.
    """
    try:
        usage = json.loads(text)["usage"]
        sent, received = usage["prompt_tokens"], usage["completion_tokens"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not all(isinstance(one, int) and one >= 0 for one in (sent, received)):
        return None
    return sent, received
