"""What the report says, number by number: as it wrote them, as numbers from 0 to 1 where they are shares, and in seconds.

The report gives most of its accuracies "around" a value that it read off a curve: such a one is known to half of its last
digit and no better.
"""

from typing import NamedTuple


class About(NamedTuple):
    """A share from 0 to 1 that was read off a curve, as the report writes it: "0.925"."""

    text: str

    @property
    def value(self) -> float:
        return float(self.text)

    @property
    def half(self) -> float:
        """Half of what its last digit counts."""
        return 0.5 * 10.0 ** -len(self.text.partition(".")[2])


UNTRAINED = (6, 6, 2, 5, 2)  # Figure 1: its answers to five images before any training,
UNTRAINED_LABELS = (7, 0, 1, 1, 9)  # and what these are

TEMPLATES = 64

# Where the curves end, training and validation; None where the report says nothing.
ENDS: dict[str, tuple[About, About | None]] = {
    "MLP baseline": (About("0.925"), None),
    "MLP small": (About("0.98"), About("0.88")),
    "MLP full": (About("0.98"), About("0.95")),
    "CNN baseline": (About("0.9"), None),
    "CNN small": (About("0.9"), About("0.85")),
    "CNN full": (About("0.99"), About("0.98")),
}
SECONDS = {"MLP small": 5.55, "MLP full": 87.94, "CNN small": 6.16, "CNN full": 87.66}
TEST_ACCURACY = {"MLP full": 0.9528, "CNN full": 0.9868}

PLATEAU = 70  # epochs, after which it saw validation accuracy level off, of the 100 that it had first

SETTINGS = {
    "MLP baseline": {"batch_size": 256, "learning_rate": 0.001, "epochs": 100, "learning_rate_decay": 0.97},
    "MLP small": {"train_size": 2_000, "batch_size": 64, "learning_rate": 0.01, "epochs": 70},
    "MLP full": {"train_size": 50_000, "batch_size": 64, "learning_rate": 0.01, "epochs": 70, "weight_decay": 0.0001},
    "CNN baseline": {"batch_size": 256, "learning_rate": 0.001, "epochs": 10, "weight_decay": 0.0001},
    "CNN small": {"train_size": 2_000, "batch_size": 64, "learning_rate": 0.01, "epochs": 70},
    "CNN full": {"train_size": 50_000, "batch_size": 64, "learning_rate": 0.01, "epochs": 70, "dropout": 0.5},
}

# The confusion matrix of its MLP, in percent of each true digit (rows).
MATRIX = (
    ("98.16", "0.00", "0.20", "0.00", "0.20", "0.41", "0.61", "0.00", "0.41", "0.00"),
    ("0.17", "95.85", "0.33", "1.33", "0.33", "0.33", "0.33", "0.66", "0.50", "0.17"),
    ("0.63", "0.00", "96.86", "0.21", "0.84", "0.21", "0.42", "0.21", "0.42", "0.21"),
    ("0.19", "0.19", "0.95", "90.72", "0.00", "3.41", "0.38", "0.95", "2.08", "1.14"),
    ("0.00", "0.41", "0.41", "0.00", "96.07", "0.00", "0.83", "0.00", "0.21", "2.07"),
    ("0.46", "0.23", "1.39", "1.39", "0.46", "95.14", "0.00", "0.00", "0.69", "0.23"),
    ("1.00", "0.60", "0.40", "0.00", "0.80", "0.60", "96.39", "0.00", "0.20", "0.00"),
    ("0.58", "0.58", "0.78", "0.00", "0.39", "0.39", "0.00", "96.30", "0.00", "0.97"),
    ("0.00", "1.07", "0.43", "1.07", "0.21", "0.86", "0.43", "0.43", "95.06", "0.43"),
    ("0.59", "0.20", "0.39", "1.77", "1.77", "0.59", "0.20", "1.38", "0.59", "92.53"),
)
# Of how many images each row is, which the report does not say: with these every percentage is a whole number of images again.
# Some rows leave one or two more numbers open. Whichever they are, once they come to 5,000 the diagonal counts 4,764, which is
# the report's test accuracy to the last digit: so many test images it had.
IMAGES = (489, 602, 478, 528, 484, 432, 498, 514, 466, 509)
TEST_IMAGES = sum(IMAGES)


def counted(digit: int, answer: int) -> int:
    """How many images of a digit got an answer, in the report's matrix."""
    return round(float(MATRIX[digit][answer]) / 100 * IMAGES[digit])
