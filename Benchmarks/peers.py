"""PyTorch on the workloads of `descent bench`: the same networks, batches, losses and updates.

    python Benchmarks/peers.py tiny nielsen mlp

One JSON object a line, with the keys of `descent bench --json`: the median of five rounds, in samples a second, on all
processors. Batches are in memory before the clock starts; 64 of them take turns. `make bench` runs ours and this in turn.
Needs `torch` and `numpy`, and Debian's package dataset-fashion-mnist for all but `tiny`.
"""

import gzip
import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn

PICTURES = Path("/usr/share/datasets/fashion-mnist")
BATCHES = 64


def read(name: str) -> np.ndarray:
    """The numbers of a gzipped IDX file of bytes."""
    content = gzip.decompress((PICTURES / name).read_bytes())
    rank = content[3]
    shape = np.frombuffer(content, ">u4", rank, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def pictures(size: int, one_hot: bool):
    count = BATCHES * size
    x = torch.from_numpy(read("train-images-idx3-ubyte.gz")[:count].reshape(count, 784).astype(np.float32) / 255)
    y = torch.from_numpy(read("train-labels-idx1-ubyte.gz")[:count].astype(np.int64))
    if one_hot:
        y = nn.functional.one_hot(y, 10).float()
    return list(zip(x.split(size), y.split(size)))


def quadrants(size: int):
    x = torch.rand(BATCHES * size, 2) * 12 - 6
    return list(zip(x.split(size), x.prod(1, keepdim=True).sign().split(size)))


def dense(sizes: list[int], hidden: type[nn.Module], output: type[nn.Module] | None) -> nn.Sequential:
    layers: list[nn.Module] = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs), hidden()]
    layers = layers[:-1] + ([output()] if output else [])
    return nn.Sequential(*layers)


def workload(name: str):
    """A network, its loss, its optimizer and its batches."""
    match name:
        case "tiny":
            network = dense([2, 8, 8, 1], nn.Tanh, nn.Tanh)
            return network, lambda p, y: (p - y).square().mean() / 2, torch.optim.SGD(network.parameters(), 0.03), quadrants(10)
        case "nielsen":
            network = dense([784, 100, 40, 10], nn.Sigmoid, nn.Sigmoid)
            loss = lambda p, y: (p - y).square().sum() / (2 * len(p))
            return network, loss, torch.optim.SGD(network.parameters(), 3.0), pictures(10, one_hot=True)
        case "mlp":
            network = dense([784, 512, 256, 10], nn.ReLU, None)
            optimizer = torch.optim.Adam(network.parameters(), 1e-3, fused=True)
            return network, nn.functional.cross_entropy, optimizer, pictures(128, one_hot=False)
    raise SystemExit(f"{name} is no workload; they are tiny, nielsen and mlp")


def measure(name: str, seconds: float = 5) -> dict:
    torch.manual_seed(0)
    network, loss, optimizer, batches = workload(name)
    steps = 0

    def step() -> float:
        nonlocal steps
        x, y = batches[steps % BATCHES]
        steps += 1
        optimizer.zero_grad(set_to_none=True)
        value = loss(network(x), y)
        value.backward()
        optimizer.step()
        return value.item()

    def lap(count: int) -> float:
        start = time.perf_counter()
        for _ in range(count):
            step()
        return time.perf_counter() - start

    first = step()
    count = max(1, int(seconds / 5 / (lap(BATCHES) / BATCHES)))
    rates = [count * len(batches[0][0]) / lap(count) for _ in range(5)]
    return dict(
        workload=name, peer="torch", unit="samples/s", value=statistics.median(rates), min=min(rates), max=max(rates),
        loss_first=first, loss_last=step())


for name in sys.argv[1:]:
    print(json.dumps(measure(name)), flush=True)
