"""Reference vectors for optimizers and clipping: see references.py."""

import torch
from references import Vectors, random
from torch import nn

vectors = Vectors("TrainingTests", "training")
STEPS = 20


def problem(dtype):
    """Inputs, targets and the first weights of mean((tanh(x · Wᵀ + b) − y)²)."""
    generator = random(7)
    shapes = {"inputs": [8, 4], "targets": [8, 3], "weight": [3, 4], "bias": [3]}
    return {name: torch.randn(*shape, generator=generator).to(dtype) for name, shape in shapes.items()}


def gradients(tensors, weight, bias):
    loss = (torch.tanh(tensors["inputs"] @ weight.T + bias) - tensors["targets"]).square().mean()
    loss.backward()


# Optimizers: the weights behind each of 20 steps in float32, and behind the last in float64.


def optimizer(case, make, clip=None, rates=None):
    """`rates` gives the learning rate of a step, counted from 0, where it changes."""
    for dtype in [torch.float32, torch.float64]:
        tensors = problem(dtype)
        weight = nn.Parameter(tensors["weight"].clone())
        bias = nn.Parameter(tensors["bias"].clone())
        step = make([weight, bias])
        path = []
        for count in range(STEPS):
            if rates:
                step.param_groups[0]["lr"] = rates(count)
            step.zero_grad()
            gradients(tensors, weight, bias)
            if clip:
                clip([weight, bias])
            step.step()
            path.append((weight.detach().clone(), bias.detach().clone()))
        if dtype == torch.float32:
            weights, biases = (torch.stack(part) for part in zip(*path))
            vectors.add(f"optimizer/{case}", weights=weights, biases=biases)
        else:
            vectors.add(f"optimizer/{case}", double_weight=weight, double_bias=bias)


vectors.add("problem", **problem(torch.float32))

optimizer("sgd", lambda p: torch.optim.SGD(p, lr=0.02))
optimizer("sgd-decay", lambda p: torch.optim.SGD(p, lr=0.1, weight_decay=0.05))
optimizer("sgd-rate", lambda p: torch.optim.SGD(p, lr=0.1), rates=lambda t: 0.1 if t < 10 else 0.02)
optimizer("sgd-global-norm", lambda p: torch.optim.SGD(p, lr=0.5), clip=lambda p: nn.utils.clip_grad_norm_(p, 0.1))
optimizer("sgd-value", lambda p: torch.optim.SGD(p, lr=0.5), clip=lambda p: nn.utils.clip_grad_value_(p, 0.02))
optimizer(
    "sgd-decay-global-norm",
    lambda p: torch.optim.SGD(p, lr=0.5, weight_decay=0.05),
    clip=lambda p: nn.utils.clip_grad_norm_(p, 0.1),
)
optimizer("momentum", lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9))
optimizer("momentum-half", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.5))
optimizer("momentum-decay", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.05))
optimizer("momentum-rate", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9), rates=lambda t: 0.1 / (1 + t))
optimizer("nesterov", lambda p: torch.optim.SGD(p, lr=0.02, momentum=0.9, nesterov=True))
optimizer("nesterov-decay", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.05))
optimizer("adagrad", lambda p: torch.optim.Adagrad(p, lr=0.02))
optimizer("adagrad-decay", lambda p: torch.optim.Adagrad(p, lr=0.1, eps=1e-3, weight_decay=0.05))
optimizer("rmsprop", lambda p: torch.optim.RMSprop(p, lr=0.02))
optimizer("rmsprop-decay", lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-3, weight_decay=0.05))
optimizer("rmsprop-momentum", lambda p: torch.optim.RMSprop(p, lr=0.01, momentum=0.9))
optimizer("adam", lambda p: torch.optim.Adam(p, lr=0.02))
optimizer("adam-betas", lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.5, 0.9), eps=1e-2))
optimizer("adam-no-memory", lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.0, 0.0), eps=1e-3))
optimizer("adam-decay", lambda p: torch.optim.Adam(p, lr=0.1, weight_decay=0.05))
optimizer("adam-rate", lambda p: torch.optim.Adam(p, lr=0.1), rates=lambda t: 0.1 if t < 10 else 0.02)
optimizer("adamw", lambda p: torch.optim.AdamW(p, lr=0.02))
optimizer("adamw-decay", lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.3))

# Clipping: gradients of three parameters before and after.


def clipping(case, clip, scale):
    generator = random(11)
    before = [torch.randn(*shape, generator=generator) * scale for shape in ([3, 4], [3], [2, 3])]
    parameters = [nn.Parameter(torch.zeros_like(gradient)) for gradient in before]
    for parameter, gradient in zip(parameters, before):
        parameter.grad = gradient.clone()
    clip(parameters)
    for index, (gradient, parameter) in enumerate(zip(before, parameters)):
        vectors.add(f"clipping/{case}", **{f"before_{index}": gradient, f"after_{index}": parameter.grad})


clipping("global-norm", lambda p: nn.utils.clip_grad_norm_(p, 1.0), scale=3)
clipping("global-norm-not-reached", lambda p: nn.utils.clip_grad_norm_(p, 1.0), scale=0.01)
clipping("global-norm-zero", lambda p: nn.utils.clip_grad_norm_(p, 1.0), scale=0)
clipping("value", lambda p: nn.utils.clip_grad_value_(p, 0.5), scale=1)

vectors.write()
