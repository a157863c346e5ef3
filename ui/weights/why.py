"""Why this answer? What in an image speaks for a digit, by the network's own arithmetic."""

from ui.weights import why_cnn, why_mlp
from ui.weights.look import CNNLook, MLPLook, image_control


def why(look: MLPLook | CNNLook) -> None:
    """The image, and what of it the answer rests on."""
    image = image_control(look)
    match look:
        case MLPLook():
            why_mlp.explain(look, image)
        case CNNLook():
            why_cnn.explain(look, image)
