"""How well each digit is read, and whether the network is as sure as it is right."""

import pandas as pd
import streamlit as st

from core.analysis import disputed, evaluation, reading
from core.analysis.evaluation import Answers
from core.charts.scores import digit_shares, reliability_chart, threshold_chart
from core.data import CLASSES
from core.words import NONE, interval_words, share_words
from ui.confusion.look import Look
from ui.confusion.state import STATE
from ui.pictures import colours
from ui.shared import tell_what_is_published
from ui.words import explained, linked

MEANING = {
    "Recall": "Recall: of the images that show a digit, the share that is read as it.",
    "Precision": "Precision: of the images that are read as a digit, the share that shows it.",
    "F1": "F1: both in one number, their harmonic mean.",
}
THRESHOLDS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999)


def digits(look: Look) -> None:
    """How well each digit is read, as a table and as two charts; and any two of them compared."""
    scores = evaluation.digit_scores(look.answers.matrix)
    left, right = st.columns([2.3, 1], gap="large")
    with left:
        st.dataframe(_score_table(scores), hide_index=True, key="digit_table", column_config=_score_columns())
        st.caption(
            linked(
                f"{MEANING['Recall']} {MEANING['Precision']} {MEANING['F1']} Beside each its 95% interval, in which it may well lie on "
                "other images of the same kind. Click a column's head to sort."
            )
        )
        st.markdown("**Is one digit harder than another?**", help=reading.EXPLAINED["digits"])
        with st.container(horizontal=True):
            for name in ("first_digit", "second_digit"):
                label = name.replace("_", " ").capitalize()
                st.selectbox(label, range(CLASSES), key=STATE.key(name), label_visibility="collapsed", width=90)
        said = reading.two_digits(scores[look.state.first_digit], scores[look.state.second_digit])
        st.markdown(said)
        st.caption(linked(reading.explained([said], "digits")))
        if look.part == "test" and not look.answers.guesses:
            _halves(look.answers)
    with right:
        for name in ("Recall", "Precision"):
            st.altair_chart(digit_shares(scores, name.lower(), colours()), key=f"digit_{name.lower()}")
            st.caption(linked(f"{MEANING[name]} Lines: 95% intervals."))


def _halves(answers: Answers) -> None:
    """Whether one half of the test set is harder, and what is known of who wrote it."""
    st.markdown("**Is one half of the test images harder?**")
    st.markdown(disputed.harder_half(*disputed.halves(answers)))
    st.caption(linked(disputed.WHO_WROTE_THEM))


def certainty(look: Look) -> None:
    """Whether the network is as sure as it is right, and what it gains by saying “I don't know”."""
    answers = look.answers
    bins = evaluation.reliability(answers)
    with st.container(horizontal=True, key="certainty_scores"):
        accuracy = answers.accuracy
        st.metric(
            "Accuracy",
            share_words(accuracy.value, accuracy.n),
            interval_words(accuracy.interval, accuracy.n),
            delta_color="off",
            delta_arrow="off",
            width="content",
            help=linked(
                "The share of the images that is read right, and its 95% interval, in which it may well lie on other images of "
                "the same kind."
            ),
        )
        st.metric(
            "Log loss",
            f"{evaluation.log_loss(answers.probs, answers.labels):.4f}",
            width="content",
            help=explained(
                "loss",
                "How surprised the network is by the true digits: the mean of −log(p), where p is its probability of the true "
                "digit. 0 is perfect, ten equal probabilities cost 2.30, and being wrong and sure costs most.",
            ),
        )
        st.metric(
            "Calibration error",
            f"{evaluation.calibration_error(bins):.2%}",
            width="content",
            help=linked(
                "How far confidence and accuracy are apart, on average over all answers, which are put into 15 groups "
                "by their confidence for that (known as the expected calibration error). 0 is perfect."
            ),
        )
    if look.part == "test" and not answers.guesses:
        tell_what_is_published(look.version.checkpoint.config)
    st.markdown(linked(reading.certainty(answers)))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Is it as sure as it is right?**")
        st.altair_chart(reliability_chart(bins, colours()), key="reliability")
        st.caption(
            linked(
                "Of the answers that were about so sure (their confidence), the share that is right. Below the dashed line the "
                "network claims too much. Larger dots are more answers, lines are 95% intervals."
            )
        )
    with right:
        st.markdown("**What if it may say “I don't know”?**")
        _threshold(answers, look.state.threshold)


def _score_table(scores: list[evaluation.DigitScore]) -> pd.DataFrame:
    def between(interval: tuple[float, float]) -> str:
        return f"{interval[0] * 100:.1f} to {interval[1] * 100:.1f}" if interval != (0.0, 1.0) else NONE

    return pd.DataFrame(
        [
            {
                "Digit": score.digit,
                "Images": score.recall.n,
                "Recall": score.recall.value * 100,
                "± recall": between(score.recall.interval),
                "Precision": score.precision.value * 100,
                "± precision": between(score.precision.interval),
                "F1": score.f1 * 100,
                "± F1": between(score.f1_interval),
            }
            for score in scores
        ]
    )


def _score_columns() -> dict:
    config = st.column_config
    shares = {name: config.NumberColumn(format="%.1f%%", width=66) for name in ("Recall", "Precision", "F1")}
    intervals = {f"± {name}": config.TextColumn("95%", width=90) for name in ("recall", "precision", "F1")}
    return {"Digit": config.NumberColumn(width=46), "Images": config.NumberColumn(width=54), **shares, **intervals}


def _threshold(answers: Answers, threshold: float) -> None:
    stops = sorted({*THRESHOLDS, threshold})
    threshold = st.select_slider(
        "Answer only when at least this sure",
        stops,
        format_func=lambda p: f"{p:.4%}".rstrip("0%").rstrip(".") + "%" if p else "0%",
        key=STATE.key("threshold"),
    )
    answered, right = evaluation.above(answers, threshold)
    st.altair_chart(
        threshold_chart(evaluation.threshold_curve(answers), answered.value, right.value, colours()),
        key="threshold_curve",
    )
    left_out = answered.n - answered.count
    words = f"It answers **{share_words(answered.value, answered.n)}** of the images and leaves {left_out:,} to somebody else; "
    words += (
        f"of its answers {reading.share_with_interval(right)} are right." if right.n else "so none is right or wrong."
    )
    st.markdown(words)
    st.caption(
        "From right to left it answers fewer and fewer images, the surest first. The dot is where the slider stands."
        if right.n
        else "From right to left it answers fewer and fewer images, the surest first."
    )
