"""What is said of disputed labels and of the halves of the test set, checked as in claims.py: against the published votes, line by
line as they stand in mturk/mnist_mturk.json of github.com/cleanlab/label-errors."""

import re

from tests.pages.claims import CONSTANT, claim, count, interval, now, number, percent, says
from tests.pages.claims_of_a_reading import change

# id, given_original_label, our_guessed_label, then mturk: given, guessed, neither
PUBLISHED = """
947 8 9 0 5 0 · 1621 0 6 2 3 0 · 1901 9 4 2 3 0 · 2130 4 9 2 2 1 · 2462 2 0 0 4 1 · 2597 5 3 0 4 1 · 2654 6 1 0 2 3 · 3520 6 4 2 0 3
· 3558 5 0 1 4 0 · 5937 5 3 1 3 1 · 6651 0 6 0 5 0 · 6783 1 6 2 3 0 · 8527 4 9 2 2 1 · 9679 6 3 2 0 3 · 9729 5 6 2 3 0
"""
VOTES = {int(row.split()[0]): tuple(map(int, row.split()[1:])) for row in PUBLISHED.split("·")}
HALVES = (slice(0, 5_000), slice(5_000, 10_000))

CONSTANT |= {
    "Disputed labels: [Northcutt, Athalye and Mueller, 2021](https://arxiv.org/abs/2103.14749) had five people look at each of 100 "
    "test images that networks had found suspicious, and for 15 at most two of the five gave the label.",
    "MNIST's authors write that half of the test images come from employees of the Census Bureau and half from high-school "
    "students, that the students' are harder to read, and that the first 5,000 are the easier ones.",
    "That the first 5,000 are the students' is inferred from that, and not known.",
}


def _wrong_on_disputed(page) -> int:
    return sum(not now(page).right[place] for place in VOTES)


@claim(
    "confusion",
    "Of its {total#} mistakes, {some@} {are…} on the {n#} test images whose label at most two of five people stand by.",
)
def _mistakes(page, total, some, are, n) -> None:
    assert page.part == "test"
    count(total, int((~now(page).right).sum()))
    count("0" if some == "none" else some, _wrong_on_disputed(page))
    count(n, len(VOTES))
    assert are == ("are" if _wrong_on_disputed(page) > 1 else "is")


@claim("confusion", "To read more than {ceiling%} right, a network has to agree with some of those labels.")
def _ceiling(page, ceiling) -> None:
    """Who is wrong on all of them and on nothing else comes to just that."""
    percent(ceiling, (10_000 - len(VOTES)) / 10_000)


@claim(
    "confusion", "Five people were asked whether this is a{n…} {label#}, as its label says, or a{m…} {other#}: {said@}."
)
def _asked(page, n, label, m, other, said) -> None:
    place = int(re.search(r"^Test image ([\d,]+)$", page.words, re.MULTILINE)[1].replace(",", ""))
    published, rival, *counts = VOTES[place]
    assert now(page).labels[place] == published == int(label)
    assert (int(other), n, m) == (rival, "n" * (label == "8"), "n" * (other == "8"))
    votes = {what: 0 if how == "none" else int(how) for how, what in re.findall(r"(\d|none) says? (\d|neither)", said)}
    assert [votes.get(what, 0) for what in (label, other, "neither")] == counts
    which = next(
        (i for i in range(len(page.looks)) if not now(page, i).right[place]), 0
    )  # of two the first that is wrong
    most_agree = now(page, which).digits[place] == rival and counts[1] >= 3
    assert ("says what most of them say" in page.around) == most_agree
    assert ("Whose mistake" in page.around) == (not now(page, which).right[place])


@claim("confusion", "{who&} says what most of them say, and is counted as wrong.")
def _with_most(page, who) -> None:
    place = int(re.search(r"^Test image ([\d,]+)$", page.words, re.MULTILINE)[1].replace(",", ""))
    assert now(page, [look.facts for look in page.looks].index(who)).digits[place] == VOTES[place][1]


def _half(page, which: str) -> float:
    return float(now(page).right[HALVES[which.lower() == "last"]].mean())


@claim("confusion", "{which…} 5,000: {right%}")
def _in_a_half(page, which, right) -> None:
    percent(right, _half(page, which))


@claim(
    "confusion",
    "Of the first 5,000 test images it reads {a%} ({low%} to {high%}) right, of the last 5,000 {b%} ({low2%} to {high2%}).",
)
def _halves(page, a, low, high, b, low2, high2) -> None:
    for said, ends, which in ((a, (low, high), "first"), (b, (low2, high2), "last")):
        percent(said, _half(page, which))
        interval(*ends, _half(page, which), 5_000)


@claim(
    "confusion",
    "So the {which…} 5,000 are harder, by {by±} points (95% interval {low±} to {high±}), more than chance.",
    "The difference is {by±} points (95% interval {low±} to {high±}), which may well be chance.",
)
def _harder(page, by, low, high, which="") -> None:
    harder, easier = sorted(("first", "last"), key=lambda half: _half(page, half))
    says(by, 100 * (_half(page, easier) - _half(page, harder)))
    ends = change(_half(page, easier), _half(page, harder), 5_000, 5_000)
    for said, value in zip((low, high), ends, strict=True):
        says(said, 100 * value)
    assert which in ("", harder)
    assert bool(which) == (number(low) > 0)


@claim(
    "confusion",
    "In the files that everybody uses it is the other way round: each of the report's six runs reads the last 5,000 better, by more "
    "than chance.",
)
def _everywhere(page) -> None:
    reports = [f"{network} {kind}" for network in ("MLP", "CNN") for kind in ("baseline", "small", "full")]
    for name in reports:
        facts = page.shelf[name]
        right = facts.answered(len(facts.history), "test").right
        assert change(right[HALVES[1]].mean(), right[HALVES[0]].mean(), 5_000, 5_000)[0] > 0, name
