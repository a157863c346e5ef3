"""What others rely on stays: the weights that settings lead to, bit for bit. (Their keys: tests/core/test_config.py.)"""

import json
from pathlib import Path

import pytest
import torch

from core import description
from core.config import CNNConfig, Config, MLPConfig
from tests.outcome import digests, run

RECORDED = json.loads((Path(__file__).parent / "recorded" / "weights.json").read_text(encoding="utf-8"))
RUNS: list[Config] = [
    MLPConfig(train_size=2_000, epochs=3),
    CNNConfig(train_size=2_000, epochs=3),
    MLPConfig(train_size=2_000, epochs=2, augmentation=0.5, activation="relu", learning_rate=0.005),
    CNNConfig(train_size=500, epochs=1, architecture="deep", augmentation=0.5),
]


def processor() -> str:
    """What decides how sums are rounded here: whose processor it is, and how wide the numbers are that it adds at once."""
    return f"{description.machine().split(',')[0]}, {torch.backends.cpu.get_cpu_capability()}"


@pytest.mark.parametrize("config", RUNS, ids=lambda config: config.key)
def test_settings_lead_to_the_weights_that_they_led_to_before(config, digits):
    """On a processor of a kind whose weights were recorded, bit for bit; another rounds otherwise."""
    trained = run(config, digits)
    recorded = RECORDED["digests"].get(processor())
    if recorded:
        assert digests(trained.model.arrays()) == recorded[config.key]
    assert trained.test_accuracy == pytest.approx(RECORDED["accuracies"][config.key], abs=0.03)
