"""An npz file that may come from anybody: its members are listed, held against what ours have, and only then read.

NumPy and zipfile believe what such a file says of itself: how many members it has, how large each becomes, which of a dozen
packings it has. Nothing is unpacked here before that has been found to be in bounds, and no object is ever made of it.
"""

import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from typing import BinaryIO

import numpy as np

MAX_BYTES = 64 * 2**20  # unpacked; the largest network with all its snapshots takes 10 MB
MOST_MEMBERS = 200  # the deepest network has 81 while it learns
MOST_LISTED = 2**15  # bytes of the list of members
MOST_TEXT = 2**18  # characters; 200 epochs take 30,000
MOST_HEADER = 1_000  # characters of an array's header; ours have 118
MEMBER = re.compile(r"(?P<name>meta|(model|optimizer|snapshots)\.[A-Za-z0-9_.]{1,80})\.npy")
PACKINGS = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED  # others may ask for gigabytes to be unpacked with
ENCRYPTED = 0x1
END, END_OF_64 = b"PK\x05\x06", b"PK\x06\x07"
END_SIZE, END_OF_64_SIZE = 22, 20


class CheckpointError(ValueError):
    """A file that is no checkpoint of ours, or is damaged. The message says which and what is wrong."""


class Archive:
    """The members of an npz file, read one by one. Raises CheckpointError unless each can be one of ours."""

    def __init__(self, file: BinaryIO):
        try:
            _require_short_list(file)
            self._zip = zipfile.ZipFile(file)
        except CheckpointError:
            raise
        except Exception as error:  # damaged bytes raise a dozen kinds in zipfile and struct
            raise CheckpointError(f"it is no npz file, or damaged ({words(error)})") from None
        members = self._zip.infolist()
        if sum(member.file_size for member in members) > MAX_BYTES:
            raise CheckpointError(f"it unpacks to more than {MAX_BYTES // 2**20} MB")
        for member in members:
            if not MEMBER.fullmatch(member.filename):
                raise CheckpointError(f"it has a part that no run has, {member.filename[:40]!a}")
        twice = [name for name, n in Counter(member.filename for member in members).items() if n > 1]
        if twice:
            raise CheckpointError(f"it has two parts called {min(twice).removesuffix('.npy')}")
        self.names = [member.filename.removesuffix(".npy") for member in members]

    @property
    def identity(self) -> str:
        """What names its contents, from the checksums in its list of members: nothing is unpacked."""
        members = sorted((member.filename, member.CRC, member.file_size) for member in self._zip.infolist())
        return hashlib.sha256(json.dumps(members).encode()).hexdigest()[:16]

    def array(self, name: str) -> np.ndarray:
        """An array of numbers. Raises CheckpointError for anything else."""
        return self._read(name, "fiub")

    def text(self, name: str) -> str:
        """A text that stands alone. Raises CheckpointError for anything else."""
        array = self._read(name, "U")
        if array.shape != ():
            raise CheckpointError(f"its {name} cannot be read (it is no single text)")
        try:
            return str(array)
        except ValueError as error:  # what is no character
            raise CheckpointError(f"its {name} cannot be read ({words(error)})") from None

    def _read(self, name: str, kinds: str) -> np.ndarray:
        try:
            member = self._zip.getinfo(f"{name}.npy")
            if member.flag_bits & ENCRYPTED or member.compress_type not in PACKINGS:
                raise ValueError("it is encrypted, or packed as ours are not")
            return _array(self._zip.read(member), kinds)
        except MemoryError:
            raise
        except Exception as error:  # in zlib, struct, tokenize and NumPy, too
            raise CheckpointError(f"its {name} cannot be read ({words(error)})") from None


def _array(data: bytes, kinds: str) -> np.ndarray:
    """The array in a member's bytes, if it is of one of NumPy's kinds ("f" for floats), and has exactly the bytes it says."""
    file = io.BytesIO(data)
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise ValueError(f"it is written in version {version} of the format")
    shape, by_columns, dtype = np.lib.format.read_array_header_1_0(file, max_header_size=MOST_HEADER)
    if dtype.kind not in kinds or dtype.hasobject or dtype.itemsize > 4 * MOST_TEXT:
        raise ValueError(f"it is of {dtype.name[:40]}")
    rest = data[file.tell() :]
    expected = dtype.itemsize
    for length in shape:
        expected *= length  # of Python's integers, which do not overflow
    if any(length < 0 for length in shape) or len(rest) != expected:
        raise ValueError("it is longer or shorter than it says")
    return np.ndarray(shape, dtype, bytearray(rest), order="F" if by_columns else "C")


def _require_short_list(file: BinaryIO) -> None:
    """Raise CheckpointError where the list of members is longer than any of ours: reading it alone could take the memory."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - END_SIZE - END_OF_64_SIZE))
    end = file.read()
    file.seek(0)
    members, listed = int.from_bytes(end[-12:-10], "little"), int.from_bytes(end[-10:-6], "little")
    if end[-END_SIZE:][:4] != END or end.startswith(END_OF_64):
        raise CheckpointError("it is no npz file, or damaged (it does not end as one)")
    if members > MOST_MEMBERS or listed > MOST_LISTED:
        raise CheckpointError("it is no npz file of a run (it has too many parts)")


def words(error: Exception) -> str:
    """What an error says, in one line that fits into a sentence."""
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
