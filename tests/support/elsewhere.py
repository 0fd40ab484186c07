"""Another node: services in a process of its own, which does what a test tells it."""

import asyncio
import multiprocessing
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from multiprocessing.connection import Connection
from typing import Any, Concatenate, ParamSpec, TypeVar

from tests.support.product import CHEAP
from web import clock
from web.services import Services, Work
from web.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")
Told = tuple[Callable[..., Awaitable[Any]], tuple[Any, ...], dict[str, Any], int]
_SPAWN = multiprocessing.get_context("spawn")


class Elsewhere:
    """A process that opens services, one after the other."""

    def __init__(self, line: "Connection") -> None:
        self._line = line

    @asynccontextmanager
    async def opened(self, settings: Settings) -> AsyncIterator["Elsewhere"]:
        """Have it open those of an installation for the block."""
        await self._answer(settings)
        try:
            yield self
        finally:
            await self._answer(None)

    async def write(
        self,
        flow: Callable[Concatenate[Work, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run flow(work, …) there in a transaction; give or raise what came of it."""
        return await self.call(_write, flow, *args, **kwargs)

    async def call(self, work: Callable[..., Awaitable[T]], *args: Any, **kwargs: Any) -> T:
        """Run work(services, …) there, at the moment that it is here."""
        done: T = await self._answer((work, args, kwargs, clock.now()))
        return done

    async def _answer(self, told: Told | Settings | None) -> Any:
        self._line.send(told)
        failed, found = await asyncio.to_thread(self._line.recv)
        if failed:
            kind, words = found
            raise kind.__new__(kind, words)  # many are made of more than words
        return found


@contextmanager
def process() -> Iterator[Elsewhere]:
    """Run one for the block."""
    ours, theirs = _SPAWN.Pipe()
    made = _SPAWN.Process(target=_run, args=(theirs,), daemon=True)
    made.start()
    theirs.close()
    try:
        yield Elsewhere(ours)
    finally:
        ours.close()
        made.join()


async def _write(
    services: Services, flow: Callable[..., Awaitable[T]], *args: Any, **kwargs: Any
) -> T:
    return await services.write(flow, *args, **kwargs)


def _run(line: "Connection") -> None:
    with suppress(EOFError):  # nobody has anything to tell any more
        while True:
            asyncio.run(_serve(line, line.recv()))


async def _serve(line: "Connection", settings: Settings) -> None:
    services = Services.of(settings, CHEAP)
    await services.open()
    line.send((False, None))
    while told := await asyncio.to_thread(line.recv):  # what goes on by itself goes on
        work, args, kwargs, moment = told
        clock.now = lambda moment=moment: moment  # type: ignore[misc]
        try:
            line.send((False, await work(services, *args, **kwargs)))
        except Exception as wrong:  # noqa: BLE001 raised where it is waited for
            traceback.print_exception(wrong)
            line.send((True, (type(wrong), str(wrong))))
    services.passwords.close()
    await services.database.close()
    line.send((False, None))
