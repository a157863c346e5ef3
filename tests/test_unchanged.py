"""What others rely on stays: the weights that settings lead to, bit for bit. (Their keys: tests/core/test_config.py.)"""

import json
from pathlib import Path

import pytest
import torch
from threadpoolctl import threadpool_info

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


def rounding(config: Config) -> str:
    """What decides how a network's sums are rounded here: whose processor it is, and what its library adds up with on it."""
    if config.network == "cnn":
        kernels = torch.backends.cpu.get_cpu_capability()
    else:
        kernels = next(one["architecture"] for one in threadpool_info() if one["user_api"] == "blas")
    return f"{description.machine().split(',')[0]}, {kernels}"


@pytest.mark.slow
@pytest.mark.parametrize("config", RUNS, ids=lambda config: config.key)
def test_settings_lead_to_the_weights_that_they_led_to_before(config, digits):
    """With sums that are rounded as they were where the weights were recorded, bit for bit; other processors round otherwise."""
    trained = run(config, digits)
    recorded = RECORDED["digests"].get(rounding(config))
    if recorded:
        assert digests(trained.model.arrays()) == recorded[config.key]
    assert trained.test_accuracy == pytest.approx(RECORDED["accuracies"][config.key], abs=0.03)
