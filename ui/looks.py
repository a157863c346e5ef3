"""How often a page looks again at what goes on: less often where many look, so that a class leaves time for its clicks.

A look at a live run costs about 20 ms of the server's one interpreter. Twenty who look twice a second would keep it busy for
0.8 s of every second, and whoever moves a slider would wait behind them.
"""

from ui.shared import runs

LOOK_AS_USUAL = 5  # tabs at once; of twice as many each looks half as often
MOST_SECONDS = 5.0  # between two looks: a run counts as looked at for ten


def seconds_between_looks(usual: float) -> float:
    """How long to wait between two looks where one visitor alone would wait so many seconds."""
    return min(usual * max(1.0, _tabs_that_look() / LOOK_AS_USUAL), max(usual, MOST_SECONDS))


def is_out_of_step(waits: float, usual: float) -> bool:
    """Whether so many others have come or gone that a page which waits so long has to be drawn anew to wait otherwise."""
    now = seconds_between_looks(usual)
    return now > 2 * waits or 2 * now < waits


def _tabs_that_look() -> int:
    return len({tab for run in runs().known() if run.live for tab in run.looked_at()})
