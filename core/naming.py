"""How runs are told apart: one name for each on every page, and in a legend what they differ in.

A run is called by the name that somebody gave it, else by its preset's, else by what sets it apart from the defaults. Two
runs never have the same name.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from core.config import MANY, NAMES, PRESETS, Config, changed_settings, phrase, preset_name
from core.labels import UNLABELLED, Label
from core.text import folded

NOWHERE: Mapping[str, str] = MappingProxyType({})
# What stands before the name of a run that was not trained here, where no narrow column cuts it off, by its origin: its numbers are what a file says.
MARKS = {"uploaded": "Uploaded", "checked": "Uploaded, checked", "refuted": "Uploaded, does not match"}
# How the names begin or end that are made here: no given name stands alone that could be taken for one.
OURS = re.compile(
    rf"({'|'.join(NAMES.values())}): |.* \(({'|'.join(NAMES.values())})\b.*\)$|{MARKS['uploaded']}\b".casefold()
)


def name(config: Config, given: Mapping[str, Label]) -> str:
    """What a run is called everywhere. `given` are the labels of all runs, by key."""
    return names([config], given)[config.key]


def names(
    configs: Sequence[Config], given: Mapping[str, Label], origins: Mapping[str, str] = NOWHERE
) -> dict[str, str]:
    """What runs are called, by key. A name that was given twice, or is another run's anyway, has the settings behind it.

    `origins` are those of the runs that were uploaded, by key.
    """
    return {key: marked(called, origins.get(key, "")) for key, called in _unmarked(configs, given).items()}


def marked(called: str, origin: str) -> str:
    """A name, and before it the mark of an upload: "Uploaded · second try"."""
    return f"{MARKS[origin]} · {called}" if origin else called


def _unmarked(configs: Sequence[Config], given: Mapping[str, Label]) -> dict[str, str]:
    named = [label.name for label in given.values() if label.name]  # most labels are an owner's alone
    often = Counter(map(folded, named))
    taken = {folded(preset) for preset in PRESETS}
    found = {}
    for config in configs:
        words, own = given.get(config.key, UNLABELLED).name, own_name(config)
        text = folded(words)
        if not words or text == folded(own):
            found[config.key] = own
        elif often[text] > 1 or text in taken or OURS.match(text):
            found[config.key] = f"{words} ({own})"
        else:
            found[config.key] = words
    return found


@lru_cache(MANY)
def own_name(config: Config) -> str:
    """The preset's name of settings, else what sets them apart from the defaults, e.g. "MLP: rate 0.1, tanh"."""
    changed = ", ".join(phrase(*setting) for setting in changed_settings(config).items())
    return preset_name(config) or f"{NAMES[config.network]}: {changed}"


def line_names(
    configs: Sequence[Config], given: Mapping[str, Label], origins: Mapping[str, str] = NOWHERE
) -> list[str]:
    """A name for each of several runs in a legend: the one that it has, if any, and in what it differs from the others.

    E.g. "MLP small: 2,000 images", "second try: 2,000 images", "rate 0.1". One run alone has its name.
    """
    if len(configs) == 1:
        return [*names(configs, given, origins).values()]
    differ = settings_that_differ(configs)
    called = _unmarked(configs, given)
    lines = [
        _line_name(config, called[config.key], {key: values[i] for key, values in differ.items()})
        for i, config in enumerate(configs)
    ]
    return [marked(line, origins.get(config.key, "")) for line, config in zip(lines, configs, strict=True)]


PLACES = {config: place for place, config in enumerate(PRESETS.values())}


def preset_place(config: Config) -> int:
    """The place of these settings among the presets, from 0; those that are none stand behind all of them."""
    return PLACES.get(config, len(PRESETS))


def _line_name(config: Config, called: str, differ: dict[str, Any]) -> str:
    """A run in a legend. `differ` has its values of the settings that differ, None for one that its network lacks."""
    words = [phrase(*setting) for setting in differ.items() if setting[0] != "network" and setting[1] is not None]
    preset = preset_name(config)
    if ("network" in differ or not words) and called != preset:  # a preset's name begins with its network
        words = [NAMES[config.network], *words]
    named = called == preset or called != own_name(config)
    return ": ".join([called] * named + [", ".join(words)] * bool(words))


def settings_that_differ(configs: Sequence[Config]) -> dict[str, list[Any]]:
    """The settings in which runs differ: for each name the value of every run, or None where its network has no such setting.

    A setting that only one of two networks has is no difference between them: that they are two networks says it.
    """
    rows = [{"network": config.network, **vars(config)} for config in configs]
    every = dict.fromkeys(name for row in rows for name in row)
    return {
        name: [row.get(name) for row in rows] for name in every if len({row[name] for row in rows if name in row}) > 1
    }
