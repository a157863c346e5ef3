"""A lesson, or all of them, as a sheet of paper: one HTML file that holds all that it needs, to be printed."""

from collections.abc import Sequence
from html import escape

from core.lessons.course import COURSE, place
from core.lessons.prediction import Curve, Number, OneOf

STYLE = (
    "body { font: 12pt/1.5 system-ui, sans-serif; max-width: 17cm; margin: 1cm auto; color: #000; background: #fff }"
    " section { break-inside: avoid; margin-bottom: 1.2cm } h2 { margin: 0 } svg { float: right; margin: 0 0 0.5cm 0.5cm }"
    " .line { border-bottom: 1px solid #888; height: 0.9cm } .plot { width: 100%; height: 5cm } p { margin: 0.3em 0 }"
)


def worksheet(names: Sequence[str], codes: Sequence[str] = ()) -> str:
    """The sheet of some lessons. `codes` are SVG pictures that lead to each, as `segno` makes them: they are written as they are."""
    sections = [_section(name, code) for name, code in zip(names, codes or [""] * len(names), strict=True)]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Digit Lab: worksheet</title><style>{STYLE}</style>'
        f"<h1>Digit Lab</h1><p>Name:</p><p class='line'></p>{''.join(sections)}</html>\n"
    )


def _section(name: str, code: str) -> str:
    lesson = COURSE[name]
    match lesson.asks:
        case OneOf(options):
            boxes = [f"&#9744; {escape(words)}" for words in options.values()]
            asked = "".join(f"<p>{box}</p>" for box in ([" &emsp; ".join(boxes)] if len(boxes) > 4 else boxes))
        case Curve() as asks:
            asked = _paper(asks)
        case Number():
            asked = "<p>I think: ________ percent</p>"
        case _:
            raise AssertionError(f"nobody knows how to write {lesson.asks} on paper")
    rest = "".join(
        f"<p>{words}</p><p class='line'></p>"
        for words in ("What came of it:", "Why I think that is so:", "What I keep of it:")
    )
    return f"<section>{code}<h2>{place(name)}. {escape(lesson.title)}</h2><p>{escape(lesson.question)}</p>{asked}{rest}</section>"


def _paper(asks: Curve) -> str:
    """Axes to draw a curve between, from 0 to 100 percent."""
    width, height, n = 600, 180, len(asks.places)
    ticks = [
        f'<text x="{40 + width * (i + 0.5) / n:.0f}" y="{height + 18}" text-anchor="middle" font-size="12">{one:,}</text>'
        for i, one in enumerate(asks.places)
    ]
    heights = [
        f'<line x1="40" x2="{40 + width}" y1="{y:.0f}" y2="{y:.0f}" stroke="#bbb"/><text x="34" y="{y + 4:.0f}" text-anchor="end" '
        f'font-size="12">{share}</text>'
        for share in (0, 25, 50, 75, 100)
        for y in [height - (height - 10) * share / 100]
    ]
    return (
        f'<svg class="plot" style="float: none" viewBox="0 0 {width + 50} {height + 40}">{"".join(heights)}{"".join(ticks)}'
        f'<text x="{40 + width / 2:.0f}" y="{height + 36}" text-anchor="middle" font-size="12">{escape(asks.unit)}; upwards: percent</text></svg>'
    )
