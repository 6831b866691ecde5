"""Reference vectors for Sources/Tensors: inputs, results and gradients of every operation, computed by PyTorch.

    python Tests/References/operations.py        (needs torch, safetensors and numpy)

writes Tests/TensorsTests/References/operations.safetensors. A case is one line of Python over the inputs a, b, c. For a
floating-point result the file holds weights w of the result's shape and the gradients of (result * w).sum().
The same script gives the same bytes every time.
"""

import json
import pathlib
import zlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file


class Inputs:
    """Random tensors of a case, a function of its name alone."""

    def __init__(self, name):
        self.generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))

    def normal(self, *shape):
        return torch.randn(shape, generator=self.generator)

    def positive(self, *shape):
        return torch.rand(shape, generator=self.generator) * 4 + 0.1

    def whole(self, high, *shape):
        return torch.randint(0, high, shape, generator=self.generator)

    def truth(self, *shape):
        return torch.rand(shape, generator=self.generator) < 0.5


extremes = torch.tensor([-400.0, -90.0, -20.0, -1e-7, -0.0, 0.0, 1e-7, 20.0, 88.0, 400.0, float("inf"), float("-inf"),
                         float("nan")])
ties = torch.tensor([[1.0, 3.0, 3.0, 2.0], [3.0, 3.0, 3.0, 0.0], [-1.0, -2.0, -1.0, -2.0]])
zeros = torch.tensor([[1.5, 0.0, 2.0], [0.0, -3.0, 0.0], [2.0, 4.0, -0.5], [0.0, 0.0, 0.0]])

# name: (line of Python, inputs)
cases = {
    "negate": ("-a", lambda i: [i.normal(3, 5)]),
    "absolute": ("a.abs()", lambda i: [i.normal(3, 5)]),
    "sign": ("a.sign()", lambda i: [i.normal(3, 5)]),
    "floor": ("a.floor()", lambda i: [i.normal(3, 5) * 3]),
    "round": ("a.round()", lambda i: [torch.tensor([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.2, -3.7])]),
    "exp": ("a.exp()", lambda i: [i.normal(3, 5) * 3]),
    "log": ("a.log()", lambda i: [i.positive(3, 5)]),
    "log1p": ("a.log1p()", lambda i: [torch.cat([i.positive(7) - 1, torch.tensor([1e-6, -1e-6, 1e-3])])]),
    "expm1": ("a.expm1()", lambda i: [torch.cat([i.normal(7), torch.tensor([1e-6, -1e-6, 1e-3])])]),
    "sqrt": ("a.sqrt()", lambda i: [i.positive(3, 5)]),
    "rsqrt": ("a.rsqrt()", lambda i: [i.positive(3, 5)]),
    "tanh": ("a.tanh()", lambda i: [i.normal(3, 5) * 2]),
    "sigmoid": ("a.sigmoid()", lambda i: [i.normal(3, 5) * 4]),
    "sigmoid.extremes": ("a.sigmoid()", lambda i: [extremes]),
    "tanh.extremes": ("a.tanh()", lambda i: [extremes]),
    "erf.extremes": ("a.erf()", lambda i: [extremes]),
    "exp.extremes": ("a.exp()", lambda i: [extremes[:-4]]),
    "erf": ("a.erf()", lambda i: [i.normal(3, 5) * 2]),
    "sin": ("a.sin()", lambda i: [i.normal(3, 5) * 3]),
    "cos": ("a.cos()", lambda i: [i.normal(3, 5) * 3]),
    "add": ("a + b", lambda i: [i.normal(3, 1, 5), i.normal(4, 1)]),
    "add.scalar": ("a + b", lambda i: [i.normal(2, 3), i.normal()]),
    "subtract": ("a - b", lambda i: [i.normal(3, 1, 5), i.normal(4, 1)]),
    "multiply": ("a * b", lambda i: [i.normal(3, 1, 5), i.normal(4, 1)]),
    "divide": ("a / b", lambda i: [i.normal(3, 1, 5), i.positive(4, 1)]),
    "power": ("a ** b", lambda i: [i.positive(3, 5), i.normal(5)]),
    "power.scalar": ("a ** 3", lambda i: [i.normal(3, 5)]),
    "minimum": ("torch.minimum(a, b)", lambda i: [i.normal(3, 5), i.normal(3, 1)]),
    "maximum": ("torch.maximum(a, b)", lambda i: [i.normal(3, 5), i.normal(3, 1)]),
    "maximum.ties": ("torch.maximum(a, b)", lambda i: [ties, ties.flip(1)]),
    "clamp": ("a.clamp(-0.5, 0.75)", lambda i: [torch.cat([i.normal(10), torch.tensor([-0.5, 0.75])])]),
    "equal": ("a == b", lambda i: [ties, ties.flip(1)]),
    "notEqual": ("a != b", lambda i: [ties, ties.flip(1)]),
    "less": ("a < b", lambda i: [ties, ties.flip(1)]),
    "lessEqual": ("a <= b", lambda i: [ties, ties.flip(1)]),
    "greater": ("a > b", lambda i: [ties, ties.flip(1)]),
    "greaterEqual": ("a >= b", lambda i: [ties, ties.flip(1)]),
    "and": ("a & b", lambda i: [i.truth(4, 1), i.truth(3)]),
    "or": ("a | b", lambda i: [i.truth(4, 1), i.truth(3)]),
    "not": ("~a", lambda i: [i.truth(4, 3)]),
    "select": ("torch.where(a, b, c)", lambda i: [i.truth(4, 1), i.normal(3), i.normal(2, 1, 3)]),
    "sum": ("a.sum()", lambda i: [i.normal(3, 4, 5)]),
    "sum.middle": ("a.sum(1)", lambda i: [i.normal(3, 4, 5)]),
    "sum.outer": ("a.sum((0, 2))", lambda i: [i.normal(3, 4, 5)]),
    "sum.kept": ("a.sum((1, 2), keepdim=True)", lambda i: [i.normal(3, 4, 5)]),
    "sum.truth": ("a.sum(0)", lambda i: [i.truth(7, 3)]),
    "mean": ("a.mean((0, 1))", lambda i: [i.normal(3, 4, 5)]),
    "max": ("a.amax((0, 2))", lambda i: [i.normal(3, 4, 5)]),
    "max.ties": ("a.amax(1)", lambda i: [ties]),
    "min": ("a.amin(1, keepdim=True)", lambda i: [i.normal(3, 4, 5)]),
    "min.ties": ("a.amin((0, 1))", lambda i: [ties]),
    "product": ("a.prod(1)", lambda i: [i.normal(3, 4, 5)]),
    "product.zeros": ("a.prod(1)", lambda i: [zeros]),
    "product.all": ("a.prod()", lambda i: [i.normal(3, 2)]),
    "argmax": ("a.argmax(1)", lambda i: [i.normal(3, 4, 5)]),
    "argmax.all": ("a.argmax()", lambda i: [i.normal(3, 4, 5)]),
    "argmin": ("a.argmin(-1)", lambda i: [i.normal(3, 4, 5)]),
    "variance": ("a.var((0, 2))", lambda i: [i.normal(3, 4, 5)]),
    "variance.population": ("a.var(1, correction=0, keepdim=True)", lambda i: [i.normal(3, 4, 5)]),
    "logSumExp": ("a.logsumexp((0, 2))", lambda i: [i.normal(3, 4, 5) * 5]),
    "logSumExp.large": ("a.logsumexp(1)", lambda i: [i.normal(3, 4) * 300]),
    "softmax": ("a.softmax(-1)", lambda i: [i.normal(3, 4, 5) * 3]),
    "softmax.first": ("a.softmax(0)", lambda i: [i.normal(3, 4, 5) * 3]),
    "softmax.large": ("a.softmax(1)", lambda i: [i.normal(3, 7) * 300]),
    "logSoftmax": ("a.log_softmax(1)", lambda i: [i.normal(3, 4, 5) * 3]),
    "logSoftmax.large": ("a.log_softmax(1)", lambda i: [i.normal(3, 7) * 300]),
    "reshape": ("a.reshape(5, -1)", lambda i: [i.normal(3, 4, 5)]),
    "flatten": ("a.flatten(1)", lambda i: [i.normal(3, 4, 5)]),
    "transpose": ("a.transpose(0, 2)", lambda i: [i.normal(3, 4, 5)]),
    "permute": ("a.permute(2, 0, 1)", lambda i: [i.normal(3, 4, 5)]),
    "expand": ("a.expand(4, 3, 5)", lambda i: [i.normal(3, 1)]),
    "squeeze": ("a.squeeze()", lambda i: [i.normal(1, 3, 1, 5)]),
    "unsqueeze": ("a.unsqueeze(1)", lambda i: [i.normal(3, 5)]),
    "slice": ("a[1:9:3]", lambda i: [i.normal(11, 3)]),
    "slice.end": ("a[:, -4:-1]", lambda i: [i.normal(3, 7)]),
    "slice.backwards": ("a.flip(1)[:, ::2]", lambda i: [i.normal(3, 7)]),
    "pad": ("F.pad(a, (1, 0, 0, 2), value=7.5)", lambda i: [i.normal(3, 4)]),
    "concatenate": ("torch.cat([a, b, c], 1)", lambda i: [i.normal(3, 2), i.normal(3, 1), i.normal(3, 4)]),
    "stack": ("torch.stack([a, b], 1)", lambda i: [i.normal(3, 4), i.normal(3, 4)]),
    "split": ("torch.split(a, [1, 4, 2])[1]", lambda i: [i.normal(7, 3)]),
    "take": ("a[:, b]", lambda i: [i.normal(3, 5, 2), i.whole(5, 2, 4)]),
    "gather": ("a.gather(1, b)", lambda i: [i.normal(3, 5), i.whole(5, 3, 4)]),
    "scatterAdd": ("a.index_add(0, b, c)", lambda i: [i.normal(5, 3), i.whole(5, 8), i.normal(8, 3)]),
    "oneHot": ("F.one_hot(a, 5)", lambda i: [i.whole(5, 3, 2)]),
    "cast.whole": ("a.to(torch.int32)", lambda i: [i.normal(3, 5) * 10]),
    "cast.double": ("a.double()", lambda i: [i.normal(3, 5)]),
    "cast.truth": ("a.bool()", lambda i: [zeros]),
    "matmul": ("a @ b", lambda i: [i.normal(7, 13), i.normal(13, 5)]),
    "matmul.transposed": ("a @ b.mT", lambda i: [i.normal(7, 13), i.normal(5, 13)]),
    "matmul.batched": ("a @ b", lambda i: [i.normal(4, 3, 6), i.normal(4, 6, 2)]),
    "matmul.broadcast": ("a @ b", lambda i: [i.normal(3, 1, 2, 4), i.normal(5, 4, 3)]),
    "matmul.rows": ("a @ b", lambda i: [i.normal(2, 3, 4), i.normal(4, 5)]),
    "matmul.vectors": ("a @ b", lambda i: [i.normal(6), i.normal(6)]),
    "matmul.vector": ("a @ b", lambda i: [i.normal(2, 3, 6), i.normal(6)]),
    "matmul.row": ("a @ b", lambda i: [i.normal(6), i.normal(2, 6, 3)]),
}


def compute(cases, convert=lambda tensor: tensor):
    """Inputs, results and gradients of the cases, on converted inputs, by name."""
    tensors = {}
    for name, (line, make) in cases.items():
        inputs = Inputs(name)
        given = make(inputs)
        given = [convert(tensor.detach().clone()) for tensor in given]
        differentiated = [tensor for tensor in given if tensor.is_floating_point()]
        for tensor in differentiated:
            tensor.requires_grad_()
        names = dict(zip("abc", given))
        result = eval(line, {"torch": torch, "F": F}, names)
        for letter, tensor in names.items():
            tensors[f"{name}/{letter}"] = tensor.detach()
        tensors[f"{name}/result"] = result.detach().clone(memory_format=torch.contiguous_format)
        if not (result.is_floating_point() and result.requires_grad):
            continue
        weights = convert(inputs.normal(*result.shape)).to(result.dtype)
        tensors[f"{name}/w"] = weights
        gradients = torch.autograd.grad(result, differentiated, weights, allow_unused=True)
        for letter, tensor in names.items():
            for input, gradient in zip(differentiated, gradients):
                if input is tensor and gradient is not None:
                    tensors[f"{name}/gradient.{letter}"] = gradient.clone()
    return tensors


def save(tensors, cases, file):
    """Writes the tensors where the tests look for them, and the cases' lines."""
    # one entry only: the format's writer keeps several in no fixed order
    lines = json.dumps({name: line for name, (line, _) in cases.items()}, sort_keys=True)
    path = pathlib.Path(__file__).parent.parent / "TensorsTests" / "References" / file
    path.parent.mkdir(exist_ok=True)
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path, {"lines": lines})


if __name__ == "__main__":
    save(compute(cases), cases, "operations.safetensors")
