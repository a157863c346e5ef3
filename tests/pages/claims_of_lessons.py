"""What the lessons ask and find, checked as in claims.py: against the settings of their runs, and the networks' own answers."""

import re

import numpy as np

from core.lessons.course import COURSE, ORDER
from core.sketch.preprocessing import raw_resize, to_mnist
from tests.pages.claims import CONSTANT, claim, count, number, percent, says
from tests.pages.walk import Page

DIGITS = {"MLP": 0, "CNN": 1}  # which of a page's two networks is called so
LEARNT = "A network reads what looks like what it has learnt from, and MNIST's digits were cut out, scaled to 20 pixels and centred."
CONSTANT |= {LEARNT}  # Y. LeCun and others, 1998, section III.A


def lesson(page: Page) -> str:
    return page.query.get("lesson", "untrained")


def runs_of(page: Page) -> list:
    return list(COURSE[lesson(page)].runs.values())


def settings(page: Page, name: str) -> set:
    return {getattr(config, name, None) for config in runs_of(page)}


def probs(page: Page, network: str, images: np.ndarray, epoch: int | None = None) -> np.ndarray:
    look = page.looks[DIGITS[network]]
    return look.facts.after(look.epoch if epoch is None else epoch).predict_proba(images)


def share(page: Page, network: str, images: np.ndarray, labels: np.ndarray) -> float:
    return float((probs(page, network, images).argmax(axis=1) == labels).mean())


def test_images(page: Page) -> tuple[np.ndarray, np.ndarray]:
    return page.looks[0].facts.images("test")


@claim("lessons", "{place#} {name@}")
def _its_place(_, place, name) -> None:
    assert place.isdigit()
    assert int(place) <= len(ORDER)
    assert name == COURSE[ORDER[int(place) - 1]].short


@claim("lessons", "{n#} of {all#} predicted.")
def _predicted(page, n, all) -> None:
    count(n, len({*page.query} & {*ORDER}))
    count(all, 10)


@claim("lessons", "It trains {n#} runs, done {when@}; whoever does this lesson later finds them trained.")
@claim(
    "lessons",
    "Your prediction is recorded. It trains {n#} runs, done {when@}; whoever does this lesson later finds them trained.",
)
def _trains(page, n, when) -> None:
    there = {facts.key for facts in page.shelf.values() if facts.finished}
    count(n, sum(config.key not in there for config in runs_of(page)))
    assert re.fullmatch(
        r"in a moment|in about (\d+ min ?)?([\d.]+ s)?", when
    )  # an estimate, which has tests of its own


@claim("lessons", "{n#} images")
def _a_size(page, n) -> None:
    assert int(n.replace(",", "")) in settings(page, "train_size")


@claim("lessons", "Three MLPs learn from the same {n#} images for {epochs#} epochs.")
@claim("lessons", "With batches of {batch#} it learns to read from {n#} images in {epochs#} epochs.")
def _few(page, n, epochs, batch="") -> None:
    assert settings(page, "train_size") == {int(n.replace(",", ""))}
    assert settings(page, "epochs") == {int(epochs)}
    assert not batch or int(batch) in settings(page, "batch_size")


@claim("lessons", "Two CNNs learn from the same {n#} images.")
@claim("lessons", "The MLP has learnt {n#} images, and reads them far better than new ones: there is a gap.")
def _same_images(page, n) -> None:
    assert settings(page, "train_size") == {int(n.replace(",", ""))}


@claim("lessons", "One takes a step after every {small#} images, the other after every {large#}.")
def _two_batches(page, small, large) -> None:
    assert settings(page, "batch_size") == {int(small), int(large)}


@claim("lessons", "Now it is given batches of {large#} and the same learning rate.")
def _larger(page, large) -> None:
    assert max(settings(page, "batch_size")) == int(large.replace(",", ""))
    assert len(settings(page, "learning_rate")) == 1


@claim("lessons", "An MLP of {units#} hidden neurons learns from {sizes@} images, {epochs#} epochs each time.")
def _sizes(page, units, sizes, epochs) -> None:
    assert settings(page, "hidden_units") == {int(units)}
    assert settings(page, "epochs") == {int(epochs)}
    assert {int(size.replace(",", "")) for size in re.findall(r"[\d,]*\d", sizes)} == settings(page, "train_size")


@claim(
    "lessons",
    "Now L2, which pulls every weight towards zero at each step, is a thousand times as strong: {strong±} instead of {usual±}.",
)
def _stronger(page, strong, usual) -> None:
    ours = [COURSE["brakes"].runs[name].weight_decay for name in ("MLP", "MLP, strong L2")]
    assert [float(usual), float(strong)] == ours
    assert round(ours[1] / ours[0]) == 1_000


@claim("lessons", "It is shown the {n#} test images, and answers to each.")
@claim("lessons", "The MLP that has learnt from all images reads the {n#} test images.")
def _all_of_them(page, n) -> None:
    count(n, len(test_images(page)[0]))
    assert settings(page, "train_size") == {50_000}


@claim(
    "lessons",
    "These are the {n#} weights of one hidden neuron of the MLP that has learnt from all images: ink on red excites it, ink on blue holds "
    "it back.",
)
def _pixels(page, n) -> None:
    count(n, page.looks[0].model.w1.shape[1])


@claim(
    "lessons",
    "{n#} test digits are drawn in the upper left corner of a sheet, and the whole sheet is shrunk to {side#} by {side#} pixels, which is the size "
    "that the networks take.",
)
def _sheets(page, n, side) -> None:
    count(side, test_images(page)[0].shape[1])
    assert f"of the {n} when" in page.words or lesson(page) not in page.query


# What came of it.


def came(page: Page) -> float | str:
    """The answer of the page's lesson, found once more."""
    images, labels = test_images(page)
    match lesson(page):
        case "untrained":
            return float((probs(page, "MLP", images, 0).argmax(axis=1) == labels).mean())
        case "shift":
            return share(page, "MLP", moved(images), labels)
        case "ready":
            return share(page, "CNN", drawings(page, raw_resize), labels[:200])
        case "neuron":
            return str(np.bincount(excited(page)).argmax())
    return str(np.argmin(recall(page)))


def moved(images: np.ndarray) -> np.ndarray:
    three = np.zeros_like(images)
    three[:, :, 3:] = images[:, :, :-3]
    return three


def drawings(page: Page, make) -> np.ndarray:
    sheets = np.zeros((200, 56, 56), np.uint8)
    sheets[:, :28, :28] = test_images(page)[0][:200]
    return np.stack([make(255 - sheet) for sheet in sheets])


def excited(page: Page) -> np.ndarray:
    """The labels of the hundred test images that excite the neuron most."""
    images, labels = test_images(page)
    order = np.argsort(-(images.reshape(-1, 784) / 255.0 @ page.looks[0].model.w1[4]))
    return labels[order[:100]].astype(int)


def recall(page: Page) -> list[float]:
    images, labels = test_images(page)
    answers = probs(page, "MLP", images).argmax(axis=1)
    return [float((answers[labels == digit] == digit).mean()) for digit in range(10)]


@claim("lessons", "You said {said%}, and it is {is%}: close.")
@claim("lessons", "You said {said%}, and it is {is%}: you said {off±} points too {way…}.")
def _said(page, said, way="", off="", **rest) -> None:
    assert said.rstrip("%") == page.query[lesson(page)]
    answer = came(page)
    percent(rest["is"], answer)
    apart = number(said) - 100 * answer
    if not off:
        assert abs(apart) <= 5
        return
    says(off, abs(apart))
    assert abs(apart) > 5
    assert way == ("many" if apart > 0 else "few")


@claim("lessons", "You said {said#}, and so it is.")
@claim("lessons", "You said {said#}, and it is {is#}.")
@claim("lessons", "You said {said#}, and that may be: the images do not tell it from {others@}.")
def _said_one(page, said, others="", **rest) -> None:
    assert said == page.query[lesson(page)]
    answer = came(page)
    named = {said, *re.findall(r"\d", others)}
    if "is" in rest:
        assert (rest["is"], said != answer) == (answer, True)
    else:
        assert answer in named
        assert others or said == answer
    if (
        others
    ):  # those are within four of their own standard deviations of the hardest, and the easiest is not among them
        assert str(int(np.argmax(recall(page)))) not in named


@claim("lessons", "You said: {said@}.")
def _recorded(page, said) -> None:
    assert set(re.findall(r"[\d.]*\d", said)) == set(page.query[lesson(page)].split(","))


@claim("lessons", "It reads {n#} of the {all#} right.")
def _untrained(page, n, all) -> None:
    count(all, 10_000)
    count(n, round(came(page) * 10_000))


@claim("lessons", "Its commonest answer is {digit#}, to {n#} of them, of which {right#} {verb…} {article…} {digit#}.")
def _commonest(page, digit, n, right, verb, article) -> None:
    images, labels = test_images(page)
    counts = np.bincount(probs(page, "MLP", images, 0).argmax(axis=1), minlength=10)
    count(digit, int(counts.argmax()))
    count(n, int(counts.max()))
    count(right, int((labels == counts.argmax()).sum()))
    assert (verb, article) == ("are" if right != "1" else "is", "an" if digit == "8" else "a")


@claim("lessons", "It gives its answers a probability of {p%} on the average.")
def _sure(page, p) -> None:
    percent(p, float(probs(page, "MLP", test_images(page)[0], 0).max(axis=1).mean()))


@claim("lessons", "How often it answers each digit, of {n#}")
def _of_all(page, n) -> None:
    count(n, 10_000)


@claim("lessons", "The {network…} reads {before%} of them where they stand, and {after%} three pixels to the right.")
def _moved(page, network, before, after) -> None:
    images, labels = test_images(page)
    percent(before, share(page, network, images, labels))
    percent(after, share(page, network, moved(images), labels))


@claim("lessons", "Of the {all#} test images that excite it most, {n#} show {article…} {digit#}.")
def _excited(page, all, n, article, digit) -> None:
    counts = np.bincount(excited(page))
    count(all, 100)
    count(n, int(counts.max()))
    count(digit, int(counts.argmax()))


@claim("lessons", "Of its ten weights to the outputs the largest, {weight±}, leads to {digit#}: {which…}.")
def _voted(page, weight, digit, which) -> None:
    weights = page.looks[0].model.w2[:, 4]
    says(weight, float(weights.max()))
    count(digit, int(weights.argmax()))
    assert which == ("the same digit" if digit == came(page) else "another digit")


@claim("lessons", "It reads {worst%} of the {hard#}s right, the fewest, and {best%} of the {easy#}s, the most.")
def _hardest(page, worst, hard, best, easy) -> None:
    shares = recall(page)
    assert (int(hard), int(easy)) == (int(np.argmin(shares)), int(np.argmax(shares)))
    percent(worst, min(shares))
    percent(best, max(shares))


@claim("lessons", "The mistake that it makes most often is to take {a…} {true#} for {b…} {taken#}: {n#} times.")
def _mistake(page, a, true, b, taken, n) -> None:
    images, labels = test_images(page)
    answers = probs(page, "MLP", images).argmax(axis=1)
    cells = {(t, o): int(((labels == t) & (answers == o)).sum()) for t in range(10) for o in range(10) if t != o}
    count(n, max(cells.values()))
    assert cells[int(true), int(taken)] == max(cells.values())


@claim(
    "lessons", "The {network…} reads {raw%} of the {n#} when the sheet is shrunk, and {cut%} when they are made ready."
)
def _ready(page, network, raw, n, cut) -> None:
    count(n, 200)
    labels = test_images(page)[1][:200]
    percent(raw, share(page, network, drawings(page, raw_resize), labels))
    percent(cut, share(page, network, drawings(page, to_mnist), labels))
