"""What whoever hosts a Digit Lab decides: who may do what, and how much a visitor may ask for.

Read from a TOML file, digit_lab.toml beside app.py or the one that DIGIT_LAB_SETTINGS names, and from the environment, which has
the last word: DIGIT_LAB_MODE=showcase is `mode = "showcase"`. What is in neither has its default.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

from core.kinds import Choice, Range, SettingsError, check_settings, exactly, label, setting

ROOT = Path(__file__).parent.parent.parent
FILE = "digit_lab.toml"
PREFIX = "DIGIT_LAB_"
ELSEWHERE = {f"{PREFIX}{name}" for name in ("SETTINGS", "WEIGHTS", "KEEP_SKETCHES", "SCRATCH")}  # where each is used
MOST_BYTES = 100_000  # of the file
ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?")
# Of what fsspec reads. Who one is there is nobody's to read in a file of ours.
PLACE = re.compile(r"([a-z][a-z0-9+.-]{0,19}://((?!::)[^\s@]){1,400})?")
SHORTEST_TOKEN = 16
SHORTEST_SECRET = 32  # characters of what cookies are signed with
SHORTEST_CODE = 6  # characters: it can be tried as often as somebody likes to wait


class Switch:
    """Yes or no: true or false."""

    def nearest(self, text: str) -> bool:
        if text not in ("true", "false"):
            raise SettingsError(f"must be {self}")
        return text == "true"

    def checked(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise SettingsError(f"must be {self}")
        return value

    def text(self, value: bool) -> str:
        return str(value).lower()

    def __str__(self) -> str:
        return "true or false"


class People(NamedTuple):
    """A list of people, as a provider of accounts calls them; in the environment with commas between them."""

    most: int

    def nearest(self, text: str) -> tuple[str, ...]:
        return self.checked([word.strip() for word in text.split(",") if word.strip()])

    def checked(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or len(value) > self.most:
            raise SettingsError(f"must be {self}")
        if not all(isinstance(one, str) and 0 < len(one) <= 200 for one in value):
            raise SettingsError(f"must be {self}")
        return tuple(value)

    def text(self, value: tuple[str, ...]) -> str:
        return ",".join(value)

    def __str__(self) -> str:
        return f"a list of at most {self.most} texts of 1 to 200 characters"


class Secret(NamedTuple):
    """A word that only some people know; empty for none."""

    shortest: int

    def nearest(self, text: str) -> str:
        return self.checked(text)

    def checked(self, value: Any) -> str:
        if not isinstance(value, str) or 0 < len(value) < self.shortest or len(value) > 200:
            raise SettingsError(f"must be {self}")
        return value

    def text(self, value: str) -> str:
        return value

    def __str__(self) -> str:
        return f"a text of {self.shortest} to 200 characters"


class Origins(NamedTuple):
    """Where pages come from: https://moodle.example.org, several of them apart by spaces; empty for none."""

    def nearest(self, text: str) -> str:
        return self.checked(text)

    def checked(self, value: Any) -> str:
        if not isinstance(value, str) or not all(map(ORIGIN.fullmatch, value.split())):
            raise SettingsError(f"must be {self}")
        return " ".join(value.split())

    def text(self, value: str) -> str:
        return value

    def __str__(self) -> str:
        return "addresses such as https://moodle.example.org, apart by spaces"


class Place(NamedTuple):
    """A folder at an address that fsspec knows, without a name or a password in it; empty for none."""

    def nearest(self, text: str) -> str:
        return self.checked(text)

    def checked(self, value: Any) -> str:
        if not isinstance(value, str) or not PLACE.fullmatch(value):
            raise SettingsError(f"must be {self}")
        return value.rstrip("/")

    def text(self, value: str) -> str:
        return value

    def __str__(self) -> str:
        return "an address such as s3://bucket/folder, without a password"


@dataclass(frozen=True)
class Hosting:
    """How a Digit Lab is hosted. Raises SettingsError, one sentence, for a value that is not allowed."""

    # open: everybody trains, and what nobody owns is everybody's. class: a teacher, who knows a code, may change everything.
    # showcase: everything can be looked at, nothing trains, no run is kept.
    mode: str = setting("open", Choice(("open", "class", "showcase")))
    teacher_code: str = setting("", Secret(SHORTEST_CODE))
    sign_in: bool = setting(False, Switch())  # with an account of the provider in .streamlit/secrets.toml
    teachers: tuple[str, ...] = setting((), People(100))  # among those who sign in, by verified e-mail or by subject
    workers: int = setting(0, Range(0, 64, int))  # 0: one for each core
    # Of memory. A worker takes about 500 with torch and MNIST; one that takes more than it may is started anew.
    megabytes_per_worker: int = setting(2_048, Range(600, 1_000_000, int))
    # low: one worker unless it is said otherwise, and torch in no process before somebody asks for a CNN
    memory: str = setting("usual", Choice(("usual", "low")))
    runs_per_visitor: int = setting(120, Range(1, 5_000, int))  # queued and training; the over-fitting page asks for 60
    runs_in_all: int = setting(1_000, Range(1, 20_000, int))  # queued and training, of all visitors
    # In one go: then it is stopped, and can be resumed.
    minutes_per_run: float = setting(60.0, Range(0.1, 10_000.0, float))
    megabytes_of_runs: int = setting(5_000, Range(1, 10_000_000, int))  # of their folder; a run takes about two
    uploads_per_hour: int = setting(30, Range(0, 1_000, int))  # of a visitor
    upload_megabytes_per_hour: int = setting(100, Range(0, 10_000, int))  # of a visitor
    # Several servers: where they exchange what each of them keeps, and what all of them sign cookies with.
    mirror: str = setting("", Place())
    cookie_secret: str = setting("", Secret(SHORTEST_SECRET))
    log: str = setting("text", Choice(("text", "json")))  # json: a line is an object, without anybody's words in it
    metrics_token: str = setting("", Secret(SHORTEST_TOKEN))  # who sends it may read /metrics of `make serve`
    embedded_by: str = setting("", Origins())  # whose pages may show those of `make serve` in a frame

    def __post_init__(self) -> None:
        check_settings(self)
        if self.mode == "class" and not self.teacher_code and not (self.sign_in and self.teachers):
            raise SettingsError(
                "Mode class needs a teacher code, which lets one change everything, or sign-in and teachers."
            )

    @property
    def trains(self) -> bool:
        """Whether anything is trained at all."""
        return self.mode != "showcase"

    @property
    def processes(self) -> int:
        """How many train at a time."""
        return self.workers or (1 if self.sparing else os.cpu_count() or 1)

    @property
    def sparing(self) -> bool:
        """Whether memory is scarcer than time."""
        return self.memory == "low"


def hosting(file: Path | None = None, environment: Mapping[str, str] = os.environ) -> Hosting:
    """What the file says, and the environment. Raises SettingsError, one sentence, for what cannot be used."""
    return Hosting(**{**_of_file(file or _file(environment)), **_of_environment(environment)})


def _file(environment: Mapping[str, str]) -> Path | None:
    named = environment.get("DIGIT_LAB_SETTINGS", "")
    if named:
        return Path(named)
    usual = ROOT / FILE
    return usual if usual.exists() else None


def _of_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        with open(path, "rb") as file:
            text = file.read(MOST_BYTES + 1)
        if len(text) > MOST_BYTES:
            raise SettingsError(f"{path.name} has more than {MOST_BYTES:,} bytes: it is no file of settings.")
        found = tomllib.loads(text.decode())
    except OSError as error:
        raise SettingsError(f"{path.name} cannot be read ({error.strerror}).") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path.name} is no TOML ({str(error)[:100]}).") from None
    _require_known(found, path.name)
    return found


def _of_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    texts = {
        name.removeprefix(PREFIX).lower(): text
        for name, text in environment.items()
        if name.startswith(PREFIX) and name not in ELSEWHERE
    }
    _require_known(texts, "The environment")
    found = {}
    for spec in fields(Hosting):
        if spec.name in texts:
            try:
                found[spec.name] = exactly(spec.metadata["limits"], texts[spec.name])
            except SettingsError as error:
                raise SettingsError(f"{label(spec.name)} {error}.") from None
    return found


def _require_known(found: Mapping[str, Any], where: str) -> None:
    names = {spec.name for spec in fields(Hosting)}
    for name in found:
        if name not in names:
            raise SettingsError(f"{where} has a setting “{name[:40]}”, and there is none: {', '.join(sorted(names))}.")
