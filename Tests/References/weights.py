"""Reference vectors for what weights start from, what they cost and what holds for them: see references.py.

Keras's regularizers and constraints are written here as its version 3 has them, for weights of PyTorch's layout
[outputs, inputs]: its axis 0, and its mode "columns", are the weights of an output there.
"""

import torch
from references import Vectors, random
from torch.nn import init

vectors = Vectors("NetworksTests", "weights")

for shape, groups in [((4, 3, 5), 1), ((6, 2, 3, 4), 2), ((2, 5, 1, 2, 3), 1), ((6, 4, 3), 3)]:
    name = "x".join(map(str, shape)) + f"-{groups}"
    vectors.add(f"start/dirac/{name}", value=init.dirac_(torch.empty(shape), groups=groups))
for shape in [(3, 5), (5, 3), (4, 4)]:
    vectors.add(f"start/identity/{'x'.join(map(str, shape))}", value=init.eye_(torch.empty(shape)))


def orthogonal(w, mode):
    """keras.regularizers.OrthogonalRegularizer(1, mode)"""
    w = w if mode == "rows" else w.T
    units = w / w.norm(dim=1, keepdim=True)
    size = len(w)
    product = (units @ units.T) * (1 - torch.eye(size, dtype=w.dtype))
    return 0.5 * product.abs().sum() / (size * (size - 1) / 2)


def orthonormal(w, mode):
    w = w if mode == "rows" else w.T
    return ((w @ w.T - torch.eye(len(w), dtype=w.dtype)) ** 2).sum()


matrix = torch.randn(4, 6, generator=random(1), dtype=torch.float64)
kernel = torch.randn(3, 2, 2, 2, generator=random(2), dtype=torch.float64)
for kind, cost in [("orthogonal", orthogonal), ("orthonormal", orthonormal)]:
    for mode in ["rows", "columns"]:
        for name, weights in [("matrix", matrix), ("kernel", kernel)]:
            w = weights.clone().requires_grad_()
            value = cost(w.flatten(1), mode)
            value.backward()
            vectors.add(f"penalty/{kind}/{mode}/{name}", weights=weights, cost=value, gradient=w.grad)


def held(w, least, most, dim):
    """keras.constraints.MinMaxNorm(least, most), without the 1e-7 that it adds to norms"""
    norms = (w**2).sum(dim, keepdim=True).sqrt()
    return w * (norms.clamp(least, most) / norms)


for name, weights, dims in [
    ("matrix", matrix, [(1,), (0,), (0, 1)]),
    ("kernel", kernel, [(1, 2, 3), (1,)]),
    ("vector", matrix[0], [(0,)]),
]:
    for dim in dims:
        case = f"{name}-{''.join(map(str, dim))}"
        vectors.add(f"constraint/max-norm/{case}", weights=weights, value=held(weights, 0, 1.9, dim))
        vectors.add(f"constraint/unit-norm/{case}", weights=weights, value=held(weights, 1, 1, dim))
        vectors.add(f"constraint/norm/{case}", weights=weights, value=held(weights, 1.8, 2.1, dim))
    vectors.add(f"constraint/non-negative/{name}", weights=weights, value=weights.clamp(min=0))

vectors.write()
