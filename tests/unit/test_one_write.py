"""The head of an answer leaves with the beginning of its body, and never stays behind."""

import asyncio

import pytest

from web.cli.one_write import OneWrite

HEAD, BODY = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n", b"body"


class Wire(asyncio.Transport):
    """Notes what leaves."""

    def __init__(self) -> None:
        super().__init__()
        self.left: list[bytes] = []
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Note a packet."""
        assert not self.closed
        self.left.append(bytes(data))

    def close(self) -> None:
        """Note the end."""
        self.closed = True


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def answers(wire: Wire) -> OneWrite:
    return OneWrite(wire)


def test_the_head_leaves_with_the_beginning_of_the_body(wire: Wire, answers: OneWrite) -> None:
    for _ in range(2):  # two answers on one connection
        answers.expect_head()
        for piece in (HEAD, BODY, BODY):
            answers.write(piece)
        answers.flush()
    assert wire.left == 2 * [HEAD + BODY, BODY]


def test_a_head_without_a_body_leaves_at_the_end_of_the_answer(
    wire: Wire, answers: OneWrite
) -> None:
    answers.expect_head()
    answers.write(HEAD)
    assert wire.left == []
    answers.flush()
    assert wire.left == [HEAD]


def test_a_head_without_a_body_leaves_before_the_connection_closes(
    wire: Wire, answers: OneWrite
) -> None:
    answers.expect_head()
    answers.write(HEAD)
    answers.close()
    assert (wire.left, wire.closed) == ([HEAD], True)


def test_what_is_no_answer_leaves_at_once(wire: Wire, answers: OneWrite) -> None:
    answers.write(BODY)
    answers.flush()
    assert wire.left == [BODY]
