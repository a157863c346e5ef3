"""What the page of all runs shows: which are ticked, what the filters let through, and how the curves are shown."""

from dataclasses import dataclass
from typing import Any

from core import labels
from core.charts import curves
from core.config import NAMES, Config
from core.kinds import Choice, SettingsError, setting
from core.labels import MOST_RUNS
from core.search.along import ALONG
from ui.parameters import Flag, Key, Several, Text
from ui.shared import runs
from ui.state import PageState

STATUSES = {"live": "Live", "done": "Done", "stopped": "Stopped", "failed": "Failed"}
MEASURES = {"accuracy": curves.ACCURACY, "loss": curves.LOSS}
LINES = {"both": curves.SERIES, "training": ["training"], "validation": ["validation"]}
SEEDS = {True: "Together", False: "Apart"}
AXES = {"whole": "Whole axis", "late": "Later epochs"}


class Settings:
    """The settings of a run: in an address its key, and what of them is not as usual, or the key alone of one that is here."""

    def nearest(self, text: str) -> Config:
        key, config = labels.parse_run_token(text)
        run = runs().find(key)
        if run is not None:
            return run.config
        if config is None:
            missing = f"The run {key} is not trained here, and the link does not carry its settings."
            raise SettingsError(runs().damaged.get(key, missing))
        return config

    def checked(self, value: Any) -> Config:
        if not isinstance(value, Config):
            raise SettingsError("must be settings")
        return value

    def text(self, value: Config) -> str:
        return labels.run_token(value)


@dataclass(frozen=True)
class RunsState:
    """None lets everything through."""

    network: str | None = setting(None, Choice(tuple(NAMES)))
    status: str | None = setting(None, Choice(tuple(STATUSES)))
    measure: str = setting("accuracy", Choice(tuple(MEASURES)))
    lines: str = setting("both", Choice(tuple(LINES)))
    axis: str = setting("whole", Choice(tuple(AXES)))
    along: str = setting("epochs", Choice(tuple(ALONG)))  # what the curves are drawn against
    every: bool = setting(False, Flag())  # whether each of several seeds is drawn as well
    find: str = setting("", Text(60))
    grouped: bool = setting(True, Flag())  # whether runs that differ in their seed alone are one row
    opened: tuple[str, ...] = setting((), Several(Key(), MOST_RUNS, "rows"))  # of several seeds, by their settings' key
    runs: tuple[Config, ...] = setting((), Several(Settings(), MOST_RUNS, "runs"))  # that are ticked


STATE = PageState.of("runs", RunsState)


def untick(*keys: str) -> None:
    """Take these runs out of those that are ticked; without a key, all of them."""
    STATE.put(runs=tuple(config for config in STATE.now().runs if keys and config.key not in keys))
