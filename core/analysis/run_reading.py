"""What a run's history shows, and what to try next: rules over its numbers, the most important finding first.

A rule speaks where its numbers bear it out and is silent otherwise; its thresholds are intervals, or are given with their reason.
Each step that it proposes changes one setting and says what to watch for.
"""

import math
from collections.abc import Callable
from itertools import pairwise
from statistics import fmean

from core.analysis.evaluation import accuracy_interval, difference_interval
from core.analysis.finding import STEADY, Finding, Reading, Step, falls, turned
from core.analysis.verdict import FAR, GUESSING, diverged, like_chance, val_words
from core.config import CNNConfig, MLPConfig
from core.data import VAL_SIZE
from core.history import EpochEnd, ended_early
from core.words import decimals, number, significant

LITTLE = 1.0  # points: a smaller gap is nothing that anybody would call over-fitting
LINEAR = (
    0.92  # softmax regression, without a hidden layer, reads 92.7 % of 50,000 images that it learns from, of fewer more
)
FEW = 3  # epochs: of fewer there is no trend
SHARE_LOST = 0.1  # of the hidden neurons that do nothing: of fewer, a network has enough others


Rule = Callable[[Reading], Finding | None]


def read(run: Reading) -> list[Finding]:
    """All that the rules find, the most important first."""
    if run.status == "failed":
        broke = divergence(run)
        return [broke] if broke else []
    if not run.history:
        return []
    found = [one for rule in RULES if (one := rule(run))]
    return _without_consequences(found)


def _without_consequences(found: list[Finding]) -> list[Finding]:
    """The findings without what follows from another: of a network that has learnt nothing, only that and why."""
    names = [one.name for one in found]
    if "stuck at chance" in names:
        return [one for one in found if one.name in ("stuck at chance", "idle neurons")]
    of_another = {"too slow": "still improving", "under-fitting": "over-fitting"}
    silent = {of_another[name] for name in names if name in of_another}
    return [one for one in found if one.name not in silent]


def divergence(run: Reading) -> Finding | None:
    """The loss has become no number: the steps were longer than the loss bends."""
    if not diverged(run.error):
        return None
    steps = run.rate(0.1, "whether the loss falls from the first epoch on")
    if isinstance(run.config, CNNConfig) and run.config.momentum > 0.9:
        steps += run.step(
            "momentum", 0.9, "whether the loss stays a number: each step now carries less of those before it"
        )
    steps += _fewer_summed(run)
    epoch = len(run.history) + 1
    return Finding("diverged", f"Its loss grew beyond all numbers in epoch {epoch}: the steps were too long.", steps)


def chance(run: Reading) -> Finding | None:
    """It answers like chance (verdict.like_chance): because of steps that were too long, or too short, where the losses tell."""
    if not like_chance(run.end.val_accuracy):
        return None
    worst = max(max(event.loss, event.val_loss) for event in run.history)
    higher = run.rate(10, f"whether the loss leaves {GUESSING:.2f} within the first epochs")
    lower = run.rate(0.1, f"whether the loss falls below {GUESSING:.2f}, where guessing is")
    if worst > FAR * GUESSING:
        why = f"its loss has been at {worst:.2f}, where guessing makes {GUESSING:.2f}, so its steps were too long"
        return Finding("stuck at chance", f"It is stuck at chance: {why}.", lower + _fewer_summed(run))
    if falls(run.history) >= 2 and falls(run.history) == len(run.history) - 1:
        first, last = run.history[0].loss, run.end.loss
        why = f"its training loss falls in every epoch, but only from {first:.3f} to {last:.3f}, so its steps are too short"
        longer = run.step("epochs", run.config.epochs * 4, "whether the curves leave chance later on")
        return Finding("stuck at chance", f"It is stuck at chance: {why}.", higher + longer)
    if len(run.history) < FEW:
        sentence = "It is at chance, after too few epochs to see where its curves go."
        return Finding("stuck at chance", sentence, _ten_epochs(run))
    why = f"its training loss is {run.end.loss:.2f}, which does not tell whether its steps are too short or too long"
    return Finding("stuck at chance", f"It is stuck at chance: {why}.", higher + lower)


def _fewer_summed(run: Reading) -> tuple[Step, ...]:
    """Smaller batches, where a step is as long as the sum over its batch makes it."""
    if not isinstance(run.config, MLPConfig):
        return ()
    return run.step(
        "batch_size", run.config.batch_size // 4, "whether the loss stays low: a step then sums fewer gradients"
    )


def idle_neurons(run: Reading) -> Finding | None:
    """A tenth of its hidden neurons or more are dead or saturated (neurons.activation_over says what that is)."""
    does = run.neurons
    if does is None or does.idle < SHARE_LOST * does.units:
        return None
    parts = [
        f"{n} {'is' if n == 1 else 'are'} {word}"
        for n, word in ((does.dead, "dead"), (does.saturated, "saturated"))
        if n
    ]
    sentence = (
        f"Of its {does.units} hidden neurons, {' and '.join(parts)}: what they do hardly changes, so they hardly learn."
    )
    steps = run.rate(0.1, "whether fewer neurons are lost: long steps throw them to the ends of their curve")
    if getattr(run.config, "activation", "") == "relu":
        steps += run.step("activation", "tanh", "whether more neurons work: a ReLU that never fires has no way back")
    else:
        steps += run.step(
            "weight_decay",
            max(10 * run.config.weight_decay, 1e-4),
            "whether smaller weights keep the neurons off their ends",
        )
    return Finding("idle neurons", sentence, steps)


def too_slow(run: Reading) -> Finding | None:
    """It has not learnt its own images yet, and its training loss falls and falls."""
    lately = run.history[-1 - STEADY :]
    if run.live or like_chance(run.end.val_accuracy) or falls(lately) < STEADY:
        return None
    if run.own[1] >= LINEAR or run.change[0] <= 0:
        return None
    sentence = (
        f"It learns too slowly: after {len(run.history)} epochs it reads {run.own_words} of the images that it learns from, and "
        f"its training loss was still falling in each of the last {STEADY}."
    )
    steps = run.rate(5, "whether the same accuracy is there in a fraction of the epochs")
    return Finding("too slow", sentence, steps + _longer(run))


def over_fitting(run: Reading) -> Finding | None:
    """It reads its own images better than new ones, by a point or more and more than chance; or its validation loss has turned."""
    own, new = run.end.train_accuracy, run.end.val_accuracy
    low, high = difference_interval(own, run.config.train_size, new, VAL_SIZE)
    turn = turned(run.history)
    if low > 0 and own - new >= LITTLE / 100:
        places = decimals(run.config.train_size)
        points = [number(100 * value, places) for value in (own - new, low, high)]
        sentence = (
            f"It over-fits: it reads {run.own_words} of the images that it learns from and {val_words(new)} of new ones, a gap of "
            f"{points[0]} points (95% interval {points[1]} to {points[2]})."
        )
        return Finding("over-fitting", sentence, _against_over_fitting(run, "whether the gap narrows"))
    if turn:
        sentence = (
            f"It begins to over-fit: its validation loss was lowest after epoch {turn.epoch}, at {_loss(turn)}, and has risen to "
            f"{_loss(run.end)}: it is surer of its mistakes."
        )
        earlier = run.step("epochs", turn.epoch, "whether it is as accurate with a lower validation loss")
        return Finding(
            "over-fitting", sentence, earlier + _against_over_fitting(run, "whether the validation loss stays down")
        )
    return None


def _against_over_fitting(run: Reading, watch: str) -> tuple[Step, ...]:
    config = run.config
    steps = run.step("train_size", 5 * config.train_size, watch)
    if isinstance(config, CNNConfig):
        steps += run.step("dropout", max(0.5, config.dropout + 0.2), f"{watch}; training looks worse meanwhile")
    felt = 1e-2 if isinstance(config, MLPConfig) else 1e-3  # beside a gradient that is summed over a batch, or a mean
    steps += run.step(
        "weight_decay", max(felt, 10 * config.weight_decay), f"{watch}, and what that costs in training accuracy"
    )
    return steps + (run.step("augmentation", 0.4, watch) if config.augmentation == 0 else ())


def under_fitting(run: Reading) -> Finding | None:
    """It has stopped improving, and reads fewer of its own images than a network without a hidden layer would."""
    if (
        run.live
        or len(run.history) < FEW
        or run.own[1] >= LINEAR
        or run.change[0] > 0
        or like_chance(run.end.val_accuracy)
    ):
        return None
    sentence = (
        f"It under-fits: it reads {run.own_words} of the very images that it learns from, and no longer improves; without any "
        f"hidden layer a network reads {LINEAR:.0%} and more of them."
    )
    config, watch = run.config, "whether training accuracy rises: with it, validation accuracy can"
    steps: tuple[Step, ...] = ()
    if config.learning_rate_decay < 0.97:
        steps += run.step(
            "learning_rate_decay", 0.97, "whether it goes on improving, now that its steps stay long enough"
        )
    if config.weight_decay > 1e-3:
        steps += run.step("weight_decay", 1e-4, watch)
    if getattr(config, "dropout", 0) > 0.5:
        steps += run.step("dropout", 0.5, watch)
    if getattr(config, "hidden_units", 64) < 64:
        steps += run.step("hidden_units", 64, watch)
    return Finding(
        "under-fitting", sentence, steps + run.rate(0.2, "whether shorter steps find more") + run.rate(5, watch)
    )


def unsteady(run: Reading) -> Finding | None:
    """From epoch to epoch it jumps further than chance on 10,000 images goes, and further than it has come."""
    jumps = [b.val_accuracy - a.val_accuracy for a, b in pairwise(run.recent)]
    if len(jumps) < STEADY or like_chance(run.end.val_accuracy):
        return None
    usual, come = math.sqrt(fmean(jump * jump for jump in jumps)), abs(sum(jumps))
    low, high = accuracy_interval(run.end.val_accuracy, VAL_SIZE)
    if usual <= (high - low) / 2 or come >= usual:
        return None
    sentence = (
        f"The noise is larger than the difference: since epoch {run.since.epoch} its validation accuracy has jumped by about "
        f"{number(100 * usual, 2)} points per epoch, and come {number(100 * come, 2)} points in all."
    )
    steps = run.rate(0.2, "whether the curves become smooth, and higher")
    steps += run.step(
        "learning_rate_decay", min(run.config.learning_rate_decay, 0.9), "whether they settle as the steps get finer"
    )
    return Finding("unsteady", sentence, steps)


def still_improving(run: Reading) -> Finding | None:
    """Its validation accuracy has risen by more than chance over the last third."""
    if run.live or len(run.history) < FEW or run.change[0] <= 0:
        return None
    sentence = (
        f"It was still improving: validation accuracy rose from {val_words(run.since.val_accuracy)} after epoch {run.since.epoch} to "
        f"{val_words(run.end.val_accuracy)}, which is more than chance."
    )
    return Finding("still improving", sentence, _longer(run))


def dropout_gap(run: Reading) -> Finding | None:
    """Its training loss lies above the validation loss of this epoch and of the one before: learning on the way explains neither."""
    silenced = getattr(run.config, "dropout", 0.0)
    if not silenced or len(run.history) < 2:
        return None
    if run.end.loss <= max(run.end.val_loss, run.history[-2].val_loss):
        return None
    why = f"with a share of {silenced:g} of its units silenced" + " and its images altered" * bool(
        run.config.augmentation
    )
    sentence = (
        f"Dropout makes training look worse than validation: the training loss, {_loss_of(run.end.loss)}, is taken {why}, the validation "
        f"loss, {_loss(run.end)}, with nothing silenced."
    )
    steps = run.step("dropout", 0.0, "how the two losses change places, and whether a gap between the accuracies opens")
    return Finding("dropout", sentence, steps)


def plateau(run: Reading) -> Finding | None:
    """Its validation accuracy has changed by no more than chance over the last third."""
    if len(run.history) < 2 * FEW or run.change[0] > 0 or run.change[1] < 0 or like_chance(run.end.val_accuracy):
        return None
    sentence = (
        f"It has come to a plateau: {val_words(run.since.val_accuracy)} of the validation images after epoch {run.since.epoch}, "
        f"{val_words(run.end.val_accuracy)} after epoch {run.end.epoch}, no more than chance apart."
    )
    steps = () if run.live else run.step("epochs", run.since.epoch, "whether it is as good in less time")
    wider = run.step(
        "hidden_units", 2 * getattr(run.config, "hidden_units", 0), "whether more neurons lift the plateau"
    )
    deeper = run.step("architecture", "deep", "whether two more convolutions lift the plateau")
    return Finding("plateau", sentence, steps + wider + deeper)


def too_short(run: Reading) -> Finding | None:
    """It was asked for so few epochs that no trend can be seen."""
    if run.status != "done" or len(run.history) >= FEW:
        return None
    epochs = "One epoch is" if len(run.history) == 1 else f"{len(run.history)} epochs are"
    return Finding("too short", f"{epochs} too few to see where its curves go.", _ten_epochs(run))


def _ten_epochs(run: Reading) -> tuple[Step, ...]:
    return () if run.live else run.step("epochs", 10, "whether accuracy still rises at the end")


RULES: tuple[Rule, ...] = (
    chance, idle_neurons, too_slow, under_fitting, over_fitting, unsteady, too_short, still_improving, dropout_gap, plateau,
)  # fmt: skip


def _longer(run: Reading) -> tuple[Step, ...]:
    if run.status == "stopped":  # it can be resumed, which changes nothing
        return ()
    if ended_early(run.history, run.config):
        return run.step("patience", 2 * run.config.patience, "whether validation accuracy rises again")
    return run.step("epochs", 2 * run.config.epochs, "where validation accuracy levels off")


def _loss(event: EpochEnd) -> str:
    return _loss_of(event.val_loss)


def _loss_of(loss: float) -> str:
    return significant(loss, 2)
