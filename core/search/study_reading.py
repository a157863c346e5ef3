"""What a search over all settings says, in sentences: only what its numbers bear out.

Sentences are Markdown. A run is called worse than the highest only where the interval of the difference of their two accuracies
leaves zero out (Newcombe's, core/analysis/evaluation.py). The highest is chosen among all of them, so that each may be compared with
each: the 5 % are shared among all pairs (Bonferroni's correction). The runs are judged by the same images, so that their real
differences are surer than that: what is called worse is, and what is within chance may be.
"""

from collections.abc import Sequence
from statistics import NormalDist, fmean, stdev

from core.analysis.evaluation import difference_interval
from core.analysis.verdict import like_chance, val_words
from core.config import NAMES, label, phrase
from core.data import TEST_SIZE, VAL_SIZE
from core.kinds import Choice
from core.search.grid import kind_of
from core.search.importance import FEWEST, REDRAWN, Importance
from core.search.study import Span, Study, beyond, position
from core.search.trials import Found, Trial
from core.words import counted, listed, number, share_words

LEVEL = 0.05
FIRST = 5  # of the finished runs, which have to lie on one side together before an edge is spoken of
NEAR, SIDE = (
    0.1,
    0.25,
)  # of what was searched: where the highest lies at its edge, and the mean of the first five beside it


def study_reading(study: Study, found: Found) -> list[str]:
    """What a search has come to, in words that follow from the numbers alone."""
    return [*_highest(study, found), *_edges(study, found), *_early(found), *_broken(found), *_open(study, found)]


def within_chance(best: Trial, other: Trial, n: int) -> bool:
    """Whether 10,000 images leave no difference between two of n finished runs, the first of which is the highest."""
    z = NormalDist().inv_cdf(1 - LEVEL / (n * (n - 1)))
    low, _ = difference_interval(best.accuracy or 0.0, VAL_SIZE, other.accuracy or 0.0, VAL_SIZE, z)
    return low <= 0


def _highest(study: Study, found: Found) -> list[str]:
    ranked, best = found.ranked(), found.best
    if not ranked:
        return []
    if best is None:
        return [
            f"The {counted(len(ranked), 'run')} that came to an end **{_have(len(ranked))} learnt nothing**: like chance, all of it."
        ]
    words = f"**{val_words(best.accuracy or 0.0)}**, of run {best.number} ({study.words(best.config)})"
    if len(ranked) == 1:
        return [
            f"One run has come to its end, with a validation accuracy of {words}: there is nothing to compare it with."
        ]
    return [
        f"Of {len(ranked)} runs of the {NAMES[study.network]} that came to their end, the highest validation accuracy is {words}.",
        *_rivals(best, ranked),
        *_nothing(ranked),
    ]


def _rivals(best: Trial, ranked: Sequence[Trial]) -> list[str]:
    """How many of the others chance may have put below the highest."""
    close = [trial for trial in ranked[1:] if within_chance(best, trial, len(ranked))]
    if not close:
        return [
            f"Each of the others is **worse by more than chance**; the next has {val_words(ranked[1].accuracy or 0.0)}."
        ]
    others = "The other one" if len(ranked) == 2 else f"{len(close)} of the {len(ranked) - 1} others"
    are = "is" if len(close) == 1 or len(ranked) == 2 else "are"
    lowest = (
        f", down to {val_words(close[-1].accuracy or 0.0)}"
        if len(close) > 1
        else f", with {val_words(close[0].accuracy or 0.0)}"
    )
    return [
        f"{others} {are} **within chance** of it{lowest}: any of them may be as good, and with another seed come first."
    ]


def _nothing(ranked: Sequence[Trial]) -> list[str]:
    n = sum(like_chance(trial.accuracy or 0.0) for trial in ranked)
    return [f"{n} of them **{_have(n)} learnt nothing**."] if n else []


def _have(n: int) -> str:
    return "has" if n == 1 else "have"


def _edges(study: Study, found: Found) -> list[str]:
    """Where the highest lies at the edge of what was searched, the next ones beside it, and the setting goes on beyond."""
    first = found.ranked()[:FIRST]
    if found.best is None or len(first) < FIRST:
        return []
    sentences = []
    for span in study.space:
        side = _side(span, first)
        if side and beyond(span, side):
            end, more = ("smallest", "smaller") if side == "low" else ("largest", "larger")
            sentences.append(
                f"The highest lies **at the edge** of what was searched, near the {end} {label(span.setting).lower()} "
                f"({phrase(span.setting, getattr(first[0].config, span.setting))}), and the next {FIRST - 1} are on that side: "
                f"a {more} one may be better still."
            )
    return sentences


def _side(span: Span, first: Sequence[Trial]) -> str:
    if isinstance(kind_of(span.setting), Choice):
        return ""
    places = [position(span, getattr(trial.config, span.setting)) for trial in first]
    if places[0] <= NEAR and fmean(places) <= SIDE:
        return "low"
    return "high" if places[0] >= 1 - NEAR and fmean(places) >= 1 - SIDE else ""


def _early(found: Found) -> list[str]:
    hopeless, by_hand = len(found.of("pruned")), len(found.of("stopped"))
    sentences = []
    if hopeless:
        were = (
            "was **stopped early**, as it fell behind"
            if hopeless == 1
            else "were **stopped early**, as they fell behind"
        )
        sentences.append(f"{counted(hopeless, 'run')} {were} the others: each can be resumed on its own page.")
    if by_hand:
        sentences.append(
            f"{counted(by_hand, 'run')} {'was' if by_hand == 1 else 'were'} stopped by somebody, and nothing is told by it."
        )
    return sentences


def _broken(found: Found) -> list[str]:
    diverged, failed = len(found.of("diverged")), len(found.of("failed"))
    sentences = [f"{counted(diverged, 'run')} **diverged**."] if diverged else []
    return [*sentences, *([f"{counted(failed, 'run')} did not finish, for another reason."] if failed else [])]


def _open(study: Study, found: Found) -> list[str]:
    n = len(found.of("open"))
    if found.ended == "space":
        return [f"Other settings are not left to try: there are {counted(len(found.trials), 'run')} and no more."]
    if not n or n == len(found.trials):
        return []
    return [
        f"{n} of {counted(len(found.trials), 'run')} {'is' if n == 1 else 'are'} not at the end: what is compared is the rest."
    ]


def importance_words(found: Sequence[Importance], runs: int) -> str:
    """What the importances say, and from how many runs; what is missing, where there are too few."""
    if not found:
        return f"Which setting matters is not said of fewer than {FEWEST} finished runs: there {'is' if runs == 1 else 'are'} {runs}."
    first, *others = found
    share = f"{share_words(first.share, 100)}, {share_words(first.low, 100)} to {share_words(first.high, 100)}"
    how = f"From {runs} finished runs, drawn again {REDRAWN} times."
    if all(other.high < first.low for other in others):
        return f"Most depends on the **{label(first.setting).lower()}** ({share} of what differs between runs). {how}"
    return f"So few runs do **not tell which setting matters most**: the intervals overlap. {how}"


def at_last_words(accuracies: Sequence[float]) -> str:
    """The test accuracies of the best settings, one for each seed, as their mean and standard deviation."""
    mean = share_words(fmean(accuracies), TEST_SIZE)
    if len(accuracies) == 1:
        return f"One seed has come to its end, with a test accuracy of **{mean}**."
    spread = number(100 * stdev(accuracies), 2)
    each = listed(share_words(one, TEST_SIZE) for one in accuracies)
    return f"Test accuracy over {len(accuracies)} seeds: **{mean}**, standard deviation {spread} points ({each})."
