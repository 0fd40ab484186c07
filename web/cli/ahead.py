"""Makes things in a process of its own, one ahead of whoever takes them: so that two cores work.

What goes to and fro is pickled. Not by `multiprocessing`, which would run the script that was started once more.
"""

import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, TypeVar, TypeVarTuple

from web.database import Unusable

T = TypeVar("T")
Args = TypeVarTuple("Args")
_BESIDE = "import sys; sys.path[:] = sys.argv[1:]; from web.cli.ahead import give; give()"


@contextmanager
def made_ahead(make: Callable[[*Args], Iterable[T]], *args: *Args) -> Iterator[Iterator[T]]:
    """Lend what make(*args) gives to the block, which need not take all. Raises Unusable where it ends early."""
    with subprocess.Popen(  # noqa: S603 what is run is ours
        [sys.executable, "-c", _BESIDE, *sys.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin  # noqa: S101 as was asked for
        assert process.stdout  # noqa: S101
        with suppress(BrokenPipeError), process.stdin as told:
            pickle.dump((make, args), told)
        try:
            yield _taken(process.stdout)
        except EOFError:
            raise Unusable(f"a process beside this one ended with {process.wait()}") from None
        finally:
            process.stdout.close()


def _taken(made: IO[bytes]) -> Iterator[T]:
    while (found := pickle.load(made)) is not None:  # noqa: S301 our own
        yield found[0]


def give() -> None:
    """Make what standard input tells, and write it to standard output while somebody reads."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who takes is interrupted, too, and takes no more
    make, args = pickle.load(sys.stdin.buffer)  # noqa: S301 our own
    try:
        for each in make(*args):
            pickle.dump((each,), sys.stdout.buffer)
            sys.stdout.flush()
        pickle.dump(None, sys.stdout.buffer)
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = None  # else the interpreter would try once more
