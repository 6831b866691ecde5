"""Reference vectors for bfloat16: every operation of operations.py that takes floating-point numbers, on bfloat16.

    python Tests/References/bfloat16.py        (needs torch, safetensors and numpy)

writes Tests/TensorsTests/References/bfloat16.safetensors, in the form that operations.py has, and under a second name,
`name/exact/...`, what the same line gives in float32 on the same numbers: PyTorch rounds on its way too, most of all in
gradients that it puts together from several operations.
"""

import torch
from operations import Inputs, cases, compute, save


def half(tensor):
    return tensor.bfloat16() if tensor.is_floating_point() else tensor


def single(tensor):
    return half(tensor).float() if tensor.is_floating_point() else tensor


def takes_numbers(make):
    return any(tensor.is_floating_point() for tensor in make(Inputs("")))


chosen = {name: case for name, case in cases.items() if takes_numbers(case[1])}
chosen |= {
    "cast.float": ("a.float()", lambda i: [i.normal(3, 5)]),
    "cast.between": ("(a.float() * b.float()).bfloat16() * b", lambda i: [i.normal(3, 5), i.normal(3, 5)]),
    "add.number": ("a + 0.1", lambda i: [i.normal(3, 5)]),
    "multiply.number": ("a * 0.1", lambda i: [i.normal(3, 5)]),
    "divide.number": ("a / 0.3", lambda i: [i.normal(3, 5)]),
    "matmul.long": ("a @ b", lambda i: [i.normal(7, 700), i.normal(700, 5)]),
    "sum.long": ("a.sum(1)", lambda i: [i.positive(3, 2000)]),
    "mean.long": ("a.mean(1)", lambda i: [i.positive(3, 1999)]),
}

if __name__ == "__main__":
    tensors = compute(chosen, half)
    for name, tensor in compute(chosen, single).items():
        case, part = name.split("/")
        if part == "result" or part.startswith("gradient"):
            tensors[f"{case}/exact/{part}"] = tensor
    save(tensors, chosen, "bfloat16.safetensors")
