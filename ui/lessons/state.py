"""What the page Lessons shows: its parameters, which are those of its address. What somebody has predicted is among them.

A prediction stands under the name of its lesson, once it is recorded, so a link carries how far one has come. `hide` is for a teacher's
link: what is not to be seen by those who follow it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from core.kinds import Choice, SettingsError
from core.lessons.course import COURSE, ORDER
from ui.parameters import Parameter, Several
from ui.state import PageState, Values

HIDDEN = {
    "list": "the other lessons",
    "again": "predicting again",
    "takeaway": "what to keep of it",
    "ways": "the ways to other pages",
}


@dataclass(frozen=True)
class Predicted:
    """A prediction of a lesson, as the text that an address has of it."""

    lesson: str

    def nearest(self, text: str) -> str:
        asks = COURSE[self.lesson].asks
        return asks.text(asks.read(text))

    def checked(self, value: object) -> str:
        if not isinstance(value, str):
            raise SettingsError("must be a text")
        return self.nearest(value)

    def text(self, value: str) -> str:
        return value


class LessonsState(NamedTuple):
    """Which lesson is open, what is hidden, and what has been predicted, by lesson."""

    lesson: str
    hide: tuple[str, ...]
    predictions: Mapping[str, str]

    @property
    def prediction(self) -> str | None:
        """Of the lesson that is open."""
        return self.predictions.get(self.lesson)


def _made(values: Values) -> LessonsState:
    told = {name: values[name] for name in ORDER if values[name] is not None}
    return LessonsState(values["lesson"], values["hide"], told)


def _values(state: LessonsState) -> Values:
    told = {name: state.predictions.get(name) for name in ORDER}
    return {"lesson": state.lesson, "hide": state.hide, **told}


STATE: PageState[LessonsState] = PageState(
    "lessons",
    [
        Parameter("lesson", Choice(ORDER), ORDER[0]),
        Parameter("hide", Several(Choice(tuple(HIDDEN)), len(HIDDEN), "things to hide", separator=","), ()),
        *(Parameter(name, Predicted(name), None) for name in ORDER),
    ],
    _made,
    _values,
)
