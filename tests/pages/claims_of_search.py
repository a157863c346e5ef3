"""What the page Search claims: of values of settings, held against the histories of their runs with SciPy's Welch test."""

import re
from collections import defaultdict

import numpy as np
from scipy import stats

from core.config import phrase
from core.search.grid import kind_of
from tests.pages.claims import CONSTANT, OF_TABLES, _one_of, claim, count, number, percent, says, seconds
from tests.pages.shelf_of_all_kinds import WORKERS, Facts
from tests.pages.walk import Page

CONSTANT |= {
    "By more than the seeds differ: the 95% interval of the difference of the two means (Welch's, which lets the one differ more than "
    "the other) leaves zero out.",
    "Dashed: 10,000 that it never learns from (validation), after the last epoch.",
    "Accuracy on 10,000 images that it never learned from, after the last epoch.",
    "Two to 8 of them.",
}

USUAL = "0.001,0.003,0.01,0.03,0.1"  # the values of the learning rate that the page opens with


@claim(
    "search overfitting",
    "Everything is there: {n#} runs come recorded with the project, without the weights; their times are those of a busy machine.",
    "Train {n#} recorded runs here",
)
def _recorded(page, n) -> None:
    count(n, sum(look.facts.kind.startswith("recorded") for look in page.looks))


def varied(page: Page) -> list[str]:
    """The settings that are varied."""
    return [page.query.get("setting", "learning_rate"), *([page.query["second"]] if "second" in page.query else [])]


def places(page: Page, network: str) -> dict[str, list[Facts]]:
    """The runs of a network by what sets them apart but for their seed."""
    found = defaultdict(list)
    for look in page.looks:
        if look.facts.network == network.lower():
            values = [phrase(name, getattr(look.facts.config, name)) for name in varied(page)]
            found[" at ".join(values)].append(look.facts)
    return found


def seeds(page: Page) -> int:
    return int(page.query.get("seeds", "3"))


def of(runs: list[Facts], name: str) -> list[float]:
    """A number of each run that is done, after its last epoch; accuracies from 0 to 1, the gap in points."""
    ends = [facts.history[-1] for facts in runs if facts.finished]
    match name:
        case "training":
            return [end.train_accuracy for end in ends]
        case "validation":
            return [end.val_accuracy for end in ends]
        case "best":
            return [max(one.val_accuracy for one in facts.history) for facts in runs if facts.finished]
    return [100 * (end.train_accuracy - end.val_accuracy) for end in ends]


def compared(page: Page, network: str) -> dict[str, list[Facts]]:
    """What is at its end, no seed of which failed, and which is not half at chance."""
    found = {}
    for words, runs in places(page, network).items():
        chance = [value < 0.115 for value in of(runs, "validation")]
        if chance and len({*chance}) == 1 and not any(facts.status == "failed" for facts in runs):
            found[words] = runs
    return found


def apart(one: list[float], other: list[float]) -> bool | None:
    """Whether the first mean is higher by more than the seeds differ; None where that cannot be known."""
    if min(len(one), len(other)) < 2 or np.var(one) + np.var(other) == 0:
        return None
    sizes = [number for values in (one, other) for number in (np.mean(values), np.std(values, ddof=1), len(values))]
    test = stats.ttest_ind_from_stats(*sizes, equal_var=False)
    return bool(test.pvalue < 0.05 and test.statistic > 0)


def network_of(page: Page) -> str:
    """The network that a paragraph is about: the one that it names, else the only one."""
    named = re.search(r"The (MLP|CNN)'s highest", page.around)
    return named[1] if named else page.query.get("networks", "mlp").partition(",")[0].upper()


def runs_in(page: Page, text: str) -> list[list[Facts]]:
    """The runs of the places that a text lists; of “6 others” those are not told."""
    found = places(page, network_of(page))
    named = [
        found[words]
        for words in sorted(found, key=len, reverse=True)
        if re.search(rf"(^|, | and ){re.escape(words)}($|, | and )", text)
    ]
    assert named or re.fullmatch(r"\d+ others", text), f"{text} is none of {[*found]}"
    return named


HIGHEST = "The {network…}'s highest validation accuracy is {right%}, with {where@} ({how@})"


@claim("search", f"{HIGHEST}; the next is {{second%}}, with {{then@}}.")
@claim("search", f"{HIGHEST}: nothing else has come to an end that it could be compared with.")
def _highest(page, network, right, where, how, second="", then="") -> None:
    found = compared(page, network)
    ranked = sorted(found, key=lambda words: -np.mean(of(found[words], "validation")))
    values = [of(found[words], "validation") for words in ranked]
    assert where in ranked[:1] or np.isclose(np.mean(of(found[where], "validation")), np.mean(values[0]))
    percent(right, np.mean(values[0]), where)
    if len(values[0]) == 1:
        assert how == "one seed", how
    else:
        n, spread = re.fullmatch(r"mean of (\d) seeds, standard deviation ([\d.]+) points", how).groups()
        count(n, len(values[0]))
        says(spread, 100 * np.std(values[0], ddof=1), "standard deviation")
    assert bool(second) == (len(ranked) > 1), ranked
    if second:
        percent(second, np.mean(values[1]), then)
        better = {apart(values[0], other) for other in values[1:]}
        assert ("better than" in page.around.partition("the seeds differ")[0] and "It is **better" in page.around) == (
            better == {True}
        ), better
    for setting, value in zip(varied(page), where.split(" at "), strict=True):
        _edge(page, setting, value)


def _edge(page: Page, setting: str, value: str) -> None:
    """Whether it is said that the highest lies at the edge of a setting's values, where it does and there is more beyond."""
    kind = kind_of(setting)
    if not hasattr(kind, "low"):
        return
    name = "values" if setting == varied(page)[0] else "second_values"
    tried = sorted(float(text) for text in page.query.get(name, USUAL).split(","))
    at = next(one for one in tried if phrase(setting, kind.kind(one)) == value)
    said = {
        side
        for side in ("smallest", "largest")
        if re.search(rf"the {side} [^:]*{setting.split('_')[0][:5]}", page.around)
    }
    so = {
        side
        for side, end, limit in (("smallest", tried[0], kind.low), ("largest", tried[-1], kind.high))
        if at == end != limit
    }
    assert said == so, f"{setting}: {said}, but {so}"


@claim("search", "From {close@} it is no further than the seeds differ.")
def _no_further(page, close) -> None:
    best = _best(page)
    for runs in runs_in(page, close):
        assert apart(best, of(runs, "validation")) is False


@claim(
    "search",
    "Whether it is better than {alone@} cannot be said: there is no spread over seeds to measure the difference by.",
)
def _cannot_be_said(page, alone) -> None:
    best = _best(page)
    for runs in runs_in(page, alone):
        assert apart(best, of(runs, "validation")) is None


def _best(page: Page, name: str = "validation") -> list[float]:
    found = compared(page, network_of(page))
    return of(max(found.values(), key=lambda runs: np.mean(of(runs, "validation"))), name)


@claim(
    "search",
    "With {less@} it under-fits: it is worse than with {best@} on new images, and on those that it learns from as well ({own@} against "
    "{of_best%}).",
)
def _under_fits(page, less, best, own, of_best) -> None:
    percent(of_best, np.mean(_best(page, "training")))
    shares = re.findall(r"[\d.]+%", own)
    named = runs_in(page, less)
    assert len(shares) == len(named)
    for runs in named:
        for name in ("validation", "training"):
            assert apart(_best(page, name), of(runs, name)), name
        _one_of(
            lambda share, runs=runs: percent(share, np.mean(of(runs, "training"))), [(share,) for share in shares], own
        )


@claim(
    "search",
    "With {more@} it over-fits more than with {best@}: it is worse on new images, and its gap is larger ({gaps@} points against {of_best±}).",
)
def _over_fits_more(page, more, best, gaps, of_best) -> None:
    says(of_best, np.mean(_best(page, "gap")))
    for runs in runs_in(page, more):
        assert apart(_best(page), of(runs, "validation"))
        assert apart(of(runs, "gap"), _best(page, "gap"))
        points = re.findall(r"[−\d.]+", gaps)
        _one_of(lambda one, runs=runs: says(one, np.mean(of(runs, "gap"))), [(one,) for one in points], gaps)


@claim("search", "With {best@} it over-fits by a gap of {points±} points.")
def _over_fits(page, best, points) -> None:
    says(points, np.mean(_best(page, "gap")))
    (runs,) = runs_in(page, best)
    own, new = np.mean(of(runs, "training")), np.mean(of(runs, "validation"))
    spread = np.sqrt(own * (1 - own) / runs[0].config.train_size + new * (1 - new) / 10_000)
    assert own - new > max(0.0095, 1.6 * spread), f"{own - new:.3%} ± {1.96 * spread:.3%}"


@claim(
    "search",
    "The two settings trade off: with {row@}, {a@} is better than {b@}, and with {other@}, {b@} is better than {a@}, both times by more than "
    "the seeds differ.",
)
def _trade_off(page, row, a, b, other) -> None:
    found = places(page, network_of(page))
    assert apart(of(found[f"{a} at {row}"], "validation"), of(found[f"{b} at {row}"], "validation"))
    assert apart(of(found[f"{b} at {other}"], "validation"), of(found[f"{a} at {other}"], "validation"))


@claim("search", "With {where@} the last epoch is worse than the best one, by {falls@} points.")
def _fallen(page, where, falls) -> None:
    for runs in runs_in(page, where):
        fall = 100 * (np.mean(of(runs, "best")) - np.mean(of(runs, "validation")))
        assert fall > 0.99
        _one_of(lambda one, fall=fall: says(one, fall), [(one,) for one in re.findall(r"[\d.]+", falls)], falls)


@claim("search", "With {where@} it has learnt nothing: it answers like chance.")
def _nothing(page, where) -> None:
    for runs in runs_in(page, where):
        assert max(of(runs, "validation")) < 0.115


@claim(
    "search", "With {where@} some seeds have learnt nothing and others something: {are…} left out of what is compared."
)
def _mixed(page, where, are) -> None:
    for runs in runs_in(page, where):
        assert min(of(runs, "validation")) < 0.115 < max(of(runs, "validation"))


@claim(
    "search", "With {where@} it diverged.", "With {where@} some seeds diverged: {are…} left out of what is compared."
)
def _diverged(page, where, are="") -> None:
    for runs in runs_in(page, where):
        failed = [facts.status == "failed" for facts in runs]
        assert any(failed)
        assert (all(failed) and len(failed) == seeds(page)) != bool(are)


@claim("search", "{n#} of {every#} run{s…} {are…} not at the end: what is compared is the rest.")
def _open(page, n, every, s, are) -> None:
    of_network = [runs for network in page.query.get("networks", "mlp").split(",") if (runs := places(page, network))]
    wanted = _wanted(page) // len(page.query.get("networks", "mlp").split(","))
    count(every, wanted)
    left = [
        wanted - sum(facts.status in ("done", "failed") for runs in own.values() for facts in runs)
        for own in of_network
    ]
    assert int(n) in left, f"{n}, but {left}"
    assert (are == "is") == (n == "1")


def _wanted(page: Page) -> int:
    query = page.query
    networks, values = query.get("networks", "mlp"), query.get("values", ",,,,")
    more = query["second_values"].split(",") if "second" in query else [""]
    return len(networks.split(",")) * len(values.split(",")) * len(more) * seeds(page)


@claim("search", "Train {n#} missing run{s…}", "Train {n#} run{s…} to the end")
def _missing(page, n, s) -> None:
    count(n, _wanted(page) - sum(look.facts.status in ("done", "failed") for look in page.looks))
    assert (s == "") == (n == "1")


@claim("search", "{n#} of {all#} runs {are…} done, and {failed#} did not finish: see below why.")
def _not_all(page, n, all, are, failed) -> None:
    count(failed, sum(look.facts.status == "failed" for look in page.looks))
    count(n, sum(look.facts.finished for look in page.looks))
    count(all, _wanted(page))
    assert (are == "is") == (n == "1")


@claim("search", "done in about {time~}, up to {workers#} at a time", "done in a moment, up to {workers#} at a time")
def _will_take(page, workers, time="") -> None:
    count(workers, WORKERS)


@claim("search", "Each is {kind@}.")
def _may_be(page, kind) -> None:
    assert kind in [str(kind_of(setting)) for setting in varied(page)]


@claim("search", "{network…}, {where@}:", "{network…}, {where@}")
def _heading(page, network, where) -> None:
    assert network.lower() in page.query.get("networks", "mlp").split(",")
    values = [page.query.get("values", "0.001,0.003,0.01,0.03,0.1"), page.query.get("second_values", "")]
    for setting, texts, words in zip(varied(page), values, where.split(" at "), strict=False):
        kind = kind_of(setting)
        allowed = [text if not hasattr(kind, "low") else kind.kind(float(text)) for text in texts.split(",")]
        assert words in [phrase(setting, value) for value in allowed], words


@claim("search", "Train, seed {seed#}", "Confusion, seed {seed#}")
def _link(page, seed) -> None:
    assert int(seed) < seeds(page)


PANEL = "training {training%}, validation {validation%}, gap {gap±} points, {time~}"


@claim(
    "search",
    *(
        f"{PANEL}{mean}{chance}{left}"
        for mean in ("", " (means of {n#} seeds)")
        for chance in ("", ", like chance", ", {chance#} like chance")
        for left in ("", " · {open#} not trained yet", " · not trained yet")
    ),
)
@claim("search", f"After epoch {{epoch#}} of {{epochs#}}: {PANEL} · {{state@}}")
def _below_a_panel(
    page, training, validation, gap, time, n="1", chance="", open="", epoch="", epochs="", state=""
) -> None:
    """It does not say of which panel it is, so it has to be true of one."""

    def one(runs: list[Facts]) -> None:
        begun = [facts for facts in runs if facts.history and facts.finished == (not epoch)]
        ends = [facts.history[-1] for facts in begun]
        assert ends
        percent(training, np.mean([end.train_accuracy for end in ends]))
        percent(validation, np.mean([end.val_accuracy for end in ends]))
        says(gap, np.mean([100 * (end.train_accuracy - end.val_accuracy) for end in ends]))
        seconds(time, np.mean([facts.checkpoint.total_seconds for facts in begun]))
        count(n, len(begun))
        if epoch:
            count(epoch, len(begun[0].history))
            count(epochs, begun[0].config.epochs)
        if open:
            count(open, seeds(page) - len(runs))

    panels = [runs for network in ("mlp", "cnn") for runs in places(page, network).values()]
    _one_of(one, [(runs,) for runs in panels], page.around)


@claim(
    "search",
    "{n#} not trained yet",
    "{n#} stopped {how@}",
    "diverged · {error@}",
    "{n#} diverged, {open#} not trained yet · {error@}",
)
def _states(page, n="", how="", error="", open="") -> None:
    if error:
        assert error in [look.facts.error for look in page.looks]
    if n:
        assert int(n) <= seeds(page)


def _table(page: Page, table) -> None:
    if "all" in page.query:
        return  # which has tables of its own
    for _, row in table.iterrows():
        words = " at ".join(phrase(name, row[LABELS[name]]) for name in varied(page))
        runs = places(page, row["Network"])[words]
        for column, name, times in (
            ("Validation %", "validation", 100),
            ("Best validation %", "best", 100),
            ("Training %", "training", 100),
            ("Gap, points", "gap", 1),
        ):
            says(f"{row[column]:.2f}", times * np.mean(of(runs, name)), f"{words}, {name}")
        if "After epoch" in row:
            count(f"{row['After epoch']}", len(runs[0].history))
        count(f"{row['Seeds']}", len(of(runs, "validation")))
        if len(of(runs, "validation")) > 1:
            says(f"{row['SD, points']:.2f}", 100 * np.std(of(runs, "validation"), ddof=1), f"{words}, deviation")
        else:
            assert "SD, points" not in row or np.isnan(number(str(row["SD, points"])))


LABELS = {
    "learning_rate": "Learning rate",
    "batch_size": "Batch size",
    "train_size": "Training-set size",
    "dropout": "Dropout",
}
OF_TABLES["search"] = [_table]
