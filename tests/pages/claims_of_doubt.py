"""What is said of when a network is sure, checked as in claims.py: each network is shown the drawings once more."""

from functools import lru_cache

import numpy as np

from core.analysis.doubt import SURE
from core.images.hands import drawings
from core.images.nondigits import nondigits
from tests.pages.claims import CONSTANT, _one_of, claim, percent
from tests.pages.walk import Look

CONSTANT |= {
    "Here are 800 such drawings - letters and signs, scribbles, two digits that touch, half a digit - and 1,000 digits, drawn by a "
    "program; no network has learnt from these very ones.",
    "A dot is the threshold from which an answer counts as sure: what 99 in 100 drawn digits get at least, and never less than 50%.",
}


@claim("sketch", "{name&} is sure from {t%} on.", "{name&}, epoch {epoch#} is sure from {t%} on.")
def _sure_from(page, name, t, epoch=None) -> None:
    _one_of(lambda at: percent(t, at), [(_doubt(look)[0],) for look in page.looks], f"sure from {t}")


@claim("sketch", "It refuses {refused%} of the digits, and is sure of {passed%} of what is none.")
def _refused(page, refused, passed) -> None:
    def same(r: float, p: float) -> None:
        percent(refused, r)
        percent(passed, p)

    _one_of(same, [_doubt(look)[1:] for look in page.looks], f"refuses {refused}, is sure of {passed}")


@lru_cache
def _doubt(look: Look) -> tuple[float, float, float]:
    """From where on a network is sure, what it refuses of drawn digits, and what it is sure of that is none."""
    shown = drawings(1_000, 10_000)[0], nondigits(800, 10_000)[0]
    digits, others = (look.model.predict_proba(images).max(axis=1) for images in shown)
    comes_trained = look.facts.key in SURE and look.epoch == look.facts.config.epochs
    at = SURE[look.facts.key] if comes_trained else max(0.5, np.floor(1_000 * float(np.quantile(digits, 0.01))) / 1_000)
    return at, float((digits < at).mean()), float((others >= at).mean())
