"""What tuning brings to the report's MLP: its own settings and the best that were found, each judged by the test images once."""

from collections.abc import Mapping
from statistics import fmean
from typing import NamedTuple

from core.analysis import known
from core.config import Config, MLPConfig, describe
from core.data import TEST_SIZE, VAL_SIZE
from core.report import said
from core.search.recorded import Recorded
from core.search.seeds import deviation
from core.search.tuning import JUDGED, Judged
from core.words import SPACE, share_words

HEAD = ("Learnt from", "Settings", "Validation", "Test", "Open it")


class Line(NamedTuple):
    """A row of the table; what `opens` is None for was trained by somebody else."""

    size: str
    settings: str
    validation: str
    test: str
    opens: Config | None


def lines(recorded: Mapping[str, Recorded]) -> list[Line]:
    """The report, its settings and the best that were found, with few images and with all, and what others have published."""
    ours = [_line(judged, [recorded[config.key] for config in judged.runs()]) for judged in JUDGED]
    (published,) = known.beside(MLPConfig())
    validation = said.ENDS["MLP full"][1]
    assert validation is not None, "the report gives one"
    return [
        *ours,
        Line("50,000 images", "the report itself", f"about {validation.value:.0%}", _said(), None),
        Line(
            "50,000 images",
            f"{published.network}, by {published.source}",
            "",
            share_words(published.accuracy, TEST_SIZE),
            None,
        ),
    ]


def _said() -> str:
    return f"{share_words(said.TEST_ACCURACY['MLP full'], said.TEST_IMAGES)} of {said.TEST_IMAGES:,}, one run"


def _line(judged: Judged, runs: list[Recorded]) -> Line:
    """Settings with the means over their seeds."""
    validation = [run.history[-1].val_accuracy for run in runs]
    test = [run.test_accuracy or 0.0 for run in runs]
    size, _, others = describe(judged.config).partition(", ")
    return Line(size, f"{judged.words}: {others}", _mean(validation, VAL_SIZE), _mean(test, TEST_SIZE), judged.config)


def _mean(values: list[float], images: int) -> str:
    """The mean over the seeds and their standard deviation in points: "97.53% ± 0.08"."""
    spread = deviation(values)
    assert spread is not None, "there is one seed"
    return f"{share_words(fmean(values), images)}{SPACE}±{SPACE}{100 * spread:.2f}"
