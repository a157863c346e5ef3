"""What the page Search shows: which settings are varied, over which values, and what all runs share, by the parameters of its address."""

import re
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from core.config import NETWORKS
from core.kinds import Choice, SettingsError
from core.search.along import ALONG
from core.search.grid import (
    FEWEST_VALUES,
    MOST_VALUES,
    QUICK,
    SEEDS,
    SETTINGS,
    Axis,
    Grid,
    alike,
    read_value,
    read_values,
    settings,
    usual_values,
    value_words,
)
from ui import links
from ui.parameters import Parameter, Several
from ui.search import study_state
from ui.search.study_state import WantedStudy
from ui.state import PageState, Values, parameters_of

NOTHING = "nothing"  # is varied besides
YES, NO = "yes", "no"
OF_A_GRID = ("networks", "setting", "values", "second", "second_values", "seeds", "column", "row", "along")
VALUE = re.compile(r"[\w.+-]{1,16}", re.ASCII)


class ValueText:
    """A value of some setting as somebody types it: whether it may be that, the setting says."""

    def nearest(self, text: str) -> str:
        return self.checked(text)

    def checked(self, value: Any) -> str:
        text = re.sub(r"[\s,]", "", value) if isinstance(value, str) else ""
        if not VALUE.fullmatch(text):
            raise SettingsError("must be numbers or words of up to 16 letters")
        return text

    def text(self, value: str) -> str:
        return value


class CellText(ValueText):
    """The same of a cell that is chosen, or nothing, for which an empty text stands."""

    def checked(self, value: Any) -> str:
        return "" if value == "" else super().checked(value)


class Wanted(NamedTuple):
    """A grid as its controls have it, which may for a moment be none: one with a single value, say."""

    networks: tuple[str, ...]
    setting: str
    values: tuple[str, ...]
    second: str
    second_values: tuple[str, ...]
    seeds: int
    column: str  # the cell of the heat map that is looked at: its value of the first setting
    row: str  # and of the second
    along: str  # at equal what runs are compared: epochs, steps or seconds
    all: str  # whether all settings are searched instead: "yes" or "no"
    study: WantedStudy  # how
    rest: Values

    @property
    def varied(self) -> list[str]:
        """The settings that are varied."""
        return [self.setting] if self.second == NOTHING else [self.setting, self.second]

    @property
    def grid(self) -> Grid:
        """The grid itself. Raises SettingsError where this is none."""
        values = zip(self.varied, (self.values, self.second_values), strict=False)
        axes = tuple(Axis(setting, read_values(setting, texts)) for setting, texts in values)
        networks = [network for network in NETWORKS if network in self.networks]
        return Grid(shared=alike(networks, self.rest), axes=axes, seeds=self.seeds)

    def shared(self) -> list[str]:
        """The settings that its runs share: those of any of its networks that are not varied."""
        of_any = {name for network in self.networks for name in settings(NETWORKS[network])}
        return [name for name in SETTINGS if name in of_any and name not in self.varied]

    def unsaid(self) -> list[str]:
        """The parameters of an address that say nothing of what is shown."""
        shared = self.study.shared() if self.all == YES else self.shared()
        idle = [name for name in SETTINGS if name not in shared]
        if self.all == YES:
            return [*idle, *OF_A_GRID, *self.study.unsaid()]
        idle += [one.name for one in study_state.PARAMETERS]
        return [*idle, *(["second_values", "column", "row"] if self.second == NOTHING else [])]


def texts(values: Sequence[Any]) -> tuple[str, ...]:
    """Values of a setting as the control of them has them."""
    return tuple(value_words(value) for value in values)


def usual(setting: str) -> tuple[str, ...]:
    """The values that a setting is first tried with."""
    return () if setting == NOTHING else texts(usual_values(setting))


def of_grid(grid: Grid) -> Wanted:
    """A grid as the controls have it. Its networks share what they have in common."""
    first, second = (*grid.axes, Axis(NOTHING, ()))[:2]
    own = {"networks": grid.networks, "seeds": grid.seeds, "setting": first.setting, "values": texts(first.values)}
    own |= {"second": second.setting, "second_values": texts(second.values)}
    shared = {name: value for config in grid.shared for name, value in vars(config).items() if name in SETTINGS}
    return STATE.make({**STATE.defaults, **own, **shared})


def _values_of(wanted: Wanted) -> Values:
    own = {name: value for name, value in wanted._asdict().items() if name not in ("study", "rest")}
    return {**own, **study_state.values_of(wanted.study), **wanted.rest}


def _made(values: Values) -> Wanted:
    own = {name: values[name] for name in Wanted._fields if name not in ("study", "rest")}
    return Wanted(**own, study=study_state.made(values), rest={name: values[name] for name in SETTINGS})


def _complete(values: Values, given: Collection[str]) -> Values:
    """Where an address names a setting and none of its values, they are the usual ones."""
    for setting, name in (("setting", "values"), ("second", "second_values")):
        if name not in given:
            values[name] = usual(values[setting])
    return study_state.complete(values, given)


def _read(query: links.Link) -> tuple[Values, list[str]]:
    """What an address asks for. Values that its settings cannot have are left out, and named."""
    values, sentences = STATE.read(query)
    values, said = study_state.read(values)
    sentences = [*sentences, *said] if values["all"] == YES else sentences
    for setting, name in ((values["setting"], "values"), (values["second"], "second_values")):
        if setting == NOTHING:
            values[name] = ()
            continue
        found, said = _those(setting, values[name])
        if len(found) < FEWEST_VALUES:
            found = usual(setting)
            said = [*said, f"There must be {FEWEST_VALUES} to {MOST_VALUES} values: here are the usual ones."]
        values[name], sentences = found, [*sentences, *said]
    return values, sentences


def _those(setting: str, asked: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """The texts that are values of a setting, and a sentence for each that is none."""
    found, sentences = [], []
    for text in asked:
        try:
            read_value(setting, text)
        except SettingsError as error:
            sentences.append(f"{str(error).removesuffix('.')}: it was left out.")
        else:
            found.append(text)
    return tuple(found), sentences


def _rest() -> list[Parameter]:
    """The settings that all runs may share, each as quick as a first answer should be."""
    of_either = {one.name: one for network in NETWORKS.values() for one in parameters_of(network)}
    return [one._replace(default=QUICK.get(name, one.default)) for name, one in of_either.items() if name in SETTINGS]


_VALUES = Several(ValueText(), MOST_VALUES, "values", FEWEST_VALUES, ",")

STATE: PageState[Wanted] = PageState(
    "search",
    [
        Parameter("networks", Several(Choice(tuple(NETWORKS)), 2, "networks", 1, ","), ("mlp",), always=True),
        Parameter("setting", Choice(SETTINGS), "learning_rate", always=True),
        Parameter("values", _VALUES, usual("learning_rate"), always=True),
        Parameter("second", Choice((NOTHING, *SETTINGS)), NOTHING),
        Parameter("second_values", _VALUES, ()),
        Parameter("seeds", SEEDS, 3, always=True),
        Parameter("column", CellText(), ""),
        Parameter("row", CellText(), ""),
        Parameter("along", Choice(tuple(ALONG)), "epochs"),
        Parameter("all", Choice((YES, NO)), NO),
        *study_state.PARAMETERS,
        *_rest(),
    ],
    _made,
    _values_of,
    reader=_read,
    complete=_complete,
)
