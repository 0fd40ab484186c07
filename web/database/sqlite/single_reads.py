"""The connection that all single reads share: those of one turn of the event loop make one trip to its thread.

A trip costs more of the processor than most reads: two threads take the interpreter from each other.
"""

import asyncio
from dataclasses import dataclass, field
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
    trips: set[asyncio.Task[None]] = field(default_factory=set)  # or nobody would keep them

    async def all(self, sql: str, values: Values) -> list[Row]:
        """Run a statement, together with what others ask in this turn of the loop, and give all its rows."""
        if not self.asked:
            self._set_out()
        answered: asyncio.Future[list[Row]] = asyncio.get_running_loop().create_future()
        self.asked.append(Question(sql, values, answered))
        return await answered

    def _set_out(self) -> None:
        trip = asyncio.create_task(self._answer())
        self.trips.add(trip)
        trip.add_done_callback(self.trips.discard)

    async def _answer(self) -> None:
        """Take what was asked so far to the thread, and the answers to those who still wait."""
        questions = self.asked[:AT_ONCE]
        del self.asked[:AT_ONCE]
        if self.asked:
            self._set_out()
        answers: list[Answer]
        try:
            answers = await self.there(self._run, questions)
        except Exception as failed:  # noqa: BLE001 raised where the questions were asked
            answers = [type(failed)(*failed.args) for _ in questions]
        for question, answer in zip(questions, answers, strict=True):
            if question.answered.done():
                continue  # who asked is gone
            if isinstance(answer, Exception):
                question.answered.set_exception(answer)
            else:
                question.answered.set_result(answer)

    def _run(self, questions: list[Question]) -> list[Answer]:
        """Run statements in the thread."""
        return [self._rows(question) for question in questions]

    def _rows(self, question: Question) -> Answer:
        try:
            return self.threaded.execute(question.sql, question.values).fetchall()
        except Exception as wrong:  # noqa: BLE001 raised where the question was asked
            return wrong
