"""Reference vectors for optimizers, what is added to them, and clipping: see references.py."""

import torch
from references import Vectors, random
from torch import nn
from torch.optim import swa_utils
from updates import FTRL, LAMB, SAM, Lion, Muon, ScheduleFree

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
        # the scalars that optimizers remember are of this type
        torch.set_default_dtype(dtype)
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
        torch.set_default_dtype(torch.float32)


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

optimizer("adadelta", lambda p: torch.optim.Adadelta(p, lr=0.02))
optimizer("adadelta-decay", lambda p: torch.optim.Adadelta(p, lr=1.0, rho=0.8, eps=1e-4, weight_decay=0.05))
optimizer("rmsprop-centred", lambda p: torch.optim.RMSprop(p, lr=0.02, centered=True))
optimizer(
    "rmsprop-centred-momentum",
    lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9, eps=1e-3, centered=True, momentum=0.5, weight_decay=0.05),
)
optimizer("amsgrad", lambda p: torch.optim.Adam(p, lr=0.02, amsgrad=True))
optimizer("amsgrad-adamw", lambda p: torch.optim.AdamW(p, lr=0.1, betas=(0.5, 0.6), amsgrad=True, weight_decay=0.3))
optimizer("adamax", lambda p: torch.optim.Adamax(p, lr=0.02))
optimizer("adamax-decay", lambda p: torch.optim.Adamax(p, lr=0.1, betas=(0.5, 0.9), weight_decay=0.05))
optimizer("nadam", lambda p: torch.optim.NAdam(p, lr=0.02))
optimizer("nadam-decay", lambda p: torch.optim.NAdam(p, lr=0.05, eps=1e-3, momentum_decay=0.1, weight_decay=0.05))
optimizer("radam", lambda p: torch.optim.RAdam(p, lr=0.02))
optimizer("radam-decay", lambda p: torch.optim.RAdam(p, lr=0.1, betas=(0.8, 0.9), weight_decay=0.05))
optimizer("adafactor", lambda p: torch.optim.Adafactor(p, lr=0.02))
optimizer("adafactor-decay", lambda p: torch.optim.Adafactor(p, lr=0.05, beta2_decay=-0.5, d=1.1, weight_decay=0.1))
optimizer("lion", lambda p: Lion(p, lr=0.02))
optimizer("lion-decay", lambda p: Lion(p, lr=0.01, betas=(0.5, 0.8), weight_decay=0.3))
optimizer("lamb", lambda p: LAMB(p, lr=0.02))
optimizer("lamb-decay", lambda p: LAMB(p, lr=0.1, betas=(0.8, 0.9), weight_decay=0.3))
optimizer("muon", lambda p: Muon(p, lr=0.02))
optimizer("muon-plain", lambda p: Muon(p, lr=0.1, other_lr=0.01, momentum=0.8, nesterov=False, weight_decay=0.0))
optimizer("rprop", lambda p: torch.optim.Rprop(p, lr=0.02))
optimizer("rprop-bounds", lambda p: torch.optim.Rprop(p, lr=0.1, etas=(0.4, 1.5), step_sizes=(0.01, 0.2)))
optimizer("asgd", lambda p: torch.optim.ASGD(p, lr=0.02))
optimizer("asgd-decay", lambda p: torch.optim.ASGD(p, lr=0.5, lambd=0.1, alpha=0.5, t0=5, weight_decay=0.05))
optimizer("ftrl", lambda p: FTRL(p, lr=0.02))
optimizer("ftrl-sparse", lambda p: FTRL(p, lr=0.5, l1=0.02, l2=0.01, beta=0.1, initial=0.5))
optimizer("schedule-free", lambda p: ScheduleFree(p, lr=0.02))
optimizer("schedule-free-decay", lambda p: ScheduleFree(p, lr=0.1, betas=(0.8, 0.9), weight_decay=0.1))
optimizer(
    "schedule-free-rate", lambda p: ScheduleFree(p, lr=0.1), rates=lambda t: 0.02 * (t + 1) if t < 5 else 0.1 - 0.004 * t
)

# What is added to optimizers: the weights behind 20 steps in float64, and their averages where there are any.


def addition(case, make, step=None, average=None):
    """`step(optimizer, backward)` makes a step, `average(optimizer, weight, bias)` gives the averages in the end."""
    tensors = problem(torch.float64)
    torch.set_default_dtype(torch.float64)
    weight = nn.Parameter(tensors["weight"].clone())
    bias = nn.Parameter(tensors["bias"].clone())
    made = make(weight, bias)
    for count in range(STEPS):
        for parameter in [weight, bias]:
            parameter.grad = None
        gradients(tensors, weight, bias)
        step(made, lambda: gradients(tensors, weight, bias), count) if step else made.step()
    results = {"weight": weight, "bias": bias}
    if average:
        results["average_weight"], results["average_bias"] = average(made, weight, bias)
    vectors.add(f"addition/{case}", **results)
    torch.set_default_dtype(torch.float32)


addition(
    "groups",
    lambda w, b: torch.optim.AdamW(
        [{"params": [w], "lr": 0.02, "weight_decay": 0.3}, {"params": [b], "weight_decay": 0.0}], lr=0.1
    ),
)
addition("frozen", lambda w, b: torch.optim.SGD([w], lr=0.1))
addition(
    "two-rules",
    lambda w, b: (torch.optim.SGD([w], lr=0.1, momentum=0.9), torch.optim.Adam([b], lr=0.02)),
    step=lambda parts, backward, count: [part.step() for part in parts],
)
addition(
    "accumulating",
    lambda w, b: torch.optim.Adam([w, b], lr=0.1),
    # the same samples every time, so that the mean gradient is the gradient
    step=lambda made, backward, count: made.step() if count % 4 == 3 else None,
)
addition(
    "sharpness",
    lambda w, b: SAM(torch.optim.SGD([w, b], lr=0.1, momentum=0.9), [w, b], 0.2),
    step=lambda made, backward, count: made.step(backward),
)
addition(
    "asgd",
    lambda w, b: torch.optim.ASGD([w, b], lr=0.1, t0=5),
    average=lambda made, w, b: (made.state[w]["ax"], made.state[b]["ax"]),
)
addition(
    "schedule-free",
    lambda w, b: ScheduleFree([w, b], lr=0.1),
    average=lambda made, w, b: (made.state[w]["x"], made.state[b]["x"]),
)


class Averaged:
    """Adam with torch.optim.swa_utils.AveragedModel beside it."""

    def __init__(self, weight, bias, start, every, **options):
        self.model = nn.ParameterList([weight, bias])
        self.average = swa_utils.AveragedModel(self.model, **options)
        self.adam = torch.optim.Adam([weight, bias], lr=0.1)
        self.start, self.every = start, every

    def move(self, count):
        self.adam.step()
        if count + 1 >= self.start and (count + 1 - self.start) % self.every == 0:
            self.average.update_parameters(self.model)


def averaged(case, start=1, every=1, **options):
    addition(
        case,
        lambda w, b: Averaged(w, b, start, every, **options),
        step=lambda made, backward, count: made.move(count),
        average=lambda made, w, b: list(made.average.module),
    )


averaged("exponential", multi_avg_fn=swa_utils.get_ema_multi_avg_fn(0.9))
averaged("stochastic")
averaged("stochastic-every-third", start=5, every=3)

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
