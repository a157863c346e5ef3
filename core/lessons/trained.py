"""Six lessons whose experiment is a training: what came of runs that differ in one setting."""

from itertools import pairwise

import numpy as np

from core.analysis.evaluation import difference_interval
from core.config import PRESETS, CNNConfig, Config, MLPConfig, to_query
from core.data import SIDE, VAL_SIZE
from core.lessons.lesson import Curves, Lesson, Line, Material, Outcome, Way
from core.lessons.prediction import Answer, Curve, Number, OneOf
from core.mlp import INK, MLP
from core.training import model_at
from core.words import listed, number, points_words, share_words

RATE, BATCH, SIZE = "rate {}", "batches of {}", "{} images"  # what runs are called by their names
FEW = 2_000  # images, of which a run takes seconds
RATES = {name: MLPConfig(train_size=FEW, epochs=20, learning_rate=float(name)) for name in ("0.001", "0.01", "0.3")}
BATCHES = {name: CNNConfig(train_size=FEW, epochs=16, batch_size=int(name)) for name in ("16", "256")}
SUMS = {name: MLPConfig(train_size=FEW, epochs=20, batch_size=int(name)) for name in ("64", "1024")}
SIZES = {f"{size:,}": MLPConfig(train_size=size) for size in (100, 500, 2_000, 10_000, 50_000)}
BRAKES: dict[str, Config] = {
    "MLP": PRESETS["MLP small"],
    "MLP, strong L2": MLPConfig(train_size=FEW, weight_decay=0.1),
    "CNN": PRESETS["CNN small"],
    "CNN, no dropout": CNNConfig(train_size=FEW, dropout=0.0),
}


def _train(words: str, config: Config) -> Way:
    return Way("train", words, to_query(config))


def _words(accuracy: float) -> str:
    return share_words(accuracy, VAL_SIZE)


def _ahead(first: float, second: float) -> int:
    """1 where the first of two validation accuracies is higher by more than chance, -1 where the second is, else 0."""
    low, high = difference_interval(first, VAL_SIZE, second, VAL_SIZE)
    return int(low > 0) - int(high < 0)


def _curves(found: Material, called: str = "{}") -> Curves:
    return Curves({called.format(name): run.history for name, run in found.runs.items()})


def rate(found: Material) -> Outcome:
    ends = {name: found.val_accuracy(name) for name in RATES}
    best = max(ends, key=ends.__getitem__)
    as_good = frozenset(name for name in ends if name != best and not _ahead(ends[best], ends[name]))
    sentence = listed(f"{_words(end)} with {name}" for name, end in ends.items())
    return Outcome(
        Answer(best, best, as_good),
        [f"At the end they read of 10,000 new images {sentence}."],
        best == "0.01" and not as_good,
        "A step that is too short does not get there in time, and one that is too long leaps over the goal again and again. Between "
        "them lies a rate that learns fast and stays. It is the first setting to try.",
        _curves(found, RATE),
    )


def batch(found: Material) -> Outcome:
    small, large = (found.runs[name].history for name in BATCHES)
    by_epochs = _ahead(small[-1].val_accuracy, large[-1].val_accuracy)
    by_steps = _ahead(small[0].val_accuracy, large[-1].val_accuracy)
    steps = [BATCHES["16"].steps_per_epoch, len(large) * BATCHES["256"].steps_per_epoch]
    words = f"after equal epochs {_WHO[by_epochs]}, and after equal steps {_WHO[by_steps]}"
    return Outcome(
        Answer(f"{_NAME[by_epochs]}-{_NAME[by_steps]}", words),
        [
            f"After {len(small)} epochs each: {_words(small[-1].val_accuracy)} with batches of 16, "
            f"{_words(large[-1].val_accuracy)} with batches of 256.",
            f"After about as many steps, which is {steps[0]} and {steps[1]}: {_words(small[0].val_accuracy)} with batches of 16, "
            f"{_words(large[-1].val_accuracy)} with batches of 256.",
        ],
        by_epochs > 0 and by_steps <= 0,
        "An epoch is one look at every image, a step one change of the weights. Small batches make more changes of one look; step for "
        "step, a large batch is no worse. Whoever compares has to say which of the two is held equal.",
        _curves(found, BATCH),
    )


_NAME = {1: "small", 0: "even", -1: "large"}
_WHO = {1: "the small batches", 0: "neither", -1: "the large batches"}


def summed(found: Material) -> Outcome:
    usual, larger = (found.val_accuracy(name) for name in SUMS)
    times = step_ratio(found)
    return Outcome(
        Answer(larger * 100, _words(larger)),
        [
            f"With batches of 64 it ends at {_words(usual)}, with batches of 1,024 at {_words(larger)}.",
            f"Of the same random weights, the first step over 1,024 images is {number(times, 1)} times as long as over 64.",
            f"Were the gradients averaged, it would be {number(times / 16, 2)} times as long.",
        ],
        _ahead(usual, larger) > 0 and times > 4,
        "A sum grows with the batch, so a larger batch takes longer steps, just as a higher learning rate would. Whoever sums the gradients has "
        "to lower the rate when the batch grows; a mean does that by itself.",
        _curves(found, BATCH),
    )


def step_ratio(found: Material) -> float:
    """How many times as long the untrained network's summed gradient is over the first 1,024 training images as over 64 of them."""
    untrained = model_at(found.runs["64"], 0)
    assert isinstance(untrained, MLP)
    lengths = []
    for n in (64, 1_024):
        x = found.digits.x_train[:n].reshape(n, SIDE * SIDE) * INK
        _, gradients = untrained.backward(x, found.digits.y_train[:n])
        lengths.append(np.sqrt(sum(float(np.square(array, dtype=np.float64).sum()) for array in gradients)))
    return float(lengths[1] / lengths[0])


def data(found: Material) -> Outcome:
    ends = [found.val_accuracy(name) for name in SIZES]
    gaps = [(run.history[-1].train_accuracy - run.history[-1].val_accuracy) * 100 for run in found.runs.values()]
    gains = np.diff(ends)
    first, last = (points_words(gain, VAL_SIZE) for gain in (gains[0], gains[-1]))
    rises = all(_ahead(after, before) > 0 for before, after in pairwise(ends))
    return Outcome(
        Answer(tuple(end * 100 for end in ends), listed(map(_words, ends))),
        [
            f"New images read right: {listed(f'{_words(end)} after {size}' for size, end in zip(SIZES, ends, strict=True))}.",
            f"From 100 to 500 images that is {first}, from 10,000 to 50,000 it is {last}.",
            f"What it reads of its own images less what it reads of new ones is {number(gaps[0], 1)} points with 100 images and "
            f"{number(gaps[-1], 1)} with 50,000.",
        ],
        rises and all(after < before for before, after in pairwise(gains)) and gaps[0] > gaps[-1],
        "More images help every time, and every time less. The gap between own and new images, which is over-fitting, narrows "
        "as they become more.",
        Line(tuple(end * 100 for end in ends)),
    )


def brakes(found: Material) -> Outcome:
    gap = {name: run.history[-1].train_accuracy - run.history[-1].val_accuracy for name, run in found.runs.items()}
    ends = {name: found.val_accuracy(name) for name in BRAKES}
    narrower = (gap["MLP"] - gap["MLP, strong L2"]) * 100
    ahead = _ahead(ends["MLP, strong L2"], ends["MLP"])
    name = "wider" if narrower < -1 else "same" if narrower < 1 else "better" if ahead > 0 else "narrower"
    sentences = [
        f"{words}: the gap goes from {number(gap[before] * 100, 1)} to {number(gap[after] * 100, 1)} points, and new images read right from "
        f"{_words(ends[before])} to {_words(ends[after])}, which {'is more than' if _ahead(ends[after], ends[before]) else 'may be'} chance."
        for words, before, after in (
            ("The MLP with stronger L2", "MLP", "MLP, strong L2"),
            ("The CNN without its dropout", "CNN", "CNN, no dropout"),
        )
    ]
    return Outcome(
        Answer(name, BRAKES_OPTIONS[name]),
        sentences,
        name == "narrower",
        "A narrower gap alone makes no better network: a brake first takes away what is known by heart. Whether new images gain anything has "
        "to be measured on new images.",
        Curves({name: found.runs[name].history for name in ("MLP", "MLP, strong L2")}),
    )


BRAKES_OPTIONS = {
    "better": "the gap narrows, and it reads new images better",
    "narrower": "the gap narrows, but it reads new images no better",
    "same": "the gap stays about as it is",
    "wider": "the gap widens",
}
LESSONS = {
    "rate": Lesson(
        "How long should a step be?",
        "Learning rate",
        "Three MLPs learn from the same 2,000 images for 20 epochs. They differ in the learning rate alone: how far the weights go "
        "with each step. Which one reads the most new images in the end?",
        OneOf({name: name for name in RATES}),
        RATES,
        rate,
        [_train(f"Rate {name} on Train", config) for name, config in RATES.items()],
        called=RATE,
    ),
    "batch": Lesson(
        "Small batches or large ones?",
        "Batch size",
        "Two CNNs learn from the same 2,000 images. One takes a step after every 16 images, the other after every 256. Which one is ahead: when "
        "both have seen every image equally often, and when both have taken equally many steps?",
        OneOf(
            {
                "small-small": "the small batches both times",
                "small-large": "after equal epochs the small batches, and after equal steps the large batches",
                "large-large": "the large batches both times",
                "even-even": "neither, either time",
            }
        ),
        BATCHES,
        batch,
        [_train(f"Batches of {name} on Train", config) for name, config in BATCHES.items()],
        called=BATCH,
    ),
    "sum": Lesson(
        "Sum or mean?",
        "Sum or mean",
        "The MLP adds up the gradients of all images of a batch, where others take their mean. With batches of 64 it learns to read "
        "from 2,000 images in 20 epochs. Now it is given batches of 1,024 and the same learning rate. How many percent of new images does it read?",
        Number(),
        SUMS,
        summed,
        [Way("weights", "One step, number by number", {"run": PRESETS["MLP full"].key, "view": "step", "batch": "64"})],
        called=BATCH,
    ),
    "data": Lesson(
        "What do more images buy?",
        "More images",
        "An MLP of 64 hidden neurons learns from 100, 500, 2,000, 10,000 and 50,000 images, 70 epochs each time. Draw how many percent of new images it reads "
        "after each.",
        Curve((100, 500, 2_000, 10_000, 50_000), "images"),
        SIZES,
        data,
        [Way("overfitting", "The same on Over-fitting", {"networks": "mlp", "sizes": "100,500,2000,10000,50000"})],
        called=SIZE,
    ),
    "brakes": Lesson(
        "Does a brake make it better?",
        "L2 and dropout",
        "The MLP has learnt 2,000 images, and reads them far better than new ones: there is a gap. Now L2, which pulls every weight towards zero at each "
        "step, is a thousand times as strong: 0.1 instead of 0.0001. What happens?",
        OneOf(BRAKES_OPTIONS),
        BRAKES,
        brakes,
        [
            _train("MLP with strong L2 on Train", BRAKES["MLP, strong L2"]),
            _train("CNN without dropout on Train", BRAKES["CNN, no dropout"]),
        ],
    ),
}
