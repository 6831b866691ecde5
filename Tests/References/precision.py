"""Reference vectors for mixed precision: networks under PyTorch's autocast to bfloat16, see references.py."""

import torch
import torch.nn.functional as F
from references import Vectors, random
from torch import nn

vectors = Vectors("NetworksTests", "precision")


def network(case, module, x, targets):
    """Output, loss and gradients of a step whose forward pass runs under autocast, and the loss in float32."""
    generator = random(7)
    with torch.no_grad():
        for value in module.parameters():
            value.copy_(torch.randn(value.shape, generator=generator) * 0.3)
    with torch.autocast("cpu", torch.bfloat16):
        output = module(x)
    loss = F.cross_entropy(output.float(), targets)
    loss.backward()
    vectors.add(f"network/{case}", input=x, targets=targets, output=output.float(), loss=loss)
    for name, value in module.named_parameters():
        assert value.grad.dtype == torch.float32
        vectors.tensors[f"network/{case}/state/{name}"] = value.detach().contiguous()
        vectors.tensors[f"network/{case}/gradient/{name}"] = value.grad.clone().contiguous()


targets = torch.randint(0, 4, (8,), generator=random(3))
network("dense", nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, 4)), torch.randn(8, 6, generator=random(1)), targets)
network(
    "convolution",
    nn.Sequential(nn.Conv2d(1, 3, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(27, 4)),
    torch.randn(8, 1, 6, 6, generator=random(2)),
    targets,
)
network(
    "normalized",
    nn.Sequential(nn.Linear(6, 16), nn.LayerNorm(16), nn.ReLU(), nn.Linear(16, 4)),
    torch.randn(8, 6, generator=random(4)),
    targets,
)
vectors.write()
