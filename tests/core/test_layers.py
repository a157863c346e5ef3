"""The picture of a network says what the network is: held against the networks themselves."""

import numpy as np
import pytest
import torch

from core.cnn import ARCHITECTURES
from core.config import CNNConfig, MLPConfig
from core.layers import layers
from core.mlp import MLP

CONFIGS = [MLPConfig(), MLPConfig(hidden_units=16), CNNConfig(), CNNConfig(dropout=0.0), CNNConfig(architecture="deep")]


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.key)
def test_the_parameters_of_all_layers_are_those_of_the_network(config):
    assert sum(layer.parameters for layer in layers(config)) == config.parameter_count


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_shapes_and_parameters_of_each_layer_of_a_cnn_are_torchs(architecture):
    network = ARCHITECTURES[architecture](0, 0.0, 1.0)
    made = {stage.name: tuple(stage.values.shape[1:]) for stage in network.stages(torch.zeros(1, 1, 28, 28))}
    said = layers(CNNConfig(architecture=architecture))[1:]
    assert {layer.name: layer.shape for layer in said} == made
    learnt: dict[str, int] = {}
    for name, values in network.named_parameters():
        layer = name.partition(".")[0].replace("norm", "conv")
        learnt[layer] = learnt.get(layer, 0) + values.numel()
    assert {layer.name: layer.parameters for layer in said} == learnt


def test_shapes_and_parameters_of_an_mlp_are_its_arrays():
    network, (image, hidden, output) = MLP(32), layers(MLPConfig(hidden_units=32))
    f1, probs = network.forward(np.zeros((1, 784), np.float32))
    assert (image.shape, hidden.shape, output.shape) == ((1, 28, 28), f1.shape[1:], probs.shape[1:])
    assert hidden.parameters == network.w1.size + network.b1.size
    assert output.parameters == network.w2.size + network.b2.size


def test_dropout_is_spoken_of_only_where_there_is_any():
    said = ["".join(layer.words for layer in layers(CNNConfig(dropout=share))) for share in (0.0, 0.5)]
    assert ["ropout" in words for words in said] == [False, True]
