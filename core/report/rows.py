"""The report beside the runs that repeat it: a row for each of its numbers, with how far apart the two are.

A difference of two accuracies that were counted is more than chance where its 95% interval leaves zero out. A number that the
report read off a curve is known to its last digit only: a difference counts where that and the interval of ours do not meet.
"""

from collections.abc import Mapping
from typing import NamedTuple

from core.analysis.evaluation import Share, difference_interval
from core.checkpoints import Summary
from core.config import phrase
from core.data import TEST_SIZE, VAL_SIZE
from core.report import said
from core.report.said import About
from core.words import SPACE, TIMES, number, points_words, seconds_words, share_words, significant

SAME, DIFFERENT = "the same", "**not the same**"
CHANCE, ROUNDING = "may be chance", "no more than rounding and chance"
EVEN = 1.15  # times as long as another: runs that differ by less take about the same time


class Row(NamedTuple):
    """One thing that the report says."""

    about: str
    said: str  # by the report
    ours: str  # by the run
    verdict: str  # how the two compare
    run: str  # the preset that opens
    page: str  # where it opens
    query: Mapping[str, str]  # and as what, besides the run


Runs = Mapping[str, Summary]


def opens(run: str, page: str = "train", **query: str) -> tuple[str, str, Mapping[str, str]]:
    """What a row opens, as its last three fields."""
    return run, page, query


def settings(runs: Runs, name: str) -> Row:
    """The hyperparameters that the report gives for a run, and the run's."""
    wanted = said.SETTINGS[name]
    ours = {setting: getattr(runs[name].config, setting) for setting in wanted}
    theirs, here = (", ".join(phrase(setting, value) for setting, value in one.items()) for one in (wanted, ours))
    return Row(f"{name}: settings", theirs, here, SAME if theirs == here else DIFFERENT, *opens(name))


def ends(runs: Runs, name: str) -> list[Row]:
    """Where the curves of a run end: a row for each accuracy that the report gives."""
    training, validation = said.ENDS[name]
    last = runs[name].history[-1]
    size = runs[name].config.train_size
    about = f"{name}: training accuracy at the end"
    rows = [off_a_curve(about, training, Share(round(last.train_accuracy * size), size), name, all_of_them=True)]
    if validation:
        about = f"{name}: validation accuracy at the end"
        rows.append(off_a_curve(about, validation, Share(round(last.val_accuracy * VAL_SIZE), VAL_SIZE), name))
    return rows


def off_a_curve(about: str, theirs: About, ours: Share, name: str, all_of_them: bool = False) -> Row:
    """A share that the report read off a curve, beside ours: of images drawn by chance, or of all that there are."""
    low, high = (ours.value, ours.value) if all_of_them else ours.interval
    gap = ours.value - theirs.value
    if abs(gap) <= theirs.half + 1e-9:
        verdict = f"{SAME}, as far as its digits go"
    elif low <= theirs.value + theirs.half and high >= theirs.value - theirs.half:
        verdict = ROUNDING
    else:
        verdict = f"**{_points(gap)}**"
    return Row(about, f"about {_percent(theirs)}", share_words(ours.value, ours.n), verdict, *opens(name))


def counted(about: str, theirs: Share, ours: Share, *where: object) -> Row:
    """A share that the report counted, beside ours."""
    low, high = difference_interval(ours.value, ours.n, theirs.value, theirs.n)
    gap = ours.value - theirs.value
    if gap == 0:
        verdict = SAME
    elif low <= 0 <= high:
        verdict = f"{_points(gap)}: {CHANCE}"
    else:
        verdict = f"**{_points(gap)}**, more than chance"
    return Row(about, f"{theirs.value:.2%}", share_words(ours.value, ours.n), verdict, *where)  # type: ignore[arg-type]


def plateau(runs: Runs) -> Row:
    """That validation accuracy no longer rises from the epoch on at which the report has seen it level off."""
    history = runs["MLP baseline"].history
    then, end = history[said.PLATEAU - 1], history[-1]
    low, high = difference_interval(end.val_accuracy, VAL_SIZE, then.val_accuracy, VAL_SIZE)
    return Row(
        f"MLP baseline: validation accuracy after epoch {then.epoch} and after epoch {end.epoch}",
        f"levels off around epoch {said.PLATEAU}",
        f"{share_words(then.val_accuracy, VAL_SIZE)} and {share_words(end.val_accuracy, VAL_SIZE)}",
        "so here, too: no more than chance apart" if low <= 0 <= high else "**not so here**: more than chance apart",
        *opens("MLP baseline"),
    )


def seconds(runs: Runs, name: str) -> Row:
    """How long a run took there and here, evaluations included: on other machines, so only the ratio is said."""
    theirs, ours = said.SECONDS[name], runs[name].seconds
    return Row(
        f"{name}: training time",
        f"{theirs}{SPACE}s",
        seconds_words(ours),
        f"{_times(ours / theirs)} as long, on another machine",
        *opens(name),
    )


def test_accuracy(runs: Runs, name: str) -> Row:
    """The test accuracies, the report's on as many images as its confusion matrix shows."""
    theirs = Share(round(said.TEST_ACCURACY[name] * said.TEST_IMAGES), said.TEST_IMAGES)
    found = runs[name].test_accuracy
    assert found is not None, f"{name} is not done"
    ours = Share(round(found * TEST_SIZE), TEST_SIZE)
    return counted(f"{name}: test accuracy", theirs, ours, *opens(name, "confusion"))


def gaps(runs: Runs, network: str) -> Row:
    """That few images leave a larger gap between training and validation than many."""
    few, many = (_gap(runs[f"{network} {size}"]) for size in ("small", "full"))
    said_few, said_many = (_said_gap(f"{network} {size}") for size in ("small", "full"))
    return Row(
        f"{network}: gap between training and validation, 2,000 and 50,000 images",
        f"about {said_few:.0f} and {said_many:.0f} points",
        f"{number(few, 1)} and {number(many, 1)} points",
        _holds(few > many, "larger with few images"),
        *opens(f"{network} small", "overfitting", networks=network.lower()),
    )


def gap_of_networks(runs: Runs) -> list[Row]:
    """That the CNN's gaps are smaller than the MLP's."""
    rows = []
    for size, words in (("small", "2,000 images"), ("full", "50,000 images")):
        mlp, cnn = (_gap(runs[f"{network} {size}"]) for network in ("MLP", "CNN"))
        ours = f"MLP {number(mlp, 1)}, CNN {number(cnn, 1)} points"
        theirs = ", ".join(f"{network} {_said_gap(f'{network} {size}'):.0f}" for network in ("MLP", "CNN"))
        verdict = _holds(cnn < mlp, "smaller for the CNN")
        where = opens(f"CNN {size}", "overfitting", networks="mlp,cnn")
        rows.append(Row(f"Gap with {words}, by network", f"{theirs} points", ours, verdict, *where))
    return rows


def time_of_networks(runs: Runs) -> Row:
    """That both networks take about the same time, which the report lays to the number of images."""
    theirs, ours = (
        said.SECONDS["CNN full"] / said.SECONDS["MLP full"],
        runs["CNN full"].seconds / runs["MLP full"].seconds,
    )
    alike = 1 / EVEN < ours < EVEN
    return Row(
        "Training time of the CNN, beside the MLP's, 50,000 images",
        f"{_times(theirs)} as long",
        f"{_times(ours)} as long",
        "so here, too" if alike else "**not so here**: one image costs the two networks unlike work",
        *opens("CNN full"),
    )


def _gap(run: Summary) -> float:
    """In points, after the last epoch."""
    return (run.history[-1].train_accuracy - run.history[-1].val_accuracy) * 100


def _said_gap(name: str) -> float:
    training, validation = said.ENDS[name]
    assert validation is not None, f"the report gives no validation accuracy of {name}"
    return (training.value - validation.value) * 100


def _holds(true: bool, words: str) -> str:
    return f"{words}: so here, too" if true else f"**not so here**: not {words}"


def _percent(theirs: About) -> str:
    return f"{theirs.value:.{max(0, len(theirs.text.partition('.')[2]) - 2)}%}"


def _points(gap: float) -> str:
    return points_words(gap, TEST_SIZE)


def _times(ratio: float) -> str:
    return f"{significant(ratio, 2)}{TIMES}"
