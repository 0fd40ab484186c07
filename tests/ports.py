"""Ports for the servers of tests and benchmarks."""

import os
import socket

# Linux gives out 32768 and up for port 0 and for outgoing connections, gVisor 16000 and up: what lies
# below, no mailbox and no browser can take between the moment a port is chosen and a server's start.
RANGE = range(10_000, 16_000)
_kept: list[socket.socket] = []


def free_port() -> int:
    """Find a port nobody listens on, and keep it from every other process that asks here."""
    start = os.getpid() * 97  # so that neighbours begin apart
    for step in range(len(RANGE)):
        port = RANGE[(start + step) % len(RANGE)]
        if _keep(port):
            return port
    raise OSError(f"no free port among {RANGE.start}–{RANGE.stop - 1}")


def _keep(port: int) -> bool:
    """Hold the same number of UDP until this process ends, so that two runs never choose one port."""
    keeper = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        keeper.bind(("127.0.0.1", port))
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        keeper.close()
        return False
    _kept.append(keeper)
    return True
