"""What the confusion page shows: its parameters, which are those of its address."""

from dataclasses import dataclass, field

from core.config import PRESETS
from core.images.corruption import Corruption
from core.kinds import Choice, Range, setting
from ui.parameters import RunKey
from ui.predictions import PARTS
from ui.state import PageState

VIEWS = {
    "matrix": "Matrix",
    "digits": "Per digit",
    "certainty": "How sure?",
    "compare": "Two runs",
    "damage": "Corruption",
}
NUMBERS = {"shares": "Percent", "counts": "Counts"}
EPOCH, DIGIT = Range(0, 200, int), Range(0, 9, int)


@dataclass(frozen=True)
class ConfusionState:
    """None is decided by what is shown: the last epoch, the commonest mistake, the surest image."""

    run: str = setting(PRESETS["MLP full"].key, RunKey("epoch"))
    epoch: int | None = setting(None, EPOCH)
    part: str = setting("test", Choice(PARTS))
    view: str = setting("matrix", Choice(tuple(VIEWS)))
    numbers: str = setting("shares", Choice(tuple(NUMBERS)))
    true: int | None = setting(None, DIGIT)
    predicted: int | None = setting(None, DIGIT)
    image: int | None = setting(None, Range(0, 59_999, int))  # as MNIST counts
    pair_true: int | None = setting(None, DIGIT)  # a cell of two runs' difference; none is all of them
    pair_predicted: int | None = setting(None, DIGIT)
    other: str = setting(PRESETS["CNN full"].key, RunKey("other_epoch"))
    other_epoch: int | None = setting(None, EPOCH)
    first_digit: int = setting(3, DIGIT)
    second_digit: int = setting(5, DIGIT)
    threshold: float = setting(0.9, Range(0.0, 1.0, float))
    corruption: Corruption = field(default=Corruption())


STATE = PageState.of("confusion", ConfusionState)
