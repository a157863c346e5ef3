"""Every page and view that there is without training anything, by a name: what is checked and looked at, one list for all."""

from core.config import PRESETS
from core.labels import run_token
from tests.studies import SHOWN_LINK

MLP, CNN = PRESETS["MLP full"].key, PRESETS["CNN full"].key
TICKED = "&".join(f"runs={run_token(config)}" for config in (PRESETS["MLP full"], PRESETS["CNN full"]))

VIEWS = {
    "home": "/",
    "train-mlp": "/train",
    "train-cnn": "/train?network=cnn",
    "train-new": "/train?network=cnn&epochs=3",
    "train-rates": "/train?train_size=2000&rates=True",
    "overfitting": "/overfitting",
    "search": "/search",
    "search-two": "/search?setting=learning_rate&second=batch_size&seeds=1",
    "search-sizes": "/search?networks=mlp,cnn&setting=train_size&values=2000,50000&seeds=1&epochs=70",
    "search-all": "/search?all=yes",
    "search-all-done": SHOWN_LINK,
    "runs": "/runs",
    "runs-ticked": f"/runs?{TICKED}",
    **{
        f"confusion-{view}": f"/confusion?view={view}"
        for view in ("matrix", "digits", "certainty", "compare", "damage")
    },
    **{f"weights-mlp-{view}": f"/weights?run={MLP}&view={view}" for view in ("neurons", "why", "step", "break")},
    **{
        f"weights-cnn-{view}": f"/weights?run={CNN}&view={view}"
        for view in ("filters", "layers", "pixel", "why", "break")
    },
    **{f"sketch-{source}": f"/sketch?source={source}" for source in ("draw", "test", "upload", "grid")},
    **{f"sketch-{view}": f"/sketch?image=test-8&view={view}" for view in ("why", "doubt", "ours")},
    **{f"lessons-{name}": f"/lessons?lesson={name}" for name in ("rate", "data", "neuron&neuron=3", "shift&shift=80")},
    "report": "/report",
    "glossary": "/glossary",
}
# A window's width in pixels, and the theme.
FORMS = ((1400, "light"), (1400, "dark"), (390, "dark"), (390, "light"))
