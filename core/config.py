"""The settings of a run: one frozen record per network, and the only place where defaults and limits stand.

A record's `key` is the identity of the result that it leads to: file name, link, cache key and test id.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, ClassVar

from core.data import CLASSES, PIXELS
from core.kinds import Choice, Range, SettingsError, check_settings, label, read_setting, setting

ACTIVATIONS = ("sigmoid", "tanh", "relu")
SCHEDULES = ("exponential", "cosine")  # how the learning rate falls from epoch to epoch
MANY = 8_192  # runs whose words are kept at hand: every list of them asks
ARCHITECTURES = ("lenet", "deep")  # of the CNN: the report's, and one of four convolutions with batch norm


@dataclass(frozen=True, kw_only=True)
class Config:
    """What both networks are trained with. Defaults are the report's run on the full training set.

    Raises SettingsError where a value is of the wrong type or outside its limits.
    """

    network: ClassVar[str]

    train_size: int = setting(50_000, Range(100, 50_000, int))
    batch_size: int = setting(64, Range(1, 1024, int))
    learning_rate: float = setting(0.01, Range(0.00001, 1.0, float))
    learning_rate_decay: float = setting(0.97, Range(0.5, 1.0, float))
    epochs: int = setting(70, Range(1, 200, int))
    weight_decay: float = setting(1e-4, Range(0.0, 0.1, float))
    augmentation: float = setting(0.0, Range(0.0, 1.0, float))
    drawn: float = setting(0.0, Range(0.0, 0.9, float))  # of each batch: drawings by core/images/drawn.py
    seed: int = setting(0, Range(0, 9999, int))
    patience: int = setting(0, Range(0, 50, int))  # epochs, of early stopping; 0 is none
    schedule: str = setting("exponential", Choice(SCHEDULES))

    def __post_init__(self) -> None:
        check_settings(self)

    @property
    def key(self) -> str:
        """Network and ten hex digits of the SHA-256 of the settings as canonical JSON, e.g. "mlp-3f9a1c20b7".

        Settings at their defaults are left out, so that one added later, off by default, changes no key.
        """
        return _key(self)

    @property
    def steps_per_epoch(self) -> int:
        return math.ceil(self.train_size / self.batch_size)

    @property
    def steps(self) -> int:
        """How many steps it trains for, unless early stopping ends it before."""
        return self.epochs * self.steps_per_epoch

    @property
    def parameter_count(self) -> int:
        """How many numbers the network learns."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class MLPConfig(Config):
    """The multi-layer perceptron 784 - hidden_units - 10."""

    network: ClassVar[str] = "mlp"

    hidden_units: int = setting(64, Range(16, 256, int))
    activation: str = setting("sigmoid", Choice(ACTIVATIONS))

    @property
    def parameter_count(self) -> int:
        return (PIXELS + 1) * self.hidden_units + (self.hidden_units + 1) * CLASSES


@dataclass(frozen=True, kw_only=True)
class CNNConfig(Config):
    """A convolutional network: the report's, in the style of LeNet, or a deeper one."""

    network: ClassVar[str] = "cnn"

    momentum: float = setting(0.9, Range(0.0, 0.99, float))
    dropout: float = setting(0.5, Range(0.0, 0.9, float))
    architecture: str = setting("lenet", Choice(ARCHITECTURES))

    @property
    def parameter_count(self) -> int:
        if self.architecture == "deep":
            # Weights of a kernel, and how many kernels; each has a bias, and two numbers of its norm.
            layers = (1 * 25, 24), (24 * 9, 32), (32 * 9, 48), (48 * 9, 80)
            convolutions = sum((weights + 3) * kernels for weights, kernels in layers)
            return convolutions + (720 + 1) * 64 + (64 + 1) * CLASSES
        convolutions = 6 * (1 * 25 + 1) + 16 * (6 * 25 + 1)
        return convolutions + (256 + 1) * 120 + (120 + 1) * 84 + (84 + 1) * CLASSES


NETWORKS: dict[str, type[Config]] = {"mlp": MLPConfig, "cnn": CNNConfig}
NAMES = {"mlp": "MLP", "cnn": "CNN"}  # as people write them

# The six runs of the report, by name. The CNN's baseline stops after the ten epochs that the report's Figure 6 shows.
REPORT: dict[str, Config] = {
    "MLP baseline": MLPConfig(batch_size=256, learning_rate=0.001, epochs=100),
    "MLP small": MLPConfig(train_size=2_000),
    "MLP full": MLPConfig(),
    "CNN baseline": CNNConfig(batch_size=256, learning_rate=0.001, epochs=10),
    "CNN small": CNNConfig(train_size=2_000),
    "CNN full": CNNConfig(),
}
# With two more, which read drawings best: the settings that come trained. The second has learnt from drawings, too.
PRESETS: dict[str, Config] = REPORT | {
    "CNN sketch": CNNConfig(
        architecture="deep",
        augmentation=1.0,
        epochs=20,
        learning_rate=0.03,
        learning_rate_decay=0.82,
        dropout=0.25,
    ),
    "CNN hands": CNNConfig(
        architecture="deep",
        augmentation=0.7,
        drawn=0.2,
        epochs=18,
        learning_rate=0.03,
        learning_rate_decay=0.8,
        dropout=0.25,
    ),
}

_NAMES_OF_PRESETS = {config: name for name, config in PRESETS.items()}


@lru_cache(MANY)
def _key(config: Config) -> str:
    canonical = json.dumps(changed_settings(config), sort_keys=True, separators=(",", ":"))
    return f"{config.network}-{hashlib.sha256(canonical.encode()).hexdigest()[:10]}"


def changed_settings(config: Config) -> dict[str, Any]:
    """The settings that differ from the network's defaults, by name."""
    return {name: value for name, value in vars(config).items() if value != getattr(type(config), name)}


def limits(config_class: type[Config], name: str) -> Range | Choice:
    return config_class.__dataclass_fields__[name].metadata["limits"]


def range_of(config_class: type[Config], name: str) -> Range:
    """The limits of a setting that is a number."""
    found = limits(config_class, name)
    assert isinstance(found, Range), f"{name} is no number"
    return found


def choice_of(config_class: type[Config], name: str) -> Choice:
    """The words of a setting that is one of them."""
    found = limits(config_class, name)
    assert isinstance(found, Choice), f"{name} is no word"
    return found


def preset_name(config: Config) -> str | None:
    """The name of these settings, if they are a preset."""
    return _NAMES_OF_PRESETS.get(config)


def number_words(value: float) -> str:
    """The shortest text of a number that no other number has: "0.01", "1e-05", "1", "2000"."""
    return repr(value).removesuffix(".0")


def phrase(name: str, value: Any) -> str:
    """A setting in a word or two, e.g. "2,000 images", "rate 0.01", "1 epoch", "tanh", "hidden units 32".

    Different values are different words.
    """
    match name:
        case "train_size":
            return f"{value:,} images"
        case "batch_size":
            return f"batch {value}"
        case "learning_rate":
            return f"rate {number_words(value)}"
        case "epochs":
            return "1 epoch" if value == 1 else f"{value} epochs"
    return value if isinstance(value, str) else f"{label(name).lower()} {number_words(value)}"


def setting_words(name: str, value: Any) -> str:
    """A setting that stands alone, with its name where its value does not tell it: "Learning rate 0.02", "2,000 images"."""
    if name in ("train_size", "epochs"):
        return phrase(name, value)
    return f"{label(name)} {value if isinstance(value, str) else number_words(value)}"


@lru_cache(MANY)
def describe(config: Config) -> str:
    """The settings in a few words, e.g. "2,000 images, batch 64, rate 0.01, 70 epochs, tanh"."""
    always = {name: getattr(config, name) for name in ("train_size", "batch_size", "learning_rate", "epochs")}
    return ", ".join(phrase(name, value) for name, value in (always | changed_settings(config)).items())


def to_dict(config: Config) -> dict[str, Any]:
    """The settings as plain JSON values, with the network's name; `from_dict` reads them back."""
    return {"network": config.network, **vars(config)}


def from_dict(values: Mapping[str, Any]) -> Config:
    """The settings that `to_dict` wrote. Raises SettingsError for anything else."""
    settings = dict(values)
    config_class = NETWORKS.get(settings.pop("network", None))
    if config_class is None:
        raise SettingsError("The network must be mlp or cnn.")
    unknown = settings.keys() - {spec.name for spec in fields(config_class)}
    if unknown:
        raise SettingsError(f"There is no setting called {min(unknown)}.")
    return config_class(**settings)


def to_query(config: Config) -> dict[str, str]:
    """The settings as the parameters of a link: the network, and whatever differs from its defaults."""
    return {"network": config.network, **{name: str(value) for name, value in changed_settings(config).items()}}


def from_query(query: Mapping[str, str]) -> tuple[Config, list[str]]:
    """The settings that a link asks for, and one sentence for each value that had to be replaced.

    A number outside its limits becomes the nearest one inside; anything else that cannot be used becomes the default.
    Parameters that are no settings of the network are somebody else's and ignored.
    """
    sentences = []
    network = query.get("network", "mlp")
    if network not in NETWORKS:
        sentences.append(f"There is no network called “{network[:40]}”: showing the MLP.")
        network = "mlp"
    config_class = NETWORKS[network]
    settings = {}
    for spec in fields(config_class):
        if spec.name in query:
            kind = spec.metadata["limits"]
            settings[spec.name], said = read_setting(spec.name, kind, spec.default, query[spec.name])
            sentences += said
    return config_class(**settings), sentences
