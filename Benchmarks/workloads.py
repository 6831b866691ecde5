"""The workloads of `descent bench` as every peer takes them: networks, losses, updates and batches (README.md)."""

import gzip
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

PICTURES = Path("/usr/share/datasets/fashion-mnist")
PICTURE_COUNT = 60_000
MOST_BATCHES = 64


@dataclass(frozen=True)
class Workload:
    name: str
    sizes: tuple[int, ...]
    hidden: str  # the activation behind each hidden layer
    output: str | None  # that behind the last one
    loss: str = ""
    adam: bool = False
    rate: float = 0
    batch: int = 1
    data: str = "pictures"
    # 5×5 convolutions in front of the dense layers, each with ReLU and 2×2 max pooling behind it: channels and padding
    maps: tuple[tuple[int, int], ...] = ()

    @property
    def is_training(self) -> bool:
        return self.loss != ""

    def sized(self, batch: int | None) -> "Workload":
        return replace(self, batch=batch) if batch and self.is_training else self

    def batches(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Inputs and targets: so many batches as there are data for, 64 at most."""
        if self.data == "quadrants":
            points = np.random.default_rng(0).uniform(-6, 6, (MOST_BATCHES * self.batch, 2)).astype(np.float32)
            return self._split(points, np.sign(points.prod(1, keepdims=True)))
        count = min(MOST_BATCHES, PICTURE_COUNT // self.batch) * self.batch
        shape = (count, 1, 28, 28) if self.maps else (count, 784)
        x = idx("train-images-idx3-ubyte.gz")[:count].reshape(shape).astype(np.float32) / 255
        if self.data == "pictures to themselves":
            return self._split(x, x)
        labels = idx("train-labels-idx1-ubyte.gz")[:count].astype(np.int32)
        return self._split(x, np.eye(10, dtype=np.float32)[labels] if self.data == "one-hot" else labels)

    def _split(self, x: np.ndarray, y: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        starts = range(0, len(x), self.batch)
        return [(x[s : s + self.batch].copy(), y[s : s + self.batch].copy()) for s in starts]


def idx(name: str) -> np.ndarray:
    """The numbers of a gzipped IDX file of bytes."""
    content = gzip.decompress((PICTURES / name).read_bytes())
    rank = content[3]
    shape = np.frombuffer(content, ">u4", rank, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


ALL = [
    Workload("tiny", (2, 8, 8, 1), "tanh", "tanh", "half mean squared", rate=0.03, batch=10, data="quadrants"),
    Workload(
        "nielsen", (784, 100, 40, 10), "sigmoid", "sigmoid", "half sum of squares", rate=3.0, batch=10, data="one-hot"),
    Workload("mlp", (784, 512, 256, 10), "relu", None, "cross-entropy", adam=True, rate=1e-3, batch=128),
    Workload(
        "autoencoder", (784, 128, 32, 128, 784), "relu", "sigmoid", "mean squared", adam=True, rate=1e-3, batch=128,
        data="pictures to themselves"),
    Workload(
        "lenet", (400, 120, 84, 10), "relu", None, "cross-entropy", adam=True, rate=1e-3, batch=128,
        maps=((6, 2), (16, 0))),
    Workload(
        "cnn", (3136, 512, 10), "relu", None, "cross-entropy", adam=True, rate=1e-3, batch=128,
        maps=((32, 2), (64, 2))),
    Workload("infer-mlp", (784, 512, 256, 10), "relu", None),
]
BY_NAME = {workload.name: workload for workload in ALL}
