"""The runs of a comparison: those that are here, and what the project has recorded of others."""

from core.config import Config
from core.runs import Run
from core.search.recorded import recorded
from ui.shared import runs


def find(config: Config) -> Run | None:
    """The run of these settings; where it is not here, what it came to if the project has recorded that."""
    run = runs().find(config.key)
    if run is not None:
        return run
    known = recorded().get(config.key)
    if known is None:
        return None
    status = "failed" if known.error else "done"
    return Run(config, status=status, events=[*known.history], error=known.error, recorded=True)
