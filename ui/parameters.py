"""What a parameter of a page may be, beside the numbers and words of core/kinds.py."""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from core.checkpoints import KEY
from core.images.codes import ChosenError, chosen
from core.kinds import Choice, Kind, Range, SettingsError
from ui.shared import images_of


class Text(NamedTuple):
    """Whatever somebody types, cut off after `most` characters."""

    most: int

    def nearest(self, text: str) -> str:
        return text[: self.most]

    def checked(self, value: Any) -> str:
        if not isinstance(value, str):
            raise SettingsError("must be a text")
        return value[: self.most]

    def text(self, value: str) -> str:
        return value


class Flag:
    """Yes or no: "True" or "False" in an address."""

    WORDS = Choice(("False", "True"))

    def nearest(self, text: str) -> bool:
        return self.WORDS.nearest(text) == "True"

    def checked(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise SettingsError("must be yes or no")
        return value

    def text(self, value: bool) -> str:
        return str(value)


class ImageCode:
    """The name of an image, as core/images/codes.py reads it."""

    def nearest(self, text: str) -> str:
        try:
            return chosen(text, images_of).code
        except ChosenError as error:
            raise SettingsError(f"cannot be opened ({str(error).rstrip('.')})") from None

    def checked(self, value: Any) -> str:
        return self.nearest(value if isinstance(value, str) else "")

    def text(self, value: str) -> str:
        return value


class Key:
    """The key of a run, or of the settings that the runs of several seeds share."""

    instead: ClassVar[str] = ""  # what is done where it is none

    def nearest(self, text: str) -> str:
        if not KEY.fullmatch(text):
            raise SettingsError(f"“{text[:40]}” is not the key of a run{self.instead}.")
        return text

    def checked(self, value: Any) -> str:
        return self.nearest(str(value))

    def text(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class RunKey(Key):
    """The key of a run that there is something to see of. Its epoch is the parameter called `epoch`."""

    instead: ClassVar[str] = ": showing another one"
    epoch: str


class RunOrNone:
    """The key of a run, or nothing, for which an empty text stands."""

    def nearest(self, text: str) -> str:
        if text and not KEY.fullmatch(text):
            raise SettingsError(f"“{text[:40]}” is not the key of a run.")
        return text

    def checked(self, value: Any) -> str:
        return self.nearest(str(value))

    def text(self, value: str) -> str:
        return value


class RunAtEpoch:
    """A run's key, with "@" and an epoch behind it where that is not the last one: "mlp-0123456789@3"."""

    EPOCH = Range(0, 200, int)

    def nearest(self, text: str) -> str:
        key, at, epoch = text.partition("@")
        if not KEY.fullmatch(key):
            raise SettingsError(f"“{key[:40]}” is not the key of a run.")
        return f"{key}@{self.EPOCH.nearest(epoch)}" if at else key

    def checked(self, value: Any) -> str:
        return self.nearest(str(value))

    def text(self, value: str) -> str:
        return value


@dataclass(frozen=True)
class Several:
    """From `fewest` to `most` values of a kind, each once; `called` is what they are, in the plural.

    In an address they stand in one text with the separator between them, or, without one, in a parameter each. A control
    may hold fewer for a moment: whoever makes something of them says then what is missing.
    """

    kind: Kind
    most: int
    called: str
    fewest: int = 0
    separator: str = ""

    def words(self, texts: list[str]) -> list[str]:
        """The texts of the single values; no more of them than it takes to say that there are too many."""
        each = [word for text in texts for word in (text.split(self.separator) if self.separator else [text])]
        return [word for word in each if word][: 4 * self.most]

    def checked(self, value: Any) -> tuple[Any, ...]:
        """The values in their proper type. Raises SettingsError where one is not allowed."""
        if not isinstance(value, list | tuple) or len(value) > 4 * self.most:
            raise SettingsError(f"must be up to {self.most} {self.called}")
        return tuple(dict.fromkeys(self.kind.checked(one) for one in value))

    def texts(self, value: tuple[Any, ...]) -> str | list[str]:
        """What stands for the values in an address."""
        words = [self.kind.text(one) for one in value]
        return self.separator.join(words) if self.separator else words


class Parameter(NamedTuple):
    """One parameter of a page. `always` is for what an address names even where it is at its default."""

    name: str
    kind: Kind | Several
    default: Any
    always: bool = False

    def checked(self, value: Any) -> Any:
        """A control's value in its proper type. Raises SettingsError where it is not allowed."""
        return value if value is None and self.default is None else self.kind.checked(value)

    def widget(self, value: Any) -> Any:
        """The value as a control holds it."""
        return list(value) if isinstance(value, tuple) else value

    def link(self, value: Any) -> str | list[str]:
        """The value as an address says it."""
        return self.kind.texts(value) if isinstance(self.kind, Several) else self.kind.text(value)
