"""Why this answer? What in an image speaks for a digit, by the network's own arithmetic."""

from ui.weights import why_cnn, why_mlp
from ui.weights.look import Look, image_control

EXPLAIN = {"mlp": why_mlp.explain, "cnn": why_cnn.explain}


def why(look: Look) -> None:
    """The image, and what of it the answer rests on."""
    EXPLAIN[look.network](look, image_control(look))
