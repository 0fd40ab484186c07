"""fastapi-users on equal terms: session rows, the same Argon2id, WAL, a page with eight fields.

BENCH_DATABASE names the file, BENCH_PASSWORD everybody's password, BENCH_USERS how many to make.
"""

import asyncio
import os
import sys
import uuid
from collections.abc import AsyncIterator

from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin, schemas
from fastapi_users.authentication import AuthenticationBackend, CookieTransport
from fastapi_users.authentication.strategy.db import AccessTokenDatabase, DatabaseStrategy
from fastapi_users.password import PasswordHelper
from fastapi_users_db_sqlalchemy import SQLAlchemyBaseUserTableUUID, SQLAlchemyUserDatabase
from fastapi_users_db_sqlalchemy.access_token import (
    SQLAlchemyAccessTokenDatabase,
    SQLAlchemyBaseAccessTokenTableUUID,
)
from jinja2 import DictLoader, Environment
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import event, insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped

ENGINE = create_async_engine(f"sqlite+aiosqlite:///{os.environ['BENCH_DATABASE']}")
SESSIONS = async_sessionmaker(ENGINE, expire_on_commit=False)
HELPER = PasswordHelper(
    PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1),))
)
FILLER = "x" * int(os.environ.get("BENCH_BYTES", "0"))
PAGE = Environment(
    autoescape=True,
    loader=DictLoader(
        {
            "page": """<!DOCTYPE html><html lang="ja"><title>profile</title><main><h1>profile</h1>
<dl>{% for name, value in rows %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>
<p>{{ filler }}</p></main></html>"""
        }
    ),
).get_template("page")


@event.listens_for(ENGINE.sync_engine, "connect")
def _pragmas(connection, _record):
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


class Base(DeclarativeBase):
    """The tables."""


class User(SQLAlchemyBaseUserTableUUID, Base):
    """A user."""

    name: Mapped[str]


class AccessToken(SQLAlchemyBaseAccessTokenTableUUID, Base):
    """A session row."""


class Shown(schemas.BaseUser[uuid.UUID]):
    """What a user sees of itself."""

    name: str


class Changed(schemas.BaseUserUpdate):
    """What a user changes of itself."""

    name: str | None = None


async def sessions() -> AsyncIterator[AsyncSession]:
    async with SESSIONS() as session:
        yield session


async def users(session: AsyncSession = Depends(sessions)):
    yield SQLAlchemyUserDatabase(session, User)


async def access_tokens(session: AsyncSession = Depends(sessions)):
    yield SQLAlchemyAccessTokenDatabase(session, AccessToken)


class Manager(UUIDIDMixin, BaseUserManager[User, uuid.UUID]):
    """Nothing of its own."""


async def manager(found=Depends(users)):
    yield Manager(found, HELPER)


def strategy(found: AccessTokenDatabase = Depends(access_tokens)) -> DatabaseStrategy:
    return DatabaseStrategy(found, lifetime_seconds=8 * 3600)


BACKEND = AuthenticationBackend("rows", CookieTransport(cookie_secure=False), strategy)
USERS = FastAPIUsers[User, uuid.UUID](manager, [BACKEND])
app = FastAPI()
app.include_router(USERS.get_auth_router(BACKEND), prefix="/auth")
app.include_router(USERS.get_users_router(Shown, Changed), prefix="/users")


@app.get("/profile")
async def profile(user: User = Depends(USERS.current_user(active=True))):
    rows = [("id", user.id), ("email", user.email), ("active", user.is_active)]
    rows += [(f"field {number}", user.email) for number in range(5)]
    return HTMLResponse(PAGE.render(rows=rows, filler=FILLER))


async def prepare(number: int) -> None:
    """Make the tables and the users."""
    hashed = HELPER.hash(os.environ["BENCH_PASSWORD"])
    async with ENGINE.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        rows = [
            {
                "id": uuid.uuid4(),
                "email": f"knca{each:04}@example.jp",
                "hashed_password": hashed,
                "name": "",
            }
            for each in range(1, number + 1)
        ]
        await connection.execute(insert(User), rows)
    await ENGINE.dispose()


if __name__ == "__main__":
    asyncio.run(prepare(int(sys.argv[2])))
