"""The shelf of runs: the names and pins that people give them, whose they are, and runs as words of a link.

All that is in one small file beside the checkpoints:
{"mlp-3f9a1c20b7": {"name": "second try", "pinned": true, "owner": "5d41402abc4b2a76"}}.
"""

import csv
import io
import json
import logging
import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Lock
from types import MappingProxyType

from core.checkpoints import FOLDER, KEY
from core.config import Config, MLPConfig, SettingsError, from_query, to_query
from core.files.folder import FolderError, aside, identity, move_aside, reading
from core.files.folder import replace as keep
from core.history import EpochEnd
from core.text import length, readable

log = logging.getLogger(__name__)

FILE = "shelf.json"  # in the folder of the checkpoints
MAX_BYTES = 16 * 2**20  # of that file: names of 60,000 runs
OWNER = re.compile(r"([0-9a-f]{16})?")
LONGEST_NAME = 60  # characters, as people see them
MOST_RUNS = 30  # in one link, and in one chart: six settings with five seeds

_writing = Lock()
_read: dict[
    Path, tuple[tuple[int, ...], Mapping[str, "Label"]]
] = {}  # of each folder's file: which it was, and what it says


class LabelError(ValueError):
    """A name that cannot be given. The message is one sentence for the person who chose it."""


@dataclass(frozen=True)
class Label:
    """What people gave a run: a name, which may be empty, and a pin. Raises LabelError for anything else.

    `owner` is who started it, as core/host/visitors.py writes that; empty where nobody is known to have.
    """

    name: str = ""
    pinned: bool = False
    owner: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not isinstance(self.pinned, bool):
            raise LabelError("A label is a name and whether it is pinned.")
        if not isinstance(self.owner, str) or not OWNER.fullmatch(self.owner):
            raise LabelError("An owner is written in 16 hexadecimal digits.")
        object.__setattr__(self, "name", self.name.strip())
        if length(self.name) > LONGEST_NAME or not readable(self.name):
            raise LabelError(f"A name has at most {LONGEST_NAME} characters, of any script, and they can be seen.")


UNLABELLED = Label()


def read(folder: Path = FOLDER) -> Mapping[str, Label]:
    """The label of every run that has one, by key. A damaged file is moved aside and counts as empty.

    A page asks a dozen times, so it is read again only where another file is in its place.
    """
    path = _file(folder)
    try:
        which = identity(os.stat(path))
        known = _read.get(path)
        if known is None or known[0] != which:
            known = _read[path] = which, MappingProxyType(_labels(path))
        return known[1]
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        log.warning("%s cannot be read: %s", FILE, error)
        return {}


def put(key: str, label: Label, folder: Path = FOLDER) -> None:
    """Give a run its label; an empty one takes away what it had. Raises FolderError where it cannot be kept."""
    _change(lambda every: every | {key: label}, folder)


def own(keys: Collection[str], owner: str, known: Collection[str], folder: Path = FOLDER) -> None:
    """Note whose these runs are, unless somebody has them already. Raises FolderError where that cannot be kept.

    `known` are all runs that there are: of any other it is forgotten whose it was.
    """

    def owned(every: dict[str, Label]) -> dict[str, Label]:
        left = {key: label for key, label in every.items() if key in known or label != Label(owner=label.owner)}
        for key in keys:
            label = left.get(key, UNLABELLED)
            left[key] = label if label.owner else replace(label, owner=owner)
        return left

    _change(owned, folder)


def forget(keys: Collection[str], folder: Path = FOLDER) -> None:
    """Take away all that was given to these runs. Raises FolderError where that cannot be kept."""
    if not read(folder).keys().isdisjoint(keys):
        _change(lambda every: {key: label for key, label in every.items() if key not in keys}, folder)


def _change(to: Callable[[dict[str, Label]], dict[str, Label]], folder: Path) -> None:
    with _writing:
        try:
            every = to(_labels(_file(folder)))
        except OSError as error:  # what it holds must not be lost
            raise FolderError(f"{FILE} cannot be read ({error.strerror}).") from None
        entries = {key: entry(label) for key, label in every.items() if label != UNLABELLED}
        keep(_file(folder), json.dumps(entries, indent=1, ensure_ascii=False).encode())
        _read.pop(_file(folder), None)  # two files within a clock's tick may look like one


def entry(label: Label) -> dict[str, str | bool]:
    """A label as it is written: an owner is left out where there is none."""
    return {name: value for name, value in asdict(label).items() if value != "" or name == "name"}


def parse(text: bytes) -> Label:
    """The label in the JSON of an `entry`. Raises LabelError for any other text."""
    try:
        return Label(**json.loads(text))
    except (ValueError, TypeError, RecursionError) as error:
        raise error if isinstance(error, LabelError) else LabelError("This is no label.") from None


def sound(folder: Path = FOLDER) -> bool:
    """Whether what has no label here was given none: the file can be read, and no damaged one was moved out of its place."""
    try:
        with reading(_file(folder), MAX_BYTES):
            return not os.path.lexists(aside(_file(folder)))
    except OSError:
        return False


def _labels(path: Path) -> dict[str, Label]:
    try:
        with reading(path, MAX_BYTES) as file:
            seen, text = os.fstat(file.fileno()), file.read()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    try:
        entries = json.loads(text)
        if not all(KEY.fullmatch(key) for key in entries):
            raise ValueError("a key that is none")
        return {key: Label(**entry) for key, entry in entries.items()}
    except (ValueError, TypeError, AttributeError, RecursionError):
        log.warning("%s cannot be read. %s: runs have lost their names and pins", path, move_aside(path, seen))
    return {}


def history_csv(history: Sequence[EpochEnd]) -> str:
    """A history as a table of comma-separated values, one line for each epoch below the names of the columns."""
    file = io.StringIO()
    lines = csv.writer(file, lineterminator="\n")
    lines.writerow(EpochEnd._fields)
    lines.writerows(history)
    return file.getvalue()


def run_token(config: Config) -> str:
    """A run in a link: its key, and whatever of its settings differs, e.g. "mlp-12b2d66af6:train_size=2000"."""
    settings = to_query(config)
    del settings["network"]
    return ":".join([config.key, *filter(None, [",".join(f"{name}={value}" for name, value in settings.items())])])


def parse_run_token(text: str) -> tuple[str, Config | None]:
    """The key in a token of `run_token`, and its settings, or None where the token has but the key.

    Raises SettingsError, one sentence, where it has no key, or settings that are not the key's.
    """
    key, colon, rest = text.partition(":")
    if not KEY.fullmatch(key):
        raise SettingsError(f"“{text[:60]}” is no run; one looks like {run_token(MLPConfig())}.")
    settings = dict(setting.partition("=")[::2] for setting in rest.split(",") if setting)
    config, _ = from_query({**settings, "network": key.partition("-")[0]})
    if config.key == key:
        return key, config
    if not colon:
        return key, None
    raise SettingsError(f"The run {key} was left out: the settings that the link has for it do not belong to it.")


def _file(folder: Path) -> Path:
    return folder / FILE
