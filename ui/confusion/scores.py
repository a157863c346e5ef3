"""How well each digit is read, and whether the network is as sure as it is right."""

import pandas as pd
import streamlit as st

from core import charts_confusion as figures
from core import evaluation, reading
from core.evaluation import DIGITS, Answers
from ui.confusion.link import get
from ui.confusion.look import Look
from ui.pictures import colours

THRESHOLDS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999)


def digits(look: Look) -> None:
    """How well each digit is read, as a table and as two charts; and any two of them compared."""
    scores = evaluation.digit_scores(look.answers.matrix)
    left, right = st.columns([1.75, 1], gap="large")
    with left:
        st.dataframe(_score_table(scores), hide_index=True, key="digit_table", column_config=_score_columns())
        st.caption(
            "Recall: how many of this digit are read as it. Precision: how many that are read as it are it. F1: both in one. "
            "Beside each its 95% interval. Click a column's head to sort."
        )
        st.markdown("**Is one digit harder than another?**")
        with st.container(horizontal=True):
            for name in ("first_digit", "second_digit"):
                label = name.replace("_", " ").capitalize()
                st.selectbox(label, range(DIGITS), key=f"confusion_{name}", label_visibility="collapsed", width=90)
        st.markdown(reading.two_digits(scores[get("first_digit")], scores[get("second_digit")]))
    with right:
        for name, words in (("recall", "are read as it"), ("precision", "that are read as it are it")):
            st.altair_chart(figures.digit_shares(scores, name, colours()), key=f"digit_{name}")
            st.caption(f"{name.capitalize()}: which share of a digit's images {words}. Lines: 95% intervals.")


def certainty(look: Look) -> None:
    """Whether the network is as sure as it is right, and what it gains by saying “I don't know”."""
    answers = look.answers
    bins = evaluation.reliability(answers)
    with st.container(horizontal=True, key="certainty_scores"):
        low, high = answers.accuracy.interval
        st.metric(
            "Accuracy",
            f"{answers.accuracy.value:.2%}",
            f"{low:.2%} to {high:.2%}",
            delta_color="off",
            delta_arrow="off",
            width="content",
        )
        st.metric(
            "Log loss",
            f"{evaluation.log_loss(answers.probs, answers.labels):.4f}",
            width="content",
            help="The mean of -log p(true digit), in nats. Being wrong and sure costs most.",
        )
        st.metric(
            "Calibration error",
            f"{evaluation.calibration_error(bins):.2%}",
            width="content",
            help="Expected calibration error: how far confidence and accuracy are apart, over all answers in 15 bins.",
        )
    st.markdown(reading.certainty(answers))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Is it as sure as it is right?**")
        st.altair_chart(figures.reliability_chart(bins, colours()), key="reliability")
        st.caption(
            "Of the answers that were about so sure, the share that is right. Below the dashed line it claims too much. "
            "Larger dots are more answers, lines are 95% intervals."
        )
    with right:
        st.markdown("**What if it may say “I don't know”?**")
        _threshold(answers)


def _score_table(scores: list[evaluation.DigitScore]) -> pd.DataFrame:
    def between(interval: tuple[float, float]) -> str:
        return f"{interval[0] * 100:.1f} to {interval[1] * 100:.1f}"

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


def _threshold(answers: Answers) -> None:
    threshold = get("threshold")
    stops = sorted({*THRESHOLDS, threshold})
    threshold = st.select_slider(
        "Answer only when at least this sure",
        stops,
        format_func=lambda p: f"{p:.4%}".rstrip("0%").rstrip(".") + "%" if p else "0%",
        key="confusion_threshold",
    )
    answered, right = evaluation.above(answers, threshold)
    st.altair_chart(
        figures.threshold_chart(evaluation.threshold_curve(answers), answered.value, right.value, colours()),
        key="threshold_curve",
    )
    left_out = answered.n - answered.count
    words = f"It answers **{answered.value:.1%}** of the images and leaves {left_out:,} to somebody else; "
    words += f"of its answers {reading.share_words(right)} are right." if right.n else "none is answered."
    st.markdown(words)
    st.caption(
        "The fewer images it answers, the surest first, the more of its answers are right. The dot is the slider's."
    )
