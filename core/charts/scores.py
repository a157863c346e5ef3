"""How sure answers are and how often they are right, as charts. Pure: no page, no files."""

import math

import altair as alt
import pandas as pd

from core.analysis.evaluation import Bin, DigitScore, ThresholdCurve
from core.charts.colours import LIGHT, Colours, css
from core.charts.curves import UPRIGHT, thin
from core.data import CLASSES

PERCENT = alt.Axis(format="%")
PERCENT_UP = alt.Axis(format="%", **UPRIGHT)

Layers = alt.LayerChart | alt.FacetChart  # what `alt.layer` says that it returns


def digit_shares(scores: list[DigitScore], name: str, colours: Colours = LIGHT) -> Layers:
    """A share of each digit, "recall" or "precision", as a dot with its interval."""
    shares = [(score.digit, getattr(score, name)) for score in scores]
    table = pd.DataFrame(
        [(digit, share.value, *share.interval, share.count, share.n) for digit, share in shares if share.n],
        columns=["digit", "value", "low", "high", "count", "n"],
    )
    base = alt.Chart(table).encode(
        x=alt.X("digit:O", title="Digit", axis=alt.Axis(labelAngle=0), scale=alt.Scale(domain=list(range(CLASSES)))),
        tooltip=[
            alt.Tooltip("digit:O", title="Digit"),
            alt.Tooltip("value:Q", title=name.capitalize(), format=".1%"),
            alt.Tooltip("low:Q", title="From", format=".1%"),
            alt.Tooltip("high:Q", title="To", format=".1%"),
            alt.Tooltip("count:Q", title="Right", format=","),
            alt.Tooltip("n:Q", title="Of", format=","),
        ],
    )
    scale = alt.Scale(domain=span(table["low"], table["high"]), nice=False)
    y = alt.Y("low:Q", title=name.capitalize(), axis=PERCENT_UP, scale=scale)
    return alt.layer(
        base.mark_rule(strokeWidth=3, opacity=0.4, color=css(colours.ink)).encode(y=y, y2="high:Q"),
        base.mark_circle(size=90, opacity=1, color=css(colours.line)).encode(y=alt.Y("value:Q", scale=scale)),
    ).properties(height=260)


def span(lows: pd.Series, highs: pd.Series) -> list[float]:
    """The ends of an axis of shares, in whole percent, that holds all of them and leaves room for half a dot."""
    low, high = float(lows.min()), float(highs.max())
    if math.isnan(low) or math.isnan(high):
        return [0.0, 1.0]
    room = max(0.005, 0.03 * (high - low))
    return [max(0.0, math.floor((low - room) * 100) / 100), min(1.0, math.ceil((high + room) * 100) / 100)]


def reliability_chart(bins: list[Bin], colours: Colours = LIGHT) -> Layers:
    """How often answers of about the same confidence are right, against that confidence; the size of a dot is their number."""
    table = pd.DataFrame(
        [(one.confidence, one.right.value, *one.right.interval, one.right.n) for one in bins],
        columns=["confidence", "accuracy", "low", "high", "n"],
    )
    base = alt.Chart(table).encode(
        x=alt.X("confidence:Q", title="Confidence", axis=PERCENT, scale=alt.Scale(domain=[0, 1])),
        tooltip=[
            alt.Tooltip("confidence:Q", title="Confidence", format=".1%"),
            alt.Tooltip("accuracy:Q", title="Right", format=".1%"),
            alt.Tooltip("low:Q", title="From", format=".1%"),
            alt.Tooltip("high:Q", title="To", format=".1%"),
            alt.Tooltip("n:Q", title="Answers", format=","),
        ],
    )
    y = alt.Y("accuracy:Q", title="Share that is right", axis=PERCENT_UP, scale=alt.Scale(domain=[0, 1]))
    ideal = alt.Chart(pd.DataFrame({"x": [0, 1], "y": [0, 1]})).mark_line(
        strokeDash=[5, 4], strokeWidth=1.5, color=css(colours.ink), opacity=0.5
    )
    size = alt.Size("n:Q", scale=alt.Scale(type="log", domain=[1, 10_000], range=[25, 260]), legend=None)
    return alt.layer(
        ideal.encode(x="x:Q", y="y:Q"),
        base.mark_rule(strokeWidth=2, opacity=0.5, color=css(colours.ink)).encode(
            y=alt.Y("low:Q", title="Share that is right", scale=alt.Scale(domain=[0, 1])), y2="high:Q"
        ),
        base.mark_circle(opacity=1, color=css(colours.line)).encode(y=y, size=size),
    ).properties(height=340)


def threshold_chart(curve: ThresholdCurve, answered: float, accuracy: float, colours: Colours = LIGHT) -> Layers:
    """Accuracy among the answered against the share that is answered, and where one threshold stands on it."""
    points = thin(list(zip(*(array.tolist() for array in curve), strict=True)))
    table = pd.DataFrame(points, columns=ThresholdCurve._fields)
    everything = pd.Series([*curve.accuracy.tolist(), *([] if math.isnan(accuracy) else [accuracy])])
    scale = alt.Scale(domain=[span(everything, everything)[0], 1], nice=False)
    y = alt.Y("accuracy:Q", title="Right among the answered", axis=PERCENT_UP, scale=scale)
    x = alt.X("answered:Q", title="Share that is answered", axis=PERCENT, scale=alt.Scale(domain=[0, 1]))
    tooltip = [
        alt.Tooltip("threshold:Q", title="Threshold", format=".2%"),
        alt.Tooltip("answered:Q", title="Answered", format=".2%"),
        alt.Tooltip("accuracy:Q", title="Right among them", format=".2%"),
    ]
    line = alt.Chart(table).mark_line(strokeWidth=2.5, color=css(colours.line)).encode(x=x, y=y, tooltip=tooltip)
    here = pd.DataFrame({"answered": [answered], "accuracy": [accuracy]})
    dot = alt.Chart(here[~here["accuracy"].isna()]).mark_circle(size=150, opacity=1, color=css(colours.ink))
    return alt.layer(line, dot.encode(x=x, y=y)).properties(height=340)
