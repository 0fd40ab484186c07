"""The list of common and leaked passwords: a Bloom filter in one file, which misses none that is on the list."""

import hashlib
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from web.settings import BadSetting

# With these, 1 form in 38,000 that is not on the list is taken for one; two forms are looked up.
BITS_EACH = 22
_WORDS = struct.Struct(">16I")  # the 16 numbers of 32 bits in a SHA-512
MOST = 11_600_000  # passwords: a file of 31.9 MB
KEPT = 16  # bytes of each SHA-1
_VERSION = 1
_MAGIC = b"mypage-passwords"
_HEADER = struct.Struct(">16sHQQ")  # magic, version, number of passwords, when it was made
_SEAL = 32  # bytes: SHA-256 of the header and the bits, so that a damaged file is seen
_ALLOWED = "a file that `mypage passwords build-filter` made"


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of passwords that may not be set."""

    count: int
    made_at: int
    bits: bytes

    def has(self, prepared: str) -> bool:
        """Tell whether a prepared password is on the list, as it is or in lower case.

        Lists hold what most people typed: mostly lower case. A capital or two is the first thing that
        an attacker's rules add to a list, so it makes no listed password a good one.
        """
        return any(self._looked_up(form) for form in {prepared, prepared.lower()})

    def _looked_up(self, form: str) -> bool:
        places = _places(digest(form), len(self.bits) * 8)
        return all(self.bits[place >> 3] >> (place & 7) & 1 for place in places)


def digest(prepared: str) -> bytes:
    """Hash a password for the list: SHA-1, since public lists come as SHA-1; it protects nothing here."""
    return hashlib.sha1(prepared.encode(), usedforsecurity=False).digest()[:KEPT]


def _places(hashed: bytes, size: int) -> list[int]:
    """Give the bits that stand for a password."""
    return [word % size for word in _WORDS.unpack(hashlib.sha512(hashed).digest())]


def _bytes_for(count: int) -> int:
    return (count * BITS_EACH + 7) // 8


def build(digests: bytes, *, now: int) -> bytes:
    """Make the content of a file from the digests of passwords, which lie one behind the other."""
    count = len(digests) // KEPT
    bits = bytearray(_bytes_for(count))
    for at in range(0, len(digests), KEPT):
        for place in _places(digests[at : at + KEPT], len(bits) * 8):
            bits[place >> 3] |= 1 << (place & 7)
    header = _HEADER.pack(_MAGIC, _VERSION, count, now)
    return header + _seal(header, bits) + bits


def _seal(header: bytes, bits: bytes | bytearray) -> bytes:
    sealing = hashlib.sha256(header)
    sealing.update(bits)
    return sealing.digest()


def read(given: str) -> Listed:
    """Read the list of MYPAGE_PASSWORD_FILTER, or the one that ships. Raises BadSetting.

    Into memory, not mapped: to write over a mapped file, as `cp` does, would end the server (SIGBUS).
    Nothing of a file is used before its size and checksum fit.
    """
    return _read(Path(given)) if given else _shipped()


@cache
def _shipped() -> Listed:
    return _read(Path(__file__).with_name("common_passwords.filter"))


def _read(path: Path) -> Listed:
    try:
        with path.open("rb") as file:
            header, seal = file.read(_HEADER.size), file.read(_SEAL)
            count, made_at = _understood(header, path.stat().st_size)
            bits = file.read(_bytes_for(count))
    except (OSError, ValueError) as wrong:
        why = wrong.strerror if isinstance(wrong, OSError) else wrong
        raise _bad(path, str(why)) from wrong
    if _seal(header, bits) != seal:
        raise _bad(path, "it is damaged")
    return Listed(count, made_at, bits)


def _understood(header: bytes, size: int) -> tuple[int, int]:
    if len(header) < _HEADER.size or not header.startswith(_MAGIC):
        raise ValueError("it is another kind of file")
    _, version, count, made_at = _HEADER.unpack(header)
    if version != _VERSION:
        raise ValueError(f"it is of version {version}, not {_VERSION}")
    if not 0 < count <= MOST:
        raise ValueError(f"it holds {count} passwords, not 1 to {MOST}")
    if size != _HEADER.size + _SEAL + _bytes_for(count):
        raise ValueError("it is cut short, or something was added")
    return count, made_at


def _bad(path: Path, why: str) -> BadSetting:
    return BadSetting(f"MYPAGE_PASSWORD_FILTER: {str(path)!r} given; allowed: {_ALLOWED}: {why}")
