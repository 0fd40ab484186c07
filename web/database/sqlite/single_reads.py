"""The connection that all single reads share: those that are asked for meanwhile make one trip to its thread.

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
    answering: set[asyncio.Task[None]] = field(default_factory=set)  # one, while anything is asked

    async def all(self, sql: str, values: Values) -> list[Row]:
        """Run a statement, together with what others ask meanwhile, and give all its rows."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[list[Row]] = loop.create_future()
        self.asked.append(Question(sql, values, answered))
        if not self.answering:
            self.answering.add(loop.create_task(self._answer()))
        return await answered

    async def _answer(self) -> None:
        """Take what is asked to the thread, and the answers to those who still wait."""
        try:
            while self.asked:
                questions = self.asked[:AT_ONCE]
                del self.asked[:AT_ONCE]
                for question, answer in zip(questions, await self._rows_of(questions), strict=True):
                    if question.answered.done():
                        continue  # who asked is gone
                    if isinstance(answer, Exception):
                        question.answered.set_exception(answer)
                    else:
                        question.answered.set_result(answer)
        finally:
            self.answering.clear()

    async def _rows_of(self, questions: list[Question]) -> list[Answer]:
        """Make one trip; if it fails as a whole, everybody has an exception of his own."""
        try:
            # the only way to its thread with more than one statement
            return await self.awaited._execute(self._run, questions)  # type: ignore[no-any-return, no-untyped-call] # noqa: SLF001
        except Exception as failed:  # noqa: BLE001 raised where the questions were asked
            return [type(failed)(*failed.args) for _ in questions]

    def _run(self, questions: list[Question]) -> list[Answer]:
        """Run statements in the thread."""
        return [self._rows(question) for question in questions]

    def _rows(self, question: Question) -> Answer:
        try:
            return self.threaded.execute(question.sql, question.values).fetchall()
        except Exception as wrong:  # noqa: BLE001 raised where the question was asked
            return wrong
