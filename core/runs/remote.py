"""The folder that several servers have in common, at any address that fsspec knows: s3://bucket/lab, file:///mnt/lab.

What is found there is somebody else's: only names of ours are read, only files, and only so many bytes of them. Whatever else lies
there is left alone, and said once.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Mapping
from contextlib import suppress
from time import time
from typing import Any, NamedTuple

from core.runs.versions import Version, parse

log = logging.getLogger(__name__)

SECONDS_OF_A_CLOCK = 86_400.0  # by which another server's may be ahead


class Allowed(NamedTuple):
    """What a kind of things may be called, and how large one may be."""

    names: re.Pattern[str]
    most: int  # bytes


class Remote:
    """Versions of things, each a file whose name says which. Every call raises whatever the file system raises, of any kind."""

    def __init__(self, url: str, allowed: Mapping[str, Allowed]):
        self.url, self.allowed = url, allowed
        self.refused: dict[str, str] = {}  # by name: why something that lies there is left alone
        # What was read and cannot be used, with its size: what is still being written grows.
        self._unfit: set[tuple[Version, int]] = set()
        self._files: Any = None
        self._root = ""

    def listed(self) -> defaultdict[str, dict[Version, int]]:
        """The versions of each thing, each with its size in bytes."""
        self._open()
        self._files.invalidate_cache()
        found: defaultdict[str, dict[Version, int]] = defaultdict(dict)
        try:
            entries = self._files.ls(self._root, detail=True)
        except FileNotFoundError:
            entries = []  # nothing was brought yet
        for entry in entries:
            name = str(entry["name"]).rstrip("/").rpartition("/")[2]
            version, size = parse(name), entry.get("size") or 0
            reason = self._why_not(version, entry.get("type"), size)
            if reason:
                self._say(name, reason)
            elif version is not None and (version, size) not in self._unfit:
                found[version.thing][version] = size
        return found

    def read(self, version: Version) -> bytes:
        """Its bytes; none where it is gone again, or not written yet."""
        with suppress(FileNotFoundError):
            most = self.allowed[version.kind].most
            return self._files.cat_file(self._path(version), start=0, end=most + 1)
        return b""

    def write(self, version: Version, data: bytes) -> None:
        self._files.pipe_file(self._path(version), data)

    def remove(self, version: Version) -> None:
        """Take a version away, unless another server was faster."""
        with suppress(FileNotFoundError):
            self._files.rm_file(self._path(version))

    def refuse(self, version: Version, size: int, reason: str) -> None:
        """Leave a version alone that was read and cannot be used."""
        self._unfit.add((version, size))
        self._say(str(version), reason)

    def _open(self) -> None:
        if self._files is None:
            from fsspec.core import url_to_fs  # whoever has no such folder does without it

            self._files, self._root = url_to_fs(self.url)

    def _path(self, version: Version) -> str:
        return f"{self._root.rstrip('/')}/{version}"

    def _why_not(self, version: Version | None, sort: str, size: int) -> str:
        """Why something cannot be a version of ours; empty where it can."""
        allowed = self.allowed.get(version.kind) if version else None
        if version is None or allowed is None or not allowed.names.fullmatch(version.name):
            return "it is none of ours"
        if sort != "file":
            return "it is no file"
        if size > allowed.most:
            return f"it has more than {allowed.most:,} bytes"
        return "it comes from the future" if version.when > time() + SECONDS_OF_A_CLOCK else ""

    def _say(self, name: str, reason: str) -> None:
        if self.refused.get(name) != reason:
            self.refused[name] = reason
            log.warning("In the mirror %s is left alone: %s.", ascii(name[:100]), reason)
