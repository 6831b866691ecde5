"""The ready networks in plain PyTorch: what ready.py takes vectors from, and partners.py exchanges state files with."""

import torch
import torch.nn.functional as F
from torch import nn


def mlp(sizes, activation=nn.ReLU, normalization=None, output=None):
    layers = []
    for inputs, units in zip(sizes[:-2], sizes[1:-1]):
        layers.append(nn.Linear(inputs, units, bias=normalization is not nn.BatchNorm1d))
        if normalization:
            layers.append(normalization(units))
        layers.append(activation())
    layers.append(nn.Linear(sizes[-2], sizes[-1]))
    return nn.Sequential(*layers, *([output()] if output else []))


class LeNet(nn.Module):
    def __init__(self, classes=10, channels=1, extent=28, classic=False, maps=(6, 16), hidden=(120, 84)):
        super().__init__()
        places = ((extent // 2 - 4) // 2) ** 2
        self.conv1, self.conv2 = nn.Conv2d(channels, maps[0], 5, padding=2), nn.Conv2d(maps[0], maps[1], 5)
        self.fc1, self.fc2 = nn.Linear(maps[1] * places, hidden[0]), nn.Linear(hidden[0], hidden[1])
        self.fc3 = nn.Linear(hidden[1], classes)
        self.activation, self.pool = (torch.tanh, F.avg_pool2d) if classic else (F.relu, F.max_pool2d)

    def forward(self, x):
        for layer in (self.conv1, self.conv2):
            x = self.pool(self.activation(layer(x)), 2)
        x = self.activation(self.fc1(x.flatten(1)))
        return self.fc3(self.activation(self.fc2(x)))


class Block(nn.Module):
    """torchvision's BasicBlock and Bottleneck, attribute by attribute."""

    def __init__(self, kernels, inputs, widths, stride):
        super().__init__()
        self.count = len(kernels)
        # the first 3×3 convolution has the stride
        strided, before = kernels.index(3), inputs
        for index, (kernel, width) in enumerate(zip(kernels, widths)):
            step = stride if index == strided else 1
            conv = nn.Conv2d(before, width, kernel, step, padding=kernel // 2, bias=False)
            setattr(self, f"conv{index + 1}", conv)
            setattr(self, f"bn{index + 1}", nn.BatchNorm2d(width))
            before = width
        self.downsample = None
        if stride != 1 or inputs != before:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, before, 1, stride, bias=False), nn.BatchNorm2d(before))

    def forward(self, x):
        y = x
        for index in range(1, self.count + 1):
            y = getattr(self, f"bn{index}")(getattr(self, f"conv{index}")(y))
            if index < self.count:
                y = F.relu(y)
        return F.relu(y + (self.downsample(x) if self.downsample else x))


class ResNet(nn.Module):
    def __init__(self, blocks, widths, bottleneck=False, small=False, channels=3, classes=1000):
        super().__init__()
        stem = dict(kernel_size=3, padding=1) if small else dict(kernel_size=7, stride=2, padding=3)
        self.conv1, self.bn1 = nn.Conv2d(channels, widths[0], bias=False, **stem), nn.BatchNorm2d(widths[0])
        self.small, self.groups, inputs = small, len(blocks), widths[0]
        for group, (count, width) in enumerate(zip(blocks, widths)):
            made = []
            for index in range(count):
                own = (width, width, 4 * width) if bottleneck else (width, width)
                stride = 2 if group > 0 and index == 0 else 1
                made.append(Block((1, 3, 1) if bottleneck else (3, 3), inputs, own, stride))
                inputs = own[-1]
            setattr(self, f"layer{group + 1}", nn.Sequential(*made))
        self.fc = nn.Linear(inputs, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = x if self.small else F.max_pool2d(x, 3, 2, 1)
        for group in range(self.groups):
            x = getattr(self, f"layer{group + 1}")(x)
        return self.fc(x.mean((2, 3)))


class CharRNN(nn.Module):
    def __init__(self, cell, symbols, features, hidden, layers):
        super().__init__()
        self.embedding = nn.Embedding(symbols, features)
        self.rnn = cell(features, hidden, layers, batch_first=True)
        self.head = nn.Linear(hidden, symbols)

    def forward(self, x):
        return self.head(self.rnn(self.embedding(x))[0])


class TransformerLM(nn.Module):
    def __init__(self, symbols, context, features, heads, layers, tied=False):
        super().__init__()
        self.embedding, self.positions = nn.Embedding(symbols, features), nn.Embedding(context, features)
        block = dict(dropout=0, activation="gelu", batch_first=True, norm_first=True)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(features, heads, 4 * features, **block) for _ in range(layers))
        self.norm = nn.LayerNorm(features)
        self.head = None if tied else nn.Linear(features, symbols, bias=False)

    def forward(self, x):
        time = x.shape[1]
        y = self.embedding(x) + self.positions(torch.arange(time))
        mask = nn.Transformer.generate_square_subsequent_mask(time, dtype=y.dtype)
        for layer in self.layers:
            y = layer(y, src_mask=mask, is_causal=True)
        y = self.norm(y)
        return self.head(y) if self.head else F.linear(y, self.embedding.weight)


class Autoencoder(nn.Module):
    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def forward(self, x):
        return self.decoder(self.encoder(x))


def dense_autoencoder(sizes, **options):
    return Autoencoder(mlp(sizes), mlp(sizes[::-1], **options))


def convolutional_autoencoder(channels, first, second):
    down = dict(kernel_size=3, stride=2, padding=1)
    return Autoencoder(
        nn.Sequential(nn.Conv2d(channels, first, **down), nn.ReLU(), nn.Conv2d(first, second, **down)),
        nn.Sequential(
            nn.ConvTranspose2d(second, first, output_padding=1, **down), nn.ReLU(),
            nn.ConvTranspose2d(first, channels, output_padding=1, **down), nn.Sigmoid()))


class VariationalAutoencoder(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.encoder = mlp(sizes[:-1], output=nn.ReLU)
        self.mean, self.log_variance = nn.Linear(sizes[-2], sizes[-1]), nn.Linear(sizes[-2], sizes[-1])
        self.decoder = mlp(sizes[::-1])

    def run(self, x, noise):
        """Logits, mean and logarithm of the variance; without noise as in inference."""
        hidden = self.encoder(x)
        mean, log_variance = self.mean(hidden), self.log_variance(hidden)
        code = mean if noise is None else mean + (log_variance / 2).exp() * noise
        return self.decoder(code), mean, log_variance

    def loss(self, x, noise, beta, bernoulli=True):
        logits, mean, log_variance = self.run(x, noise)
        if bernoulli:
            distance = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        else:
            distance = F.mse_loss(logits, x, reduction="sum") / 2
        divergence = -0.5 * (1 + log_variance - mean**2 - log_variance.exp()).sum()
        return (distance + beta * divergence) / len(x)

    def forward(self, x):
        return torch.sigmoid(self.run(x, None)[0])
