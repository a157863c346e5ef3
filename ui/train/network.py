"""The picture of the network that the settings make, layer by layer."""

from pathlib import Path

from core.config import Config
from core.glossary.words import TERMS, found
from core.layers import Layer, layers
from core.words import TIMES
from ui.component import component

_network = component(Path(__file__).parent, "network")


def network(config: Config) -> None:
    """Draw the layers with their shapes; whichever is pointed at, focussed or tapped tells what it does and what it learns."""
    _network(key="network_picture", data={"layers": [_said(layer) for layer in layers(config)]})


def _said(layer: Layer) -> dict[str, object]:
    maps = layer.shape[1:] if layer.shape[0] == 1 else layer.shape
    head = f" {TIMES} ".join(map(str, maps))
    return {
        "name": layer.name,
        "head": head if len(layer.shape) > 1 else f"{layer.shape[0]} units",
        "learns": f"{layer.parameters:,} parameters." if layer.parameters else "",
        "words": layer.words,
        "marks": [[word.start, word.end, word.slug, TERMS[word.slug].says] for word in found(layer.words)],
        "shape": list(layer.shape),
    }
