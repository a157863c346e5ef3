"""Confusion in numbers, sentences and charts: against scikit-learn, SciPy, and cases that one can check by hand."""

import math

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics
from sklearn.calibration import calibration_curve

from core.analysis import neurons, reading
from core.analysis.evaluation import (
    Share,
    above,
    answers,
    calibration_error,
    confused_pairs,
    confusion_matrix,
    digit_scores,
    fisher_exact,
    guessing,
    images_of_cell,
    log_loss,
    mcnemar_exact,
    mistakes,
    overconfidence,
    reliability,
    row_shares,
    threshold_curve,
    wilson_interval,
)
from core.charts import scores
from core.charts.colours import LIGHT
from core.charts.corruption import corruption_chart
from core.charts.pictures import inked_template
from core.data import CLASSES
from core.mlp import MLP

ALL = list(range(CLASSES))


def said(labels, digits, sure=0.9):
    """Answers with these labels and digits, each as sure as `sure` says."""
    labels, digits = np.asarray(labels, np.uint8), np.asarray(digits)
    sure = np.broadcast_to(np.asarray(sure, np.float64), labels.shape)
    probs = np.repeat(((1 - sure) / 9)[:, None], CLASSES, axis=1)
    probs[np.arange(len(labels)), digits] = sure
    return answers(probs, labels)


def random_answers(seed, n=2_000):
    """Answers that are right about half of the time, with probabilities of any size."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, CLASSES, n).astype(np.uint8)
    logits = rng.normal(0, 2, (n, CLASSES))
    logits[np.arange(n), labels] += 3
    probs = np.exp(logits)
    return answers(probs / probs.sum(axis=1, keepdims=True), labels)


LABELS = np.repeat(np.arange(CLASSES), 20).astype(np.uint8)
CASES = {
    "random": random_answers(1),
    "few": random_answers(2, n=30),
    "a digit never predicted": said(LABELS, np.where(LABELS == 4, 9, LABELS)),
    "a digit that never occurs": said(LABELS[20:], LABELS[20:] * 0 + 3),
    "a digit that neither occurs nor is predicted": said(LABELS[20:], np.maximum(LABELS[20:], 1)),
    "one answer for all": said(LABELS, LABELS * 0 + 7),
    "all right": said(LABELS, LABELS),
    "all wrong": said(LABELS, (LABELS + 1) % CLASSES),
    "one image": said([3], [5]),
}


@pytest.fixture(params=CASES, scope="module")
def case(request):
    return CASES[request.param]


def test_the_matrix_is_scikit_learns(case):
    expected = metrics.confusion_matrix(case.labels, case.digits, labels=ALL)
    np.testing.assert_array_equal(case.matrix, expected)
    by_row = metrics.confusion_matrix(case.labels, case.digits, labels=ALL, normalize="true")
    np.testing.assert_allclose(row_shares(case.matrix), by_row)


def test_the_scores_of_digits_are_scikit_learns(case):
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        case.labels, case.digits, labels=ALL, zero_division=np.nan
    )
    for score in digit_scores(case.matrix):
        assert score.recall.n == support[score.digit]
        assert score.recall.value == pytest.approx(recall[score.digit], nan_ok=True)
        assert score.precision.value == pytest.approx(precision[score.digit], nan_ok=True)
        assert score.f1 == pytest.approx(f1[score.digit], nan_ok=True)


def test_every_score_is_within_its_interval_and_the_interval_is_scipys(case):
    for score in digit_scores(case.matrix):
        for share in (score.recall, score.precision):
            if share.n:
                theirs = stats.binomtest(share.count, share.n).proportion_ci(method="wilson")
                assert share.interval == pytest.approx((theirs.low, theirs.high), abs=1e-6)
        low, high = score.f1_interval
        assert math.isnan(score.f1) or low - 1e-12 <= score.f1 <= high + 1e-12


def test_the_interval_of_f1_holds_in_95_of_100_samples():
    rng = np.random.default_rng(5)
    labels = rng.integers(0, 2, 200_000)
    digits = np.where(rng.random(200_000) < 0.85, labels, 1 - labels)
    truth = digit_scores(confusion_matrix(labels, digits))[1].f1
    held = 0
    for _ in range(600):
        rows = rng.choice(200_000, 300, replace=False)
        low, high = digit_scores(confusion_matrix(labels[rows], digits[rows]))[1].f1_interval
        held += low <= truth <= high
    assert 0.92 < held / 600 < 0.98


def test_the_log_loss_is_scikit_learns(case):
    assert log_loss(case.probs, case.labels) == pytest.approx(
        metrics.log_loss(case.labels, case.probs, labels=ALL), rel=1e-9
    )


def test_a_probability_of_zero_costs_what_the_least_one_does():
    probs = np.eye(CLASSES)[[3, 4]]
    eps = np.finfo(np.float64).eps
    expected = metrics.log_loss([5, 4], probs, labels=ALL)
    assert log_loss(probs, np.array([5, 4]), least=eps) == pytest.approx(expected, rel=1e-6)
    assert math.isfinite(log_loss(probs.astype(np.float32), np.array([5, 4])))


def test_the_bins_of_the_reliability_diagram_are_scikit_learns():
    case = CASES["random"]
    accuracy, confidence = calibration_curve(case.right, case.confidence, n_bins=15)
    bins = reliability(case)
    assert [one.right.value for one in bins] == pytest.approx(accuracy)
    assert [one.confidence for one in bins] == pytest.approx(confidence)
    assert sum(one.right.n for one in bins) == len(case.labels)
    gaps = [np.abs(one.right.count - one.confidence * one.right.n) for one in bins]
    assert calibration_error(bins) == pytest.approx(sum(gaps) / len(case.labels))


def test_calibration_errors_that_one_can_work_out():
    assert calibration_error(reliability(said(LABELS, LABELS, sure=1.0))) == 0
    assert calibration_error(reliability(said(LABELS, (LABELS + 1) % CLASSES, sure=1.0))) == 1
    assert calibration_error(reliability(said(LABELS, LABELS, sure=0.75))) == pytest.approx(0.25)
    assert calibration_error([]) == 0


def test_a_confidence_on_an_edge_belongs_to_the_bin_below():
    (one,) = reliability(said([1], [1], sure=0.2), bins=5)
    assert (one.low, one.high) == pytest.approx((0.0, 0.2))


def test_overconfidence_is_a_normal_number_where_answers_are_as_sure_as_right():
    rng = np.random.default_rng(0)
    labels = np.zeros(1_000, np.uint8)
    z = []
    for _ in range(400):
        sure = rng.uniform(0.2, 1.0, 1_000)
        z.append(overconfidence(said(labels, np.where(rng.random(1_000) < sure, 0, 1), sure)))
    assert stats.kstest(z, "norm").pvalue > 0.01
    assert overconfidence(said(LABELS, LABELS, sure=1.0)) == 0
    assert overconfidence(said(LABELS, (LABELS + 1) % CLASSES, sure=1.0)) == math.inf


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.5, 0.9, 1.0])
def test_a_threshold_is_a_point_of_the_curve(case, threshold):
    answered, right = above(case, threshold)
    curve = threshold_curve(case)
    kept = case.confidence >= threshold
    assert (answered.count, right.n) == (kept.sum(), kept.sum())
    at_least = np.flatnonzero(curve.threshold >= threshold)
    if at_least.size:
        assert curve.answered[at_least[-1]] == pytest.approx(answered.value)
        assert curve.accuracy[at_least[-1]] == pytest.approx(right.value)
    assert curve.answered[-1] == 1
    assert curve.accuracy[-1] == pytest.approx(case.accuracy.value)
    assert (np.diff(curve.threshold) < 0).all()


def test_the_images_of_a_cell_are_all_of_it_surest_mistakes_first():
    case = CASES["random"]
    seen = []
    for true in ALL:
        for predicted in ALL:
            places = images_of_cell(case, true, predicted)
            assert len(places) == case.matrix[true, predicted]
            assert (case.labels[places] == true).all()
            assert (case.probs[places].argmax(axis=1) == predicted).all()
            rising = np.diff(case.confidence[places]) >= 0
            assert rising.all() if true == predicted else (np.diff(case.confidence[places]) <= 0).all()
            seen += places.tolist()
    assert sorted(seen) == list(range(len(case.labels)))


def test_mistakes_are_what_is_not_right_surest_first(case):
    places = mistakes(case)
    assert set(places) == set(np.flatnonzero(case.labels != case.probs.argmax(axis=1)))
    assert (np.diff(case.confidence[places]) <= 0).all()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Share(3, 1010), Share(16, 892)),
        (Share(0, 10), Share(0, 10)),
        (Share(10, 10), Share(10, 10)),
        (Share(0, 980), Share(958, 958)),
        (Share(1, 1), Share(0, 1)),
        (Share(500, 1000), Share(500, 1000)),
        (Share(7, 9), Share(2, 11)),
        (Share(0, 0), Share(3, 5)),
    ],
)
def test_fishers_exact_test_is_scipys(first, second):
    table = [[share.count, share.n - share.count] for share in (first, second)]
    assert fisher_exact(first, second) == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-6, abs=1e-300)
    assert fisher_exact(second, first) == pytest.approx(fisher_exact(first, second))


def test_fishers_exact_test_is_scipys_on_random_tables():
    rng = np.random.default_rng(3)
    for _ in range(200):
        n1, n2 = rng.integers(1, 60, 2).tolist()
        first, second = Share(int(rng.integers(0, n1 + 1)), n1), Share(int(rng.integers(0, n2 + 1)), n2)
        table = [[share.count, share.n - share.count] for share in (first, second)]
        assert fisher_exact(first, second) == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-6)


@pytest.mark.parametrize("only", [(0, 0), (0, 1), (5, 5), (32, 198), (10, 2), (0, 40), (3_000, 3_100), (7, 8_966)])
def test_mcnemars_exact_test_is_scipys_binomial(only):
    expected = stats.binomtest(only[0], sum(only)).pvalue if sum(only) else 1.0
    assert mcnemar_exact(*only) == pytest.approx(expected, rel=1e-9, abs=1e-300)
    assert mcnemar_exact(*only[::-1]) == mcnemar_exact(*only)


def test_pairs_are_counted_in_both_directions():
    matrix = np.eye(CLASSES, dtype=int) * 90
    matrix[3, 5], matrix[5, 3], matrix[4, 9] = 7, 2, 4
    first, second = confused_pairs(matrix)
    assert (first.first, first.second, first.count) == (3, 5, 9)
    assert (first.first_for_second, first.second_for_first) == (Share(7, 97), Share(2, 92))
    assert (second.first, second.second, second.count) == (4, 9, 4)
    assert confused_pairs(np.eye(CLASSES, dtype=int)) == []


# The sentences --------------------------------------------------------------------------------------------------------


def of_matrix(matrix) -> str:
    """The reading of counts (10, 10)."""
    labels, digits = (np.repeat(places.ravel(), matrix.ravel()) for places in np.indices(matrix.shape))
    return " ".join(reading.reading(said(labels, digits), "test images"))


def test_the_reading_of_a_clear_case_names_the_hardest_digit_and_the_pair():
    matrix = np.eye(CLASSES, dtype=int) * 1_000
    matrix[3, 3], matrix[3, 5], matrix[3, 8], matrix[5, 3] = 907, 72, 21, 1
    words = of_matrix(matrix)
    assert "Hardest are the **3s**: **90.7%** (88.7% to 92.3%) of them are read right." in words
    assert "worse than every other digit by more than chance" in words
    assert "**3 and 5**, 73 times. 72 of 1,000 3s are taken for 5, **7.2%**" in words
    assert "The two ways differ by more than chance (p < 0.0001)" in words


def test_the_reading_of_few_mistakes_claims_no_more_than_they_carry():
    matrix = np.eye(CLASSES, dtype=int) * 100
    matrix[3, 3], matrix[3, 5], matrix[7, 7], matrix[7, 1] = 97, 3, 99, 1
    words = of_matrix(matrix)
    assert "That they come last may be chance." in words
    assert "That the two ways differ may be chance" in words
    assert "by more than chance" not in words


def test_digits_that_tie_are_all_named_and_nothing_is_tested():
    matrix = np.eye(CLASSES, dtype=int) * 100
    for digit in (2, 6):
        matrix[digit, digit], matrix[digit, 0] = 95, 5
    words = of_matrix(matrix)
    assert "Hardest are the 2s and 6s: 95.0% of each are read right." in words
    assert "(1 more pair" not in words


def test_the_reading_of_single_mistakes_names_no_pair():
    matrix = np.eye(CLASSES, dtype=int) * 100
    matrix[1, 7] = matrix[4, 9] = 1
    assert "No two digits are taken for each other more than once." in of_matrix(matrix)


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("all right", "All 200 test images are read right"),
        ("all wrong", "None of the 200 test images is read right."),
        ("one answer for all", "The answer to every image is **7**."),
        ("a digit never predicted", "The answer is never 4."),
    ],
)
def test_there_are_words_for_the_ends(case, sentence):
    words = reading.reading(CASES[case], "test images")
    assert sentence in " ".join(words)
    if case != "all wrong":
        assert "Hardest" not in " ".join(words)
        assert "nan" not in " ".join(words)


def test_every_case_can_be_read(case):
    for sentence in reading.reading(case):
        assert sentence.endswith((".", ")"))
        assert "nan" not in sentence
    assert "nan" not in reading.certainty(case)


def test_two_digits_of_ones_choice():
    def score(digit, right, n=100):
        return digit_scores(np.eye(CLASSES, dtype=int))[digit]._replace(recall=Share(right, n))

    assert "That the 5s come out harder may be chance (p = 0.37)." in reading.two_digits(score(3, 99), score(5, 96))
    words = reading.two_digits(score(3, 60), score(5, 100))
    assert "So **the 3s are harder**, by more than chance (p < 0.0001)." in words
    assert "no difference at all" in reading.two_digits(score(3, 90), score(5, 90))
    assert "one and the same digit" in reading.two_digits(score(3, 90), score(3, 90))
    assert "no images" in reading.two_digits(score(3, 90), score(5, 0, n=0))


def test_two_networks_are_told_apart_only_where_mcnemar_does():
    n = 400
    labels = np.repeat(np.arange(CLASSES), n // CLASSES)
    wrong = (labels + 1) % CLASSES

    def wrong_at(*places):
        digits = labels.copy()
        digits[list(places)] = wrong[list(places)]
        return said(labels, digits)

    names = ("MLP", "CNN")
    same = reading.comparison(wrong_at(1, 2), wrong_at(1, 2), names)
    assert "Both are right on exactly the same images." in same
    close = " ".join(reading.comparison(wrong_at(1, 2, 3), wrong_at(50), names))
    assert "the difference may be chance (p = 0.62)" in close
    assert "At no single digit is the difference more than chance." in close
    clear = " ".join(reading.comparison(wrong_at(*range(20)), wrong_at(50), names))
    assert "**CNN is better by more than chance**" in clear
    assert "1 image is read right by MLP alone, 20 by CNN alone" in clear
    assert "CNN with the 0s" in clear


def test_certainty_is_judged_only_beyond_chance():
    assert "**over-confident**" in reading.certainty(said(LABELS, np.where(np.arange(200) < 40, 0, LABELS), sure=0.99))
    assert "**less sure than it could be**" in reading.certainty(said(LABELS, LABELS, sure=0.6))
    assert "as sure as right" in reading.certainty(said(LABELS, np.where(np.arange(200) % 10, LABELS, 9), sure=0.9))


@pytest.mark.parametrize(
    ("p", "words"),
    [(0.0, "p < 0.0001"), (0.00042, "p = 0.0004"), (0.032, "p = 0.032"), (0.5, "p = 0.50"), (1, "p = 1.00")],
)
def test_p_values_as_one_writes_them(p, words):
    assert reading.p_words(p) == words


def one_answer(digit: int, sure: float):
    """A network that has diverged: the same answer to everything, however sure."""
    return said(LABELS, LABELS * 0 + digit, sure)


def at_random(seed: int, n: int = 10_000):
    """A network that has learnt nothing: each answer is drawn by lot."""
    rng = np.random.default_rng(seed)
    return said(rng.integers(0, CLASSES, n), rng.integers(0, CLASSES, n), 0.1001)


@pytest.mark.parametrize("lost", [one_answer(7, 1.0), one_answer(0, 0.11), at_random(0), at_random(1, 200)])
def test_a_network_that_only_guesses_is_called_that_and_nothing_is_read_into_its_mistakes(lost):
    words = " ".join(reading.reading(lost, "test images"))
    assert "**No better than guessing**" in words
    assert "Hardest" not in words
    assert "Confused most often" not in words


def test_a_network_that_has_learnt_something_is_not_said_to_guess():
    for case in ("random", "all right", "a digit never predicted"):
        assert "guessing" not in " ".join(reading.reading(CASES[case]))
    assert not said(LABELS[:20], LABELS[:20]).guesses, "where all images are of one digit, guessing is no measure"


def test_guessing_is_the_commonest_digit():
    assert guessing(np.array([1, 1, 0, 2])) == (1, Share(2, 4))


def test_two_networks_of_which_one_guesses_are_compared_with_that_said():
    words = " ".join(reading.comparison(one_answer(7, 1.0), said(LABELS, LABELS), ("A", "B")))
    assert "No better than guessing: A." in words
    assert "**B is better by more than chance**" in words


def test_a_network_that_is_always_sure_and_mostly_wrong_is_called_over_confident():
    words = reading.certainty(one_answer(7, 1.0))
    assert ">\u00a099.9% sure" in words
    assert "10.0% of them are right: **over-confident**" in words


def test_one_is_and_several_are():
    assert "**1** of 20 3s is taken for 5" in reading.cell(3, 5, Share(1, 20), Share(2, 20))
    assert "**2** of 20 3s are taken for 5" in reading.cell(3, 5, Share(2, 20), Share(1, 20))
    assert "**1** of 20 3s is read right" in reading.cell(3, 3, Share(1, 20), Share(1, 20))
    assert reading.cell(3, 5, Share(0, 0), Share(0, 0)) == "There are no 3s."
    assert "1 is not" in reading.overall(Share(99, 100), "images")
    assert "of 100 images is read right, 99 are not" in reading.overall(Share(1, 100), "images")


def test_an_accuracy_that_is_not_all_is_never_called_all():
    words = reading.overall(Share(9_999, 10_000), "test images")
    assert "**99.99%**" in words
    assert "**>\u00a099.99%**" in reading.overall(Share(49_999, 50_000), "training images")


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ([1956, 1950, 1940, 200], "without the smallest 20% of its weights it loses one point at most."),
        ([1956, 1500, 1940, 200], "without the smallest 10% of its weights it loses more than one point."),
        ([200, 200, 196, 190], "pruning costs it no more than one point, however much of it goes."),
    ],
)
def test_what_pruning_costs_is_said_of_the_images_that_it_was_measured_on(counts, sentence):
    shares = [Share(count, 2_000) for count in counts]
    words = reading.pruning([0, 10, 20, 100], shares, Share(9_751, 10_000))
    assert words.endswith(sentence)
    assert words.startswith("On 2,000 of the 10,000 test images, which put the whole network at ")


def test_every_word_of_statistics_in_a_sentence_is_explained_beside_it():
    sentences = reading.reading(CASES["random"])
    assert "Fisher's exact test asks" in reading.explained(["more than chance"], "digits")
    assert "95% interval" in reading.explained(sentences, "pairs")
    assert reading.explained(["There are no images."], "pairs") == ""
    for sentence in sentences:
        for jargon in ("Fisher", "Wilson", "McNemar", "nats", "log-odds"):
            assert jargon not in sentence


# The charts -----------------------------------------------------------------------------------------------------------


def test_every_other_chart_has_a_spec(case):
    curve = threshold_curve(case)
    answered, right = above(case, 0.99)
    specs = [
        scores.digit_shares(digit_scores(case.matrix), "recall"),
        scores.reliability_chart(reliability(case)),
        scores.threshold_chart(curve, answered.value, right.value),
        corruption_chart({"MLP": [(0, 0.9, *wilson_interval(90, 100)), (1, 0.8, 0.7, 0.9)]}, 0, "Pixels"),
    ]
    for chart in specs:
        assert chart.to_dict()["layer"]


def held(chart: dict, field: str) -> list[float]:
    """The ends of the axis of a field, wherever it is said."""
    domains = [
        layer["encoding"][axis]["scale"]["domain"]
        for layer in chart["layer"]
        for axis in ("x", "y")
        if layer["encoding"].get(axis, {}).get("field") == field and "scale" in layer["encoding"][axis]
    ]
    assert domains
    return domains[0]


def test_every_axis_holds_every_value_that_is_drawn(case):
    for name in ("recall", "precision"):
        low, high = held(scores.digit_shares(digit_scores(case.matrix), name).to_dict(), "low")
        shares = [share for share in (getattr(score, name) for score in digit_scores(case.matrix)) if share.n]
        assert all(low <= share.interval[0] and share.interval[1] <= high for share in shares)
    low, high = held(scores.reliability_chart(reliability(case)).to_dict(), "low")
    assert all(low <= one.right.interval[0] and one.right.interval[1] <= high for one in reliability(case))
    curve = threshold_curve(case)
    for threshold in (0.0, 0.5, 1.0):
        answered, right = above(case, threshold)
        low, high = held(scores.threshold_chart(curve, answered.value, right.value).to_dict(), "accuracy")
        assert low <= curve.accuracy.min()
        assert high >= curve.accuracy.max()
        assert not right.n or low <= right.value <= high


# The attribution ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_the_arguments_of_the_hidden_neurons_add_up_to_the_log_odds(digits, activation):
    network = MLP(32, activation, seed=4, dtype=np.float64)
    network.w1 *= 30
    network.b2 += np.linspace(-1, 1, CLASSES)
    image = digits.x_test[17]
    probs = network.predict_proba(image[None])[0].astype(np.float64)
    for digit, over in ((3, 5), (5, 3), (0, 9)):
        total = neurons.arguments(network, image, digit, over).sum() + network.b2[digit] - network.b2[over]
        assert total == pytest.approx(math.log(probs[digit] / probs[over]), abs=1e-4)


def test_a_template_is_strongest_under_the_ink():
    weights, image = np.ones(784, np.float32), np.zeros((28, 28), np.uint8)
    image[10:18] = 255
    picture = inked_template(weights, image).astype(int)
    from_zero = np.abs(picture - np.array(LIGHT.zero)).sum(axis=2)
    assert from_zero[10:18].min() > 2 * from_zero[:10].max() > 0
