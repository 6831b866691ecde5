"""Reference vectors for the ready networks, of small sizes: see references.py."""

from functools import partial

import cases
import torch
from ready_networks import (
    CharRNN,
    LeNet,
    ResNet,
    TransformerLM,
    VariationalAutoencoder,
    convolutional_autoencoder,
    dense_autoencoder,
    mlp,
)
from references import Vectors, random
from torch import nn

vectors = Vectors("NetworksTests", "ready")
network = partial(cases.layer, vectors, "ready")


def normal(*shape, seed=2):
    return torch.randn(*shape, generator=random(seed))


rows, pictures = normal(6, 5), normal(3, 2, 12, 12)
network("mlp", mlp([5, 7, 4, 3]), rows)
network("mlp/batch-norm", mlp([5, 6, 4, 3], nn.Tanh, nn.BatchNorm1d), rows)
network("mlp/layer-norm", mlp([5, 6, 3], nn.GELU, nn.LayerNorm, nn.Sigmoid), rows)

small = dict(classes=3, channels=2, extent=12, maps=(2, 3), hidden=(6, 5))
network("lenet", LeNet(**small), pictures)
network("lenet/classic", LeNet(classic=True, **small), pictures)

network("resnet/basic", ResNet([1, 2], [2, 3], small=True, channels=2, classes=3), pictures[:, :, :6, :6])
inference = ResNet([2], [2], small=True, channels=2, classes=3).eval()
network("resnet/inference", inference, pictures[:, :, :5, :5])
network("resnet/bottleneck", ResNet([1, 1], [2, 1], bottleneck=True, channels=2, classes=3), pictures)

symbols = torch.tensor([[1, 3, 0, 2, 5], [2, 2, 4, 1, 0], [5, 0, 0, 3, 1]])
network("char-rnn", CharRNN(nn.LSTM, 6, 3, 4, 2), symbols)
network("char-rnn/gru", CharRNN(nn.GRU, 6, 4, 4, 1), symbols)
network("char-rnn/elman", CharRNN(nn.RNN, 6, 4, 4, 1), symbols)
network("transformer-lm", TransformerLM(6, 7, 4, 2, 2), symbols)
network("transformer-lm/tied", TransformerLM(6, 5, 4, 1, 1, tied=True), symbols)

network("autoencoder", dense_autoencoder([5, 4, 2], output=nn.Sigmoid), rows)
network("autoencoder/denoising", dense_autoencoder([5, 3]).eval(), rows)
network("autoencoder/convolutional", convolutional_autoencoder(2, 3, 4), pictures[:, :, :8, :4])
noise, shares = normal(6, 2, seed=3), torch.rand(6, 5, generator=random(4))
variational = VariationalAutoencoder([5, 4, 2])


def losses(bernoulli, x):
    return torch.stack([variational.loss(x, noise, beta, bernoulli) for beta in (1, 4)])


network("variational", variational, rows)
network("variational/bernoulli", variational, shares, call=partial(losses, True), noise=noise)
network("variational/gaussian", variational, rows, call=partial(losses, False), noise=noise)

vectors.write()
