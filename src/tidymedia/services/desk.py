"""The desk where requests are handed in: from the raw answers, or from the service, once and with manners."""

from __future__ import annotations

import concurrent.futures
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from tidymedia.errors import RefusedError, ServiceError
from tidymedia.services.raw_answers import RawAnswers, request_key
from tidymedia.services.service import ServiceExtractor
from tidymedia.services.spending import SpendingBook
from tidymedia.services.turnstile import Turnstile, sleep_in_pieces
from tidymedia.services.workplace import RAW

__all__ = ["Answer", "Desk", "Reply"]

_LATER = frozenset({408, 409, 425, 429})
_PATIENCE = 10


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from a service, before anything is made of it.

    Parameters
    ----------
    status : int
        The status of HTTP; 0 where no answer came.
    text : str
        The body of the answer, or what went wrong in words.
    retry_after : float or None, default None
        How many seconds the service wants us to wait.
    final : bool, default False
        Whether trying again is of no use, although the status alone says otherwise: a quota that is used up.
    """

    status: int
    text: str
    retry_after: float | None = None
    final: bool = False


class Answer(NamedTuple):
    """The answer of a service, as it came, and the file of the study in which it is kept."""

    text: str
    file: str


class Desk:
    """Gets answers for one extractor in one process.

    Parameters
    ----------
    extractor : ServiceExtractor
        Whose requests; it has its workplace.
    secret : str, default ""
        The credential, which is taken out of all messages.
    """

    def __init__(self, extractor: ServiceExtractor, secret: str = "") -> None:
        if extractor.workplace is None:
            raise ServiceError(f"The extractor {extractor.name} has no place for its answers.", "Use tm.Study for it.")
        self._extractor, self._given, self._secret = extractor, extractor.parameters, secret
        folder = extractor.workplace.folder(extractor.name)
        self._raw = RawAnswers(folder)
        self._book = SpendingBook(folder, extractor.workplace.run, extractor.workplace.budget)
        self._turnstile = Turnstile(folder, self._given.at_once, self._given.a_minute, extractor.tick)
        self._waiter = concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="tidymedia-service")

    def answer(
        self,
        request: Mapping[str, Any],
        send: Callable[[], Reply],
        check: Callable[[str], None],
        cost: Callable[[str], float | None],
        about: Mapping[str, Any],
    ) -> Answer:
        """Return the answer to a request, which is asked at most until it is answered.

        Parameters
        ----------
        request : mapping
            All that decides the answer, as plain values.
        send : callable
            Sends it once.
        check : callable
            Raises a :class:`~tidymedia.errors.ServiceError` where a text is no answer: such a text is not kept.
        cost : callable
            What an answer cost in US dollars; None where it does not say. It must bear any text.
        about : mapping
            What is written beside the answer.

        Returns
        -------
        Answer
            The answer, which is on disk by then.

        Raises
        ------
        BudgetError
            Where the budget is spent.
        RefusedError
            Where the service refuses the credentials or the model.
        ServiceError
            Where there is no answer.
        """
        key = request_key(request)
        found = self._raw.find(key)
        if found is None:
            with self._raw.hold(key, self._extractor.tick):
                found = self._raw.find(key)  # another process may have asked meanwhile
                if found is None:
                    return Answer(self._ask(key, send, check, cost, about), self._name(key))
        self._book.settle("kept", 0.0)
        return Answer(found, self._name(key))

    def _ask(
        self,
        key: str,
        send: Callable[[], Reply],
        check: Callable[[str], None],
        cost: Callable[[str], float | None],
        about: Mapping[str, Any],
    ) -> str:
        """Ask the service until it answers, or there is no use in it."""
        problem = ""
        reply = Reply(0, "")
        for attempt in range(self._given.tries):
            if attempt:
                self._pause(attempt, reply)
            with self._turnstile.turn():
                highest = (self._extractor.highest_price or 0.0) / self._extractor.requests_a_picture
                self._book.set_aside(highest)
                reply = self._send(send)
                if reply.status == 200:
                    return self._take(key, reply.text, highest, check, cost, about)
                # A request that timed out may have been answered and charged: its money stays set aside.
                self._book.settle("troubled", -highest if reply.status else 0.0)
            problem = self._without_secret(reply.text)
            self._stop_where_useless(reply, problem)
        raise ServiceError(
            f"{self._place()} gave no answer in {self._given.tries} tries; the last time: {problem}.",
            "Run again with --retry-failed later. For a slow service, raise "
            f"--set {self._extractor.name}.timeout_s or {self._extractor.name}.tries.",
        )

    def close(self) -> None:
        """End the thread that waits for answers."""
        self._waiter.shutdown()

    def _take(
        self,
        key: str,
        text: str,
        highest: float,
        check: Callable[[str], None],
        cost: Callable[[str], float | None],
        about: Mapping[str, Any],
    ) -> str:
        """Keep an answer before anything is made of it."""
        paid = cost(text)
        more = 0.0 if paid is None else paid - highest
        try:
            check(text)
        except ServiceError:
            self._book.settle("troubled", more)  # an answer that cannot be used is charged all the same
            raise
        self._raw.keep(key, text, about)
        self._book.settle("answered", more)
        return text

    def _send(self, send: Callable[[], Reply]) -> Reply:
        """Send a request in a thread of its own, and say meanwhile that work goes on."""
        waiting = self._waiter.submit(send)
        while True:
            try:
                return waiting.result(timeout=0.5)
            except concurrent.futures.TimeoutError:
                if waiting.done():
                    return waiting.result()
                self._extractor.tick()

    def _pause(self, attempt: int, reply: Reply) -> None:
        """Wait as the service asked, or a random time that grows (full jitter)."""
        longest = min(self._given.longest_wait_s, self._given.first_wait_s * 2 ** (attempt - 1))
        jitter = random.uniform(0, longest)  # noqa: S311  # no secret hangs on it
        if reply.retry_after is not None:
            self._turnstile.pause(reply.retry_after)
            jitter = min(jitter, 0.1 * reply.retry_after)
        sleep_in_pieces(jitter, self._extractor.tick)

    def _stop_where_useless(self, reply: Reply, problem: str) -> None:
        """Raise where the same request would fail again."""
        status = reply.status
        if status in (401, 403, 404) or reply.final:
            refused = RefusedError(
                f"{self._place()} refuses all requests ({status}): {problem}.",
                "Check the credentials, the account and the name of the model, then run again: "
                "what is done is not done or paid again.",
            )
            self._book.refuse(refused)
            raise refused
        if reply.retry_after is not None and reply.retry_after > _PATIENCE * self._given.longest_wait_s:
            raise ServiceError(
                f"{self._place()} wants {reply.retry_after:.0f} seconds of rest ({status}).",
                "Run again with --retry-failed after that.",
            )
        if status and status < 500 and status not in _LATER:
            raise ServiceError(
                f"{self._place()} refuses this request ({status}): {problem}.",
                "See what it says; other files are not touched.",
            )

    def _name(self, key: str) -> str:
        """Say where an answer is, within the study."""
        return f"{RAW}/{self._extractor.name}/{key[:2]}/{key}.json"

    def _place(self) -> str:
        return f"The service {self._extractor.name} at {self._extractor.recipient.host}"

    def _without_secret(self, text: str) -> str:
        """Shorten what a service says, and take out the credential, also where it is half hidden."""
        if self._secret:
            text = text.replace(self._secret, "[credential]")
        text = re.sub(r"\S*\*\*\S*", "[credential]", text)  # services repeat a key with stars in its middle
        return " ".join(text.split())[:300].rstrip(". ") or "no reason given"
