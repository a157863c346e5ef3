"""The searches over all settings of this server, which go on whoever looks at them."""

from threading import Lock

from core.runs import Runs
from core.studies.searches import Searches
from ui.shared import of_the_process, runs

_making = Lock()


def searches() -> Searches:
    """Those of the runs of this server."""
    held, own = of_the_process(_held), runs()
    with _making:
        if own not in held:
            held[own] = Searches(own)
        return held[own]


def _held() -> dict[Runs, Searches]:
    return {}
