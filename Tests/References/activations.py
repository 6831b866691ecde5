"""Reference vectors for further activations: see references.py."""

from functools import partial

import cases
import torch
import torch.nn.functional as F
from references import Vectors, random

vectors = Vectors("NetworksTests", "activations")
activation = partial(cases.activation, vectors)

line = torch.tensor([-400.0, -88, -20, -3, -1, -0.5, -1e-4, 0.0, 1e-4, 0.5, 1, 3, 6, 20, 88, 400])
rows = torch.randn(5, 6, generator=random(1)) * 3
rows[1] = torch.tensor([400.0, -400, 0, 399, -1, 400])
rows[2] = 0
near = torch.randn(5, 6, generator=random(2)) / 2
gates = torch.randn(3, 2, 6, generator=random(3)) * 3
gates[0, 0] = torch.tensor([400.0, -400, 1, -400, 400, 0])


def squareplus(x, b):
    """In float64, because the sum cancels below 0."""
    x = x.double()
    return ((x + (x * x + b).sqrt()) / 2).float()


def swiglu(x):
    gate, value = x.chunk(2, -1)
    return F.silu(gate) * value


def sparsemax(x):
    """Martins and Astudillo 2016, algorithm 1."""
    ordered = x.sort(-1, descending=True).values
    counts = torch.arange(1, x.shape[-1] + 1)
    sums = ordered.cumsum(-1)
    support = (1 + counts * ordered > sums).sum(-1, keepdim=True)
    return F.relu(x - (sums.gather(-1, support - 1) - 1) / support)


activation("hard-sigmoid", F.hardsigmoid, line)
activation("log-sigmoid", F.logsigmoid, line)
activation("hard-tanh", F.hardtanh, line)
activation("hard-tanh-bounds", lambda x: F.hardtanh(x, -0.5, 3), line)
activation("softsign", F.softsign, line)
activation("softplus", F.softplus, line)
activation("softplus-beta", lambda x: F.softplus(x, beta=2.5), line)
activation("relu6", F.relu6, line)
activation("thresholded-relu", lambda x: F.threshold(x, 1, 0), line)
activation("thresholded-relu-threshold", lambda x: F.threshold(x, -0.7, 0), line)
activation("celu", F.celu, line)
activation("celu-alpha", lambda x: F.celu(x, 1.7), line)
activation("selu", F.selu, line)
activation("gelu", F.gelu, line)
activation("gelu-tanh", lambda x: F.gelu(x, approximate="tanh"), line)
activation("silu", F.silu, line)
activation("hard-silu", F.hardswish, line)
activation("mish", F.mish, line)
activation("squareplus", lambda x: squareplus(x, 4), line)
activation("squareplus-b", lambda x: squareplus(x, 0.3), line)
activation("glu", F.glu, gates)
activation("swiglu", swiglu, gates)
activation("softmin", lambda x: F.softmin(x, dim=-1), rows)
activation("log-softmax", lambda x: F.log_softmax(x, dim=-1), rows)
activation("sparsemax", sparsemax, rows)
activation("sparsemax/near", sparsemax, near)
activation("hard-shrink", F.hardshrink, line)
activation("hard-shrink-threshold", lambda x: F.hardshrink(x, 2), line)
activation("soft-shrink", F.softshrink, line)
activation("soft-shrink-threshold", lambda x: F.softshrink(x, 2), line)
activation("tanh-shrink", F.tanhshrink, line)
activation("exponential", torch.exp, line)
activation("sine", torch.sin, line)

# PReLU: the gradient of the slopes too.

for case, slopes, x in (
    ("one", torch.tensor([0.25]), line),
    ("channels", torch.tensor([0.25, -0.5, 2]), torch.randn(2, 3, 4, generator=random(4))),
):
    x, slopes = x.clone().requires_grad_(), slopes.clone().requires_grad_()
    y = F.prelu(x, slopes)
    y.backward(cases.outer(y))
    vectors.add(f"prelu/{case}", input=x, weight=slopes, output=y, gradient=x.grad, weight_gradient=slopes.grad)

# RReLU in inference.

for case, bounds in (("usual", (1 / 8, 1 / 3)), ("bounds", (0.1, 0.9))):
    x = line.clone().requires_grad_()
    y = F.rrelu(x, *bounds, training=False)
    y.backward(cases.outer(y))
    vectors.add(f"rrelu/{case}", input=x, output=y, gradient=x.grad)

vectors.write()
