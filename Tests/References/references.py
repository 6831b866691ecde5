"""What the scripts of reference vectors share.

Each script computes inputs, outputs and gradients with PyTorch and writes them as one safetensors file beside the
tests that read it. The files are committed, so that the tests need no Python; run a script again after a change to it:

    python Tests/References/networks.py

needs `torch`, `numpy` and `safetensors`. The same versions write the same bytes.
"""

from pathlib import Path

import safetensors.torch
import torch

TESTS = Path(__file__).resolve().parent.parent


def random(seed: int) -> torch.Generator:
    """A generator of the numbers that a case is made of."""
    return torch.Generator().manual_seed(seed)


class Vectors:
    """The tensors of one file, by name."""

    def __init__(self, target: str, name: str):
        self.path = TESTS / target / "References" / f"{name}.safetensors"
        self.tensors: dict[str, torch.Tensor] = {}

    def add(self, case: str, **tensors: torch.Tensor) -> None:
        """Adds the tensors of a case under `case/name`; a name's underscores become hyphens."""
        for name, tensor in tensors.items():
            key = f"{case}/{name.replace('_', '-')}"
            assert key not in self.tensors, key
            self.tensors[key] = tensor.detach().clone().contiguous()

    def write(self) -> None:
        """Writes the file where the tests look for it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        tensors = dict(sorted(self.tensors.items()))
        safetensors.torch.save_file(tensors, self.path, metadata={"torch": torch.__version__})
        print(f"{len(tensors)} tensors, {self.path.stat().st_size} bytes: {self.path.relative_to(TESTS.parent)}")
