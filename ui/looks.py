"""How often a page looks again at what goes on: less often where many look, so that a class leaves time for its clicks.

A look at a live run costs about 20 ms of the server's one interpreter. Twenty who look twice a second would keep it busy for
0.8 s of every second, and whoever moves a slider would wait behind them.
"""

from ui.shared import runs

LOOK_AS_USUAL = 5  # tabs at once; of twice as many each looks half as often
MOST_SECONDS = 5.0  # between two looks: a run counts as looked at for ten


class Pace:
    """How long a page waits between two looks where one visitor alone would wait `usual` seconds."""

    def __init__(self, usual: float):
        self.usual, self.seconds, self._looks = usual, _seconds(usual), 0

    def is_out_of_step(self) -> bool:
        """Whether so many others have come or gone that the page has to be drawn anew to wait otherwise. To be asked at each look.

        Never at the first, which belongs to the page's own run: where a whole class opens a link at once, nobody's page would
        be drawn to its end.
        """
        self._looks += 1
        now = _seconds(self.usual)
        return self._looks > 1 and (now > 2 * self.seconds or 2 * now < self.seconds)


def _seconds(usual: float) -> float:
    return min(usual * max(1.0, _tabs_that_look() / LOOK_AS_USUAL), max(usual, MOST_SECONDS))


def _tabs_that_look() -> int:
    return len({tab for run in runs().known() if run.live for tab in run.looked_at()})
