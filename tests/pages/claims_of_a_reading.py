"""What the reading under a run claims, what its steps do, and what is said of the run one comes from: checked as in claims.py."""

import math
import re
from itertools import pairwise

from scipy import stats

from tests.pages.claims import claim, count, first, number, percent, says
from tests.pages.shelf_of_all_kinds import LATER


def change(after: float, before: float, n_after: int = 10_000, n_before: int = 10_000) -> tuple[float, float]:
    """The 95% interval of a difference of two accuracies (Newcombe 1998, method 10), from SciPy's Wilson intervals."""
    ends = []
    for accuracy, n in ((after, n_after), (before, n_before)):
        found = stats.binomtest(round(accuracy * n), n).proportion_ci(method="wilson")
        ends.append((found.low, found.high))
    (low, high), (other_low, other_high) = ends
    difference = after - before
    return (
        difference - math.hypot(after - low, other_high - before),
        difference + math.hypot(high - after, before - other_low),
    )


def _epoch(page, epoch: str):
    return next(event for event in first(page).history if event.epoch == int(epoch))


@claim("train", "Its loss grew beyond all numbers in epoch {epoch#}: the steps were too long.")
def _grew(page, epoch) -> None:
    facts = first(page)
    assert facts.status == "failed"
    count(epoch, len(facts.history) + 1)


@claim(
    "train",
    "It is stuck at chance: its loss has been at {loss±}, where guessing makes 2.30, so its steps were too long.",
)
def _too_long(page, loss) -> None:
    says(loss, max(max(event.loss, event.val_loss) for event in first(page).history), "its highest loss")
    assert number(loss) > 1.5 * math.log(10)


@claim(
    "train",
    "It is stuck at chance: its training loss falls in every epoch, but only from {before±} to {after±}, so its steps are too short.",
)
def _too_short(page, before, after) -> None:
    losses = [event.loss for event in first(page).history]
    assert losses == sorted(losses, reverse=True)
    says(before, losses[0])
    says(after, losses[-1])


@claim(
    "train",
    "It is stuck at chance: its training loss is {loss±}, which does not tell whether its steps are too short or too long.",
)
def _stuck(page, loss) -> None:
    says(loss, first(page).history[-1].loss)


@claim("train", "Of its {units#} hidden neurons, {idle@}: what they do hardly changes, so they hardly learn.")
def _idle(page, units, idle) -> None:
    """Dead or saturated: flat on 95% of the images, by the slopes of the activation that the run has."""
    facts = first(page)
    model, (images, _) = facts.as_it_is, facts.images("validation")
    inputs = (images.reshape(-1, 784) / 255) @ model.w1.T.astype(float) + model.b1
    does = model.activation(inputs.copy())
    steepest = {"sigmoid": 0.25}.get(facts.config.activation, 1.0)
    flat = (model.slope(does) < 0.05 * steepest).mean(axis=0) >= 0.95
    same = does.std(axis=0) < 0.01
    count(units, facts.config.hidden_units)
    dead, saturated = int((flat & same).sum()), int((flat & ~same).sum())
    said = {word: int(n) for n, word in re.findall(r"(\d+) (?:is|are) (dead|saturated)", idle)}
    assert said.get("dead", 0) == dead
    assert said.get("saturated", 0) == (0 if facts.config.activation == "relu" else saturated)


@claim(
    "train",
    "It learns too slowly: after {epochs#} epochs it reads {own%} of the images that it learns from, and its training loss was "
    "still falling in each of the last {n#}.",
)
def _slow(page, epochs, own, n) -> None:
    history = first(page).history
    count(epochs, len(history))
    percent(own, history[-1].train_accuracy)
    losses = [event.loss for event in history[-1 - int(n) :]]
    assert losses == sorted(losses, reverse=True)


@claim(
    "train",
    "It over-fits: it reads {own%} of the images that it learns from and {new%} of new ones, a gap of {gap±} points (95% interval "
    "{low±} to {high±}).",
)
def _over_fits(page, own, new, gap, low, high) -> None:
    end, size = first(page).history[-1], first(page).config.train_size
    percent(own, end.train_accuracy)
    percent(new, end.val_accuracy)
    says(gap, 100 * (end.train_accuracy - end.val_accuracy))
    for said, value in zip((low, high), change(end.train_accuracy, end.val_accuracy, size), strict=True):
        says(said, 100 * value)
    assert number(low) > 0


@claim(
    "train",
    "It begins to over-fit: its validation loss was lowest after epoch {epoch#}, at {least±}, and has risen to {end±}: it is surer of "
    "its mistakes.",
)
def _begins(page, epoch, least, end) -> None:
    history = first(page).history
    assert min(event.val_loss for event in history) == _epoch(page, epoch).val_loss
    says(least, _epoch(page, epoch).val_loss)
    says(end, history[-1].val_loss)
    assert number(end) > number(least)


@claim(
    "train",
    "It under-fits: it reads {own%} of the very images that it learns from, and no longer improves; without any hidden layer a "
    "network reads 92% and more of them.",
)
def _under_fits(page, own) -> None:
    percent(own, first(page).history[-1].train_accuracy)
    assert number(own) < 92


@claim(
    "train",
    "The noise is larger than the difference: since epoch {epoch#} its validation accuracy has jumped by about {jump±} points per "
    "epoch, and come {come±} points in all.",
)
def _unsteady(page, epoch, jump, come) -> None:
    values = [event.val_accuracy for event in first(page).history if event.epoch >= int(epoch)]
    jumps = [after - before for before, after in pairwise(values)]
    says(jump, 100 * math.sqrt(sum(one * one for one in jumps) / len(jumps)))
    says(come, 100 * abs(values[-1] - values[0]))


@claim("train", "{n#} epochs are too few to see where its curves go.")
def _few(page, n) -> None:
    count(n, len(first(page).history))


@claim(
    "train",
    "It was still improving: validation accuracy rose from {before%} after epoch {epoch#} to {after%}, which is more than chance.",
)
def _improving(page, before, epoch, after) -> None:
    end = first(page).history[-1]
    percent(before, _epoch(page, epoch).val_accuracy)
    percent(after, end.val_accuracy)
    assert change(end.val_accuracy, _epoch(page, epoch).val_accuracy)[0] > 0


@claim(
    "train",
    "Dropout makes training look worse than validation: the training loss, {own±}, is taken with a share of {dropout±} of its units "
    "silenced{altered…}, the validation loss, {new±}, with nothing silenced.",
)
def _dropout(page, own, dropout, altered, new) -> None:
    facts = first(page)
    says(own, facts.history[-1].loss)
    says(new, facts.history[-1].val_loss)
    assert float(dropout) == facts.config.dropout
    assert altered == (" and its images altered" if facts.config.augmentation else "")
    assert number(own) > number(new)


@claim(
    "train",
    "It has come to a plateau: {before%} of the validation images after epoch {epoch#}, {after%} after epoch {last#}, no more than "
    "chance apart.",
)
def _plateau(page, before, epoch, after, last) -> None:
    end = first(page).history[-1]
    percent(before, _epoch(page, epoch).val_accuracy)
    percent(after, end.val_accuracy)
    count(last, end.epoch)
    low, high = change(end.val_accuracy, _epoch(page, epoch).val_accuracy)
    assert low <= 0 <= high


def _setting(text: str) -> tuple[str, str]:
    """The name and the value that the words of a setting have."""
    value, _, unit = text.partition(" ")
    if unit in ("images", "epochs", "epoch"):
        return "train_size" if unit == "images" else "epochs", value.replace(",", "")
    name, _, value = text.rpartition(" ")
    return name.lower().replace(" ", "_"), value


@claim("train", "Instead of {old@}.")
def _instead(page, old) -> None:
    name, value = _setting(old)
    is_now = getattr(first(page).config, name)
    assert value == is_now if isinstance(is_now, str) else float(value) == is_now, f"{old}, but it is {is_now}"


@claim("train", "{step@}")
def _step(page, step) -> None:
    """What the button of a step leads to is another value of one setting."""
    assert page.looks, f"{step!r}, where there is no result"
    name, value = _setting(step)
    is_now = vars(first(page).config).get(name)
    assert is_now is not None, f"{step!r} is no step"
    assert value != is_now if isinstance(is_now, str) else float(value) != is_now, step


@claim("train", "Watch whether the loss {does…} 2.30{rest…}.")
def _guessing(page, does, rest) -> None:
    assert does in ("leaves", "falls below")


# The run one comes from


def _before(page):
    return next(facts for facts in page.shelf.values() if facts.key == page.query["from"])


@claim("train", "Compared with {run&}: {changes@}.")
def _compared(page, run, changes) -> None:
    """Everything that differs is named with both values, and nothing else is."""
    assert run is _before(page)
    old, new = ({"network": facts.network} | vars(facts.config) for facts in (run, first(page)))
    differ = {name for name in old.keys() & new.keys() if old[name] != new[name]}
    assert len(re.findall("instead of", changes)) == len(differ), changes
    for name in differ - {"network"}:
        for value in (old[name], new[name]):
            assert (
                value if isinstance(value, str) else f"{value:,}" if isinstance(value, int) else f"{value}"
            ) in changes


@claim(
    "train",
    "Validation accuracy: {new%} instead of {old%}, {by±} points (95% interval {low±} to {high±}), {verdict…}.",
)
def _effect(page, new, old, by, low, high, verdict) -> None:
    after, before = (facts.history[-1].val_accuracy for facts in (first(page), _before(page)))
    assert first(page).finished
    assert _before(page).finished
    percent(new, after)
    percent(old, before)
    says(by, 100 * (after - before))
    ends = change(after, before)
    for said, value in zip((low, high), ends, strict=True):
        says(said, 100 * value)
    assert verdict == ("which may well be chance" if ends[0] <= 0 <= ends[1] else "more than chance")


@claim("train", "The same settings on several sizes, without {own@}, which a comparison leaves as usual.")
def _left_behind(page, own) -> None:
    """What only this network has, and the seed, are no settings of a comparison."""
    for words in re.split(", | and ", own):
        name, value = _setting(words) if " " in words else ("activation", words)
        if name in ("activation", "architecture"):
            assert value in vars(first(page).config).values()
        else:
            assert name in ("hidden_units", "momentum", "dropout", "seed")
            assert float(value) == getattr(first(page).config, name)


# The picture of the network


def _arrays(page) -> dict[str, list[tuple[int, ...]]]:
    """The shapes of what each layer learns, by the layer's name in the picture."""
    if not page.looks:
        (config,) = LATER.values()
        units = config.hidden_units
        return {"hidden": [(units, 784), (units,)], "output": [(10, units), (10,)]}
    found: dict[str, list[tuple[int, ...]]] = {}
    for name, array in first(page).as_it_is.arrays().items():
        called = {"1": "hidden", "2": "output"}[name[1]] if len(name) == 2 else name.partition(".")[0]
        if "running" not in name and name not in ("mean", "std"):
            found.setdefault(called.replace("norm", "conv"), []).append(array.shape)
    return found


@claim("train", "{n#} parameters.")
def _learns(page, n) -> None:
    sizes = [sum(math.prod(shape) for shape in shapes) for shapes in _arrays(page).values()]
    assert number(n) in sizes, f"{n}, but the layers learn {sizes}"


@claim("train", "{n#} units")
def _units(page, n) -> None:
    assert number(n) in [shapes[0][0] for shapes in _arrays(page).values()]


@claim("train", "{layer…}{n#}", "{h#} × {w#}", "{maps#} × {h#} × {w#}")
def _maps(page, layer="", n="", h="", w="", maps="") -> None:
    if layer:
        assert f"{layer}{n}" in _arrays(page)
    elif maps:
        assert int(maps) in [shapes[0][0] for shapes in _arrays(page).values() if len(shapes[0]) == 4]
        assert h == w
    else:
        assert (h, w) == ("28", "28")
