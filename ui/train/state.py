"""What the page Train shows: the settings of a run, which are those of its address.

An address may name the run as well, `?run=<key>`, alone or before its settings: it opens the run that is here by that key.
"""

from dataclasses import asdict, fields

from core.checkpoints import KEY
from core.config import NETWORKS, Config, from_query
from core.kinds import Choice
from ui import links
from ui.parameters import Parameter
from ui.shared import runs
from ui.state import PageState, Values, parameters_of


def _made(values: Values) -> Config:
    network = NETWORKS[values["network"]]
    return network(**{spec.name: values[spec.name] for spec in fields(network)})


def values_of(config: Config) -> Values:
    """Settings as the parameters of the page."""
    return {"network": config.network, **asdict(config)}


def _read(query: links.Link) -> tuple[Values, list[str]]:
    config, sentences = _settings({name: str(value) for name, value in query.items()})
    return values_of(config), sentences


def _settings(query: dict[str, str]) -> tuple[Config, list[str]]:
    config, sentences = from_query(query)
    key = query.get("run", config.key)
    if key == config.key:
        return config, sentences
    if not KEY.fullmatch(key):
        return config, [*sentences, f"“{key[:40]}” is not the key of a run; one looks like {config.key}."]
    run = runs().find(key)
    if run is not None:
        return run.config, []
    if key in runs().damaged:
        return config, [*sentences, runs().damaged[key]]
    rest = " The link does not carry its settings, so here are the defaults." if len(query) == 1 else ""
    return config, [*sentences, f"The run {key} is not trained here.{rest}"]


_NETWORK = Parameter("network", Choice(tuple(NETWORKS)), "mlp", always=True)
_OF_EITHER = {one.name: one for network in NETWORKS.values() for one in parameters_of(network)}

STATE: PageState[Config] = PageState(
    "train", [_NETWORK, *_OF_EITHER.values()], _made, values_of, prefix="", reader=_read, more=["run"]
)
