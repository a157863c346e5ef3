"""What the page Search shows of a search over all settings, by the parameters of its address."""

from collections.abc import Collection
from typing import Any, NamedTuple

from core.config import NAMES, NETWORKS, label
from core.kinds import Choice, Range, SettingsError
from core.search.grid import SETTINGS, alike, kind_of, settings
from core.search.study import PRUNERS, SAMPLERS, Span, Study, read_span, span_text, usual_space, usual_span
from ui.parameters import Parameter, Several
from ui.state import Values

WITHIN = "_within"  # behind a setting's name: the parameter of how far it is searched
OWN = ("network", "searched", "sampler", "pruner", "runs", "minutes", "seed")


class SpanOf(NamedTuple):
    """How far a setting may be searched: the ends of a number, some of its words."""

    setting: str

    def nearest(self, text: str) -> tuple[Any, ...]:
        try:
            return read_span(self.setting, text).values
        except SettingsError as error:
            raise SettingsError(f"{str(error).removesuffix('.')}: it is searched as usual.") from None

    def checked(self, value: Any) -> tuple[Any, ...]:
        kind = kind_of(self.setting)
        if not isinstance(value, list | tuple) or len(value) > 20:
            raise SettingsError("must be a list")
        values = tuple(kind.checked(one) for one in value)
        if isinstance(kind, Range) and (len(values) != 2 or values != tuple(sorted(values, key=float))):
            raise SettingsError("must be two numbers")
        return values

    def text(self, value: tuple[Any, ...]) -> str:
        return span_text(Span(self.setting, value))


class Within(Parameter):
    """The parameter of how far a setting is searched. A slider with two ends knows itself by its value, which is a tuple."""

    def widget(self, value: Any) -> Any:
        ends = isinstance(self.kind, SpanOf) and isinstance(kind_of(self.kind.setting), Range)
        return value if ends else super().widget(value)


class WantedStudy(NamedTuple):
    """A search as its controls have it, which may for a moment be none: one of a single word, say."""

    network: str
    searched: tuple[str, ...]
    sampler: str
    pruner: str
    runs: int
    minutes: int
    seed: int
    within: Values  # by setting

    def study(self, rest: Values) -> Study:
        """The search itself, whose runs share the rest. Raises SettingsError where this is none."""
        (shared,) = alike([self.network], rest)
        space = tuple(Span(name, self.within[name]) for name in self.searched)
        return Study(
            shared=shared,
            space=space,
            sampler=self.sampler,
            pruner=self.pruner,
            runs=self.runs,
            minutes=self.minutes,
            seed=self.seed,
        )

    def shared(self) -> list[str]:
        """The settings that its runs share."""
        return [name for name in settings(NETWORKS[self.network]) if name not in self.searched]

    def unsaid(self) -> list[str]:
        """The parameters of an address that say nothing of this search."""
        return [f"{name}{WITHIN}" for name in SETTINGS if name not in self.searched]


def usual(network: str) -> tuple[str, ...]:
    """The settings of a network that are first searched."""
    return tuple(span.setting for span in usual_space(network))


def values_of(wanted: WantedStudy) -> Values:
    own = {name: value for name, value in wanted._asdict().items() if name != "within"}
    return own | {f"{name}{WITHIN}": value for name, value in wanted.within.items()}


def made(values: Values) -> WantedStudy:
    own = {name: values[name] for name in OWN}
    return WantedStudy(**own, within={name: values[f"{name}{WITHIN}"] for name in SETTINGS})


def complete(values: Values, given: Collection[str]) -> Values:
    """Where an address names a network and nothing that is searched of it, that is the usual."""
    if "searched" not in given:
        values["searched"] = usual(values["network"])
    return values


def read(values: Values) -> tuple[Values, list[str]]:
    """What an address asks for without what its network does not have, and a sentence for each such setting."""
    own = settings(NETWORKS[values["network"]])
    foreign = [name for name in values["searched"] if name not in own]
    values["searched"] = tuple(name for name in values["searched"] if name in own) or usual(values["network"])
    name = NAMES[values["network"]]
    return values, [f"{label(one)} is no setting of the {name}: it was left out." for one in foreign]


_FIELDS = Study.__dataclass_fields__

PARAMETERS = [
    Parameter("network", Choice(tuple(NETWORKS)), "mlp", always=True),
    Parameter("searched", Several(Choice(SETTINGS), len(SETTINGS), "settings", 1, ","), usual("mlp")),
    Parameter("sampler", Choice(SAMPLERS), _FIELDS["sampler"].default),
    Parameter("pruner", Choice(PRUNERS), _FIELDS["pruner"].default),
    *(
        Parameter(name, _FIELDS[name].metadata["limits"], _FIELDS[name].default, always=name == "runs")
        for name in ("runs", "minutes", "seed")
    ),
    *(Within(f"{name}{WITHIN}", SpanOf(name), usual_span(name).values) for name in SETTINGS),
]
