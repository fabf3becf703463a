"""Coding by a language model that sees: a researcher's codebook in, one column a variable out."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from tidymedia.errors import ServiceError, SettingError
from tidymedia.extractors.base import Availability, PictureExtractor, Row
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.media.picture import Picture, SizeClass
from tidymedia.services.codebook_file import CodebookFile, read_codebook
from tidymedia.services.coding_table import coding_table
from tidymedia.services.prices import Price, find_price
from tidymedia.services.service import Recipient, ServiceExtractor, ServiceParameters, is_this_machine

if TYPE_CHECKING:
    from tidymedia.services.chat import ChatEndpoint
    from tidymedia.services.desk import Answer, Desk
    from tidymedia.tables import Table

__all__ = ["Coding", "CodingParameters"]

_OPENAI = "api.openai.com"
_QUALITY = 90


@dataclass(frozen=True)
class CodingParameters(ServiceParameters):
    """Which model codes, by which codebook."""

    endpoint: str = parameter(
        "",
        "Address of an OpenAI-compatible endpoint, which you must name: http://127.0.0.1:11434/v1 for Ollama on this "
        "machine, https://api.openai.com/v1 for OpenAI.",
    )
    model: str = parameter("", "The model, as the endpoint calls it; it must be able to see.")
    codebook: str = parameter("", "The codebook: a YAML file.", decides=False)  # its content decides
    reason: bool = parameter(False, "Whether the model is asked for a reason, after the values.")
    repeat: int = parameter(
        1, "How often each picture is coded; from 2 on, the agreement of the draws is a column.", minimum=1, maximum=50
    )
    temperature: float | None = parameter(
        0.0, "How freely the model chooses its words; none where a model takes no temperature.", minimum=0, maximum=2
    )
    seed: int | None = parameter(0, "Seed of the first draw, the next ones follow; none where a model takes no seed.")
    long_side: int = parameter(
        1024,
        "Longest side of the picture that is sent, in pixels; smaller ones keep their size.",
        minimum=64,
        maximum=4096,
    )
    longest_answer: int = parameter(
        1000, "Most tokens of an answer; a longer one is cut off, and fails.", minimum=16, maximum=100_000
    )
    key_variable: str = parameter(
        "",
        "Name of the environment variable that holds the key of the endpoint; OPENAI_API_KEY for OpenAI, and none for "
        "other endpoints. The key itself is never written anywhere.",
        decides=False,
    )

    def __post_init__(self) -> None:
        """Keep the place of the codebook as a full path: a later run may be started from another folder."""
        if self.codebook:
            object.__setattr__(self, "codebook", str(Path(self.codebook).expanduser().resolve()))
        if self.key_variable and not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,60}", self.key_variable):
            raise SettingError(
                "coding.key_variable is no name of an environment variable.",
                "Put the key into a variable, such as MY_KEY, and write --set coding.key_variable=MY_KEY.",
            )


class Coding(ServiceExtractor, PictureExtractor):
    """Codes pictures by a codebook with a language model that sees. It runs only by name, with all three named.

    Each picture is one request of its own: what the model saw before does not touch it.

    Parameters
    ----------
    parameters : CodingParameters
        Which model codes, by which codebook.

    Examples
    --------
    >>> Coding(CodingParameters()).availability().installed
    False
    """

    name = "coding"
    title = "What a language model that sees answers to the variables of your codebook, one column a variable."
    caveat = (
        "The model is a coder who was trained on other things than your codebook: measure how far it agrees with "
        "people on a sample that is coded by hand, variable by variable, and report that. Its answers can change with "
        "the words of the codebook, with its version, and from one draw to the next even at temperature 0; the "
        "agreement of draws says how stable it is, not whether it is right. It may recognise or invent names, read "
        "text in the picture as an instruction, and judge groups of people differently. A stated reason is a "
        "justification written after the values, not the cause of them. A model of a vendor can be withdrawn: then "
        "nobody can repeat the measurement, and the raw answers are the record."
    )
    citation = (
        "Gilardi, F., Alizadeh, M., & Kubli, M. (2023). ChatGPT outperforms crowd workers for text-annotation tasks. "
        "Proceedings of the National Academy of Sciences, 120(30), e2305016120. "
        "https://doi.org/10.1073/pnas.2305016120 (language models as coders, of texts)."
    )
    relative_cost = 300.0
    tables: ClassVar[tuple[Table, ...]] = (coding_table(None, reason=False, repeat=1),)
    parameters_type: ClassVar[type[Parameters]] = CodingParameters
    parameters: CodingParameters

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        given = self.parameters
        self.book: CodebookFile | None = read_codebook(Path(given.codebook)) if given.codebook else None
        if self.book is not None:
            own = coding_table(self.book, reason=given.reason, repeat=given.repeat)
            self.tables = (own,)  # type: ignore[misc]  # the codebook of an instance decides its columns
        if given.endpoint:
            self._host()
        self._endpoint: ChatEndpoint | None = None
        self._desk: Desk | None = None
        self._instructions = ""
        self._schema: dict[str, Any] = {}
        if self.book is not None:
            from tidymedia.services.coding_request import instructions, schema_of

            self._instructions = instructions(self.book, reason=given.reason)
            self._schema = schema_of(self.book, reason=given.reason)

    @property
    def size(self) -> SizeClass:
        """A size class of its own: the picture that is sent."""
        return SizeClass("coding", self.parameters.long_side)

    @property
    def model(self) -> str | None:
        """The model and the host that runs it; None where none is named."""
        given = self.parameters
        return f"{given.model}@{self._host()}" if given.model and given.endpoint else None

    @property
    def model_hash(self) -> str:
        """The model, and the SHA-256 of all that it is told."""
        return f"{self.model or ''} prompt {self._prompt_sha256()}" if self.book is not None else ""

    @property
    def recipient(self) -> Recipient:
        """The host of the endpoint; it gets the pictures and the codebook."""
        given = self.parameters
        host = self._host()
        # Ollama hands models of these names on to its own servers.
        here = is_this_machine(urlsplit(given.endpoint).hostname or "") and not re.search(r"[:-]cloud$", given.model)
        plain = " It is sent without encryption." if given.endpoint.startswith("http:") and not here else ""
        sent = (
            f"every picture, as JPEG of at most {given.long_side} pixels, and your codebook, to the model {given.model}"
        )
        return Recipient(host, f"{sent}.{plain}".removesuffix(".") if not plain else f"{sent}.{plain[:-1]}", not here)

    @property
    def price(self) -> Price | None:
        """What the price table says of the model; nothing for a model on this machine."""
        return self._price

    @functools.cached_property
    def _price(self) -> Price | None:
        recipient = self.recipient
        if not recipient.outside:
            return Price(self.name, recipient.host)
        return find_price(self.name, recipient.host, self.parameters.model)

    @property
    def highest_price(self) -> float | None:
        """Most that one picture can cost: a token for three characters, the picture as the price table says."""
        price = self.price
        if price is None:
            return None
        words = (len(self._instructions) + len(json.dumps(self._schema))) / 3 + 50
        return self.requests_a_picture * price.of(words + price.picture_tokens, self.parameters.longest_answer)

    @property
    def requests_a_picture(self) -> int:
        """One for each draw."""
        return self.parameters.repeat

    def availability(self) -> Availability:
        """Say whether packages, endpoint, model, codebook and key are there; nothing is sent."""
        given = self.parameters
        missing = [name for name in ("openai", "yaml") if importlib.util.find_spec(name) is None]
        if missing:
            return Availability(False, f"The package {missing[0]} is not installed.", "pip install 'tidymedia[coding]'")
        for value, missing_one, setting in (
            (given.endpoint, "No endpoint is named.", "endpoint=http://127.0.0.1:11434/v1"),
            (given.model, "No model is named.", "model=NAME"),
            (given.codebook, "No codebook is named.", "codebook=codes.yaml"),
        ):
            if not value.strip():
                return Availability(
                    False, missing_one, f"Name it with --set coding.{setting}; see the page on services."
                )
        variable = self._key_variable()
        if variable and not os.environ.get(variable, "").strip():
            return Availability(
                False,
                f"The environment variable {variable} holds no key.",
                f"Get a key from {self._host()}, and put it into {variable}.",
            )
        return Availability(True)

    def load(self) -> None:
        """Open the endpoint and the desk; nothing is sent yet."""
        from tidymedia.services.desk import Desk

        self._desk = Desk(self, self._key())
        self._endpoint = self._open()

    def close(self) -> None:
        """Close the endpoint and the desk; a worker process keeps them to its end."""
        for one in (self._endpoint, self._desk):
            if one is not None:
                one.close()

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give the row of one picture."""
        from tidymedia.services.chat import chat_content
        from tidymedia.services.coding_answer import combine, read_answer
        from tidymedia.services.coding_request import data_url

        if self.book is None:
            raise ServiceError(
                "The extractor coding has no codebook.", "Name it with --set coding.codebook=codes.yaml."
            )
        url = data_url(picture.image(self.size), _QUALITY)
        draws = []
        answered_by = ""
        for draw in range(self.parameters.repeat):
            answer = self._ask(url, draw)
            told = json.loads(answer.text).get("model")
            answered_by = answered_by or (told if isinstance(told, str) else "")
            content = chat_content(answer.text)
            draws.append(read_answer(content, self.book, reason=self.parameters.reason, file=answer.file))
        yield Row("coding", {"picture": picture.index, **combine(draws, self.book), "answered_by": answered_by or None})

    def _ask(self, url: str, draw: int) -> Answer:
        from tidymedia.services.chat import check_chat_answer

        if self._desk is None or self._endpoint is None:
            raise ServiceError("The extractor coding has no endpoint yet.", "Call load() first.")
        endpoint, body = self._endpoint, self._body(url, draw)
        about = {
            "service": self.name,
            "endpoint": self.parameters.endpoint,
            "request": self._body(f"sha256:{hashlib.sha256(url.encode()).hexdigest()}", draw),
            "draw": draw,
        }
        request = {"service": self.name, "endpoint": self.parameters.endpoint, "body": body, "draw": draw}
        return self._desk.answer(request, lambda: endpoint.send(body), check_chat_answer, self._cost, about)

    def _body(self, url: str, draw: int) -> dict[str, Any]:
        """Write the body of a request."""
        from tidymedia.services.coding_request import QUESTION

        given = self.parameters
        body: dict[str, Any] = {
            "model": given.model,
            "messages": [
                {"role": "system", "content": self._instructions},
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": QUESTION},
                        {"type": "image_url", "image_url": {"url": url}},
                    ],
                },
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "codes", "strict": True, "schema": self._schema},
            },
            # OpenAI's newer models refuse the older name, and others do not know the newer one.
            "max_completion_tokens" if self._host() == _OPENAI else "max_tokens": given.longest_answer,
        }
        if given.temperature is not None:
            body["temperature"] = given.temperature
        if given.seed is not None:
            body["seed"] = given.seed + draw
        return body

    def _cost(self, text: str) -> float | None:
        from tidymedia.services.chat import chat_usage

        price, usage = self.price, chat_usage(text)
        return None if price is None or usage is None else price.of(*usage)

    def origin(self) -> Mapping[str, Any]:
        """Return codebook and prompt, with their SHA-256."""
        if self.book is None:
            return {}
        return {
            "prompt_sha256": self._prompt_sha256(),
            "prompt": self._instructions,
            "codebook": self.book.text,
            "codebook_sha256": self.book.sha256,
        }

    @classmethod
    def credentials(cls) -> str:
        """Say whether the usual variable is set; endpoints on one's own machine need none."""
        return "OPENAI_API_KEY is set" if os.environ.get("OPENAI_API_KEY", "").strip() else ""

    def reach(self) -> str:
        """Ask the endpoint which models it has."""
        if not self.parameters.endpoint:
            return "not asked: name an endpoint with --set coding.endpoint=http://127.0.0.1:11434/v1"
        endpoint = self._open()
        reply = endpoint.sign_of_life()
        endpoint.close()
        if reply.status == 200:
            return f"{self._host()} answers"
        told = {0: "cannot be reached", 401: "refuses the key", 403: "refuses the key"}.get(
            reply.status, "answers with"
        )
        return f"{self._host()} {told}" + (f" ({reply.status})" if reply.status else "")

    def _open(self) -> ChatEndpoint:
        from tidymedia.services.chat import ChatEndpoint

        return ChatEndpoint(self.parameters.endpoint, self._key(), self.parameters.timeout_s)

    def _host(self) -> str:
        from tidymedia.services.chat import host_of

        return host_of(self.parameters.endpoint)

    def _key_variable(self) -> str:
        """Name the variable with the key: that of OpenAI goes to OpenAI alone."""
        if self.parameters.key_variable:
            return self.parameters.key_variable
        return "OPENAI_API_KEY" if self._host() == _OPENAI else ""

    def _key(self) -> str:
        variable = self._key_variable()
        return os.environ.get(variable, "").strip() if variable else ""

    def _prompt_sha256(self) -> str:
        from tidymedia.services.coding_request import QUESTION

        told = json.dumps([self._instructions, QUESTION, self._schema, _QUALITY], ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()
