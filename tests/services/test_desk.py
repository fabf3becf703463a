"""Each kind of trouble with a service: what is tried again, what fails, what is kept, how often it was asked."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest

from chat_server import ChatServer, Trouble, garbled, hang_up, problem, says, slow
from tidymedia.errors import RefusedError, ServiceError
from tidymedia.extractors.base import Row

pytest.importorskip("openai", reason="the extra coding is needed; pip install 'tidymedia[coding]'")

Ask = Callable[..., list[Row]]


def test_an_answer_is_kept_before_it_is_read(ask: Any, server: ChatServer) -> None:
    server.trouble = [says("What a picture!")]
    with pytest.raises(ServiceError, match="no JSON"):
        ask()
    (kept,) = ask.kept()
    plain = json.loads(kept.read_text(encoding="utf-8"))
    assert json.loads(plain["answer"])["choices"][0]["message"]["content"] == "What a picture!"
    assert plain["request"]["model"] == "toy"
    assert "base64" not in kept.read_text(encoding="utf-8"), "the picture is not written beside the answer"
    assert kept.parent.name == kept.stem[:2]


def test_the_same_request_is_answered_from_the_disk_and_another_one_is_not(ask: Any, server: ChatServer) -> None:
    first = ask("red")
    assert ask("red") == first
    assert server.requests == 1
    ask("blue")
    ask("red", seed=1)
    ask("red", temperature=1)
    ask("red", reason=True)
    assert server.requests == 5
    assert (ask.spent().answered, ask.spent().kept) == (5, 1)


@pytest.mark.parametrize(
    "trouble",
    [
        problem(429, "Slow down", Retry_After="0.05"),
        problem(429, "Slow down"),
        problem(408, "Too slow"),
        problem(500, "Oops"),
        problem(503, "Busy"),
        hang_up,
    ],
    ids=["429-retry-after", "429", "408", "500", "503", "hang-up"],
)
def test_what_passes_is_tried_again(ask: Any, server: ChatServer, trouble: Trouble) -> None:
    server.trouble = [trouble, trouble]
    (row,) = ask()
    assert row.values["color"] == "red"
    assert server.requests == 3
    assert set(server.answered.values()) == {1}
    assert len(ask.kept()) == 1
    assert (ask.spent().answered, ask.spent().troubled) == (1, 2)


def test_retry_after_is_heeded(ask: Any, server: ChatServer) -> None:
    server.trouble = [problem(429, "Slow down", Retry_After="0.4")]
    ask(longest_wait_s=1)
    first, second = server.moments
    assert second - first >= 0.4


def test_a_time_out_is_tried_again(ask: Any, server: ChatServer) -> None:
    server.trouble = [slow(1.0)]
    ask(timeout_s=0.3)
    assert server.requests == 2


@pytest.mark.parametrize(
    ("trouble", "requests", "message"),
    [
        (problem(500, "Oops"), 4, "no answer in 4 tries; the last time: Oops"),
        (hang_up, 4, "cannot be reached"),
        (problem(429, "Slow down", Retry_After="9999"), 1, "wants 9999 seconds of rest"),
        (problem(400, "Bad picture"), 1, r"refuses this request \(400\): Bad picture"),
        (garbled, 1, "malformed"),
        (lambda body: (200, {}, b""), 1, "malformed"),
        (lambda body: (200, {}, b"[" * 100_000), 1, "malformed"),
        (lambda body: (200, {}, b'{"choices": []}'), 1, "malformed"),
        (says(""), 1, "is empty"),
        (says(None), 1, "is empty"),
        (says(None, refusal="I will not."), 1, "refused to answer: I will not"),
        (says("", finish="content_filter"), 1, "refused to answer"),
        (says('{"color": "r', finish="length"), 1, "cut off"),
        (lambda body: (302, {"Location": "http://127.0.0.1:1/"}, b""), 1, r"refuses this request \(302\)"),
    ],
    ids=[
        *("500", "hang-up", "rest", "400", "garbled", "no body", "deep", "no choices"),
        *("empty", "null", "refusal", "filter", "length", "redirect"),
    ],
)
def test_what_stays_is_an_error_and_never_an_answer(
    ask: Any, server: ChatServer, trouble: Trouble, requests: int, message: str
) -> None:
    server.trouble, server.lasting = [trouble], True
    with pytest.raises(ServiceError) as caught:
        ask()
    assert re.search(message, caught.value.message), caught.value.message
    assert caught.value.remedy
    assert server.requests == requests
    assert ask.kept() == []
    server.trouble = []
    ask()
    assert server.requests == requests + 1
    assert len(ask.kept()) == 1


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_refuses_all_requests_is_asked_once(ask: Any, server: ChatServer, status: int) -> None:
    server.trouble, server.lasting = [problem(status, "No")], True
    with pytest.raises(RefusedError, match=rf"refuses all requests \({status}\): No"):
        ask()
    with pytest.raises(RefusedError, match="refuses all requests"):
        ask("blue")
    assert server.requests == 1


def test_a_credential_is_in_no_message(ask: Any, server: ChatServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_KEY", "sk-secret-0123456789")
    server.key = "sk-another"
    with pytest.raises(RefusedError) as caught:
        ask(key_variable="SERVICE_KEY")
    assert "Incorrect API key provided: [credential]" in caught.value.message
    assert "sk-" not in str(caught.value)
    server.trouble = [problem(401, "Incorrect API key provided: sk-s******6789.")]
    monkeypatch.setenv("SERVICE_KEY", "sk-another-1")
    server.key = ""
    for path in ask.folder.glob("spending*"):
        path.unlink()
    with pytest.raises(RefusedError) as caught:
        ask("green", key_variable="SERVICE_KEY")
    assert "6789" not in str(caught.value)


def answer(**changed: object) -> str:
    plain = {"color": "red", "marks": ["logo"], "people": 0, "crowded": None, "scene": "A wall.", **changed}
    return json.dumps({name: value for name, value in plain.items() if value != "left out"})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (answer(color="pink"), 'color is "pink"'),
        (answer(color=None), "color is null"),
        (answer(marks=["logo", "flag"]), "marks is"),
        (answer(people=-1), "people is -1"),
        (answer(people=1.5), "people is 1.5"),
        (answer(people=True), "people is true"),
        (answer(people=10**400), "people is 1000"),
        (answer(crowded="yes"), 'crowded is "yes"'),
        (answer(scene="x" * 1001), "scene is"),
        (answer(scene="left out"), "scene is missing"),
        (answer(mood="good"), "it has variables that the codebook does not have"),
        ("It is red.", "it is no JSON"),
        ("[1]", "it is no JSON object"),
    ],
)
def test_an_answer_outside_of_the_codebook_is_an_error_and_is_kept(
    ask: Any, server: ChatServer, content: str, told: str
) -> None:
    server.trouble = [says(content)]
    for _ in range(2):
        with pytest.raises(ServiceError) as caught:
            ask()
        assert f"outside of the codebook: {told}" in caught.value.message
        (kept,) = ask.kept()
        assert f"raw/coding/{kept.parent.name}/{kept.name}" in caught.value.message
    assert server.requests == 1, "an answer is never asked for twice"


def test_repeated_draws_have_an_agreement(ask: Any, server: ChatServer) -> None:
    server.trouble = [says(answer(people=3)), says(answer(people=4)), says(answer(people=4, color="blue"))]
    ((_, row),) = ask(repeat=3, temperature=0.7)
    assert (row["people"], row["color"], row["draws"]) == (4, "red", 3)
    assert row["people_agreement"] == pytest.approx(2 / 3)
    assert row["color_agreement"] == pytest.approx(2 / 3)
    assert row["scene_agreement"] == 1
    assert [body["seed"] for body in server.bodies] == [0, 1, 2]
    assert {body["temperature"] for body in server.bodies} == {0.7}


def test_no_more_requests_at_a_time_than_allowed(ask: Any, server: ChatServer) -> None:
    server.delay = 0.1
    colors = ["red", "blue", "green", "white"]
    threads = [threading.Thread(target=ask, args=(color,), kwargs={"at_once": 2}) for color in colors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.requests == 4
    assert server.most_at_once == 2


def test_no_more_requests_a_minute_than_allowed(ask: Any, server: ChatServer) -> None:
    for color in ("red", "blue", "green"):
        ask(color, a_minute=300)
    gaps = [after - before for before, after in zip(server.moments, server.moments[1:], strict=False)]
    assert min(gaps) >= 0.19
