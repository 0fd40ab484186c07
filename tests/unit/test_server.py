"""The process that serves: what is there when it starts is not looked through for garbage again."""

import gc

import pytest
from starlette.applications import Starlette
from uvicorn import Config

from web.cli.server import Server

pytestmark = pytest.mark.anyio


async def test_the_garbage_collector_passes_over_what_the_start_has_loaded() -> None:
    """The lists of banks, words and addresses: a look through all of them stops everybody for 0.15 s."""
    server = Server(Config(Starlette(), port=0, lifespan="off", log_config=None))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    kept = gc.get_freeze_count()
    try:
        await server.startup()
        assert gc.get_freeze_count() > kept + 1_000
    finally:
        gc.unfreeze()
        await server.shutdown()
