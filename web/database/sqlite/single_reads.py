"""The connection that all single reads share: those of one turn of the event loop make one trip to its thread.

A trip costs more of the processor than most reads: two threads take the interpreter from each other.
"""

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from web.database.sqlite.connection import Connection
from web.database.tx import Row, Values

AT_ONCE = 8  # questions of one trip, all of which wait for its slowest
Answer = list[Row] | Exception


class Question(NamedTuple):
    """A statement, its values, and who waits for its rows."""

    sql: str
    values: Values
    answered: asyncio.Future[list[Row]]


@dataclass(frozen=True, slots=True)
class SharedConnection(Connection):
    """A connection whose statements do not belong together: one that fails leaves the others be."""

    asked: list[Question] = field(default_factory=list)

    async def all(self, sql: str, values: Values) -> list[Row]:
        """Run a statement, together with what others ask in this turn of the loop, and give all its rows."""
        _ = self.awaited.in_transaction  # raises ValueError once it is closed: nobody would answer
        loop = asyncio.get_running_loop()
        if not self.asked:
            loop.call_soon(self._set_out, loop)
        answered: asyncio.Future[list[Row]] = loop.create_future()
        self.asked.append(Question(sql, values, answered))
        return await answered

    def _set_out(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take what was asked so far to the thread."""
        questions = self.asked[:AT_ONCE]
        del self.asked[:AT_ONCE]
        if self.asked:
            loop.call_soon(self._set_out, loop)
        # aiosqlite's own way there makes a coroutine and a future for each trip, which costs as much again
        self.awaited._tx.put_nowait((None, partial(self._answer, loop, questions)))  # noqa: SLF001

    def _answer(self, loop: asyncio.AbstractEventLoop, questions: list[Question]) -> None:
        """Run statements in the thread."""
        answers = [self._rows(question) for question in questions]
        loop.call_soon_threadsafe(_tell, questions, answers)

    def _rows(self, question: Question) -> Answer:
        try:
            return self.threaded.execute(question.sql, question.values).fetchall()
        except Exception as wrong:  # noqa: BLE001 raised where the question was asked
            return wrong


def _tell(questions: list[Question], answers: list[Answer]) -> None:
    """Take the answers to those who still wait."""
    for question, answer in zip(questions, answers, strict=True):
        if question.answered.done():
            continue  # who asked is gone
        if isinstance(answer, Exception):
            question.answered.set_exception(answer)
        else:
            question.answered.set_result(answer)
