"""Messages between driver and child."""

import io

import pytest

from tidymedia.run.messages import read_message, write_message


def test_messages_come_in_order_and_whole() -> None:
    stream = io.BytesIO()
    messages = [{"type": "a", "text": "é\n\u2028 \x00"}, {"type": "b", "numbers": [1, 0.1, None, True]}]
    for message in messages:
        write_message(stream, message)
    stream.seek(0)
    assert [read_message(stream), read_message(stream), read_message(stream)] == [*messages, None]


def test_half_a_message_is_the_end() -> None:
    assert read_message(io.BytesIO(b'{"type": "rows"')) is None
    assert read_message(io.BytesIO(b"")) is None


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_message(io.BytesIO(), {"score": float("nan")})
