"""Optimizers that PyTorch does not have, or has in another precision, as their papers write them."""

import torch
from torch.optim import AdamW, Optimizer


class Update(Optimizer):
    """Calls `move(parameter, gradient, state, group)` for every parameter, with the step's number in `state["step"]`."""

    def __init__(self, parameters, **defaults):
        super().__init__(parameters, defaults)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for parameter in group["params"]:
                state = self.state[parameter]
                state["step"] = state.get("step", 0) + 1
                self.move(parameter, parameter.grad, state, group)


class Lion(Update):
    """Chen and others, "Symbolic discovery of optimization algorithms", 2023, algorithm 2."""

    def __init__(self, parameters, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(parameters, lr=lr, betas=betas, weight_decay=weight_decay)

    def move(self, w, g, state, group):
        (beta1, beta2), lr = group["betas"], group["lr"]
        m = state.setdefault("m", torch.zeros_like(w))
        direction = (beta1 * m + (1 - beta1) * g).sign()
        w.mul_(1 - lr * group["weight_decay"]).sub_(lr * direction)
        state["m"] = beta2 * m + (1 - beta2) * g


class LAMB(Update):
    """You and others, "Large batch optimization for deep learning", 2020, algorithm 2, with φ(z) = z."""

    def __init__(self, parameters, lr, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.01):
        super().__init__(parameters, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)

    def move(self, w, g, state, group):
        (beta1, beta2), step = group["betas"], state["step"]
        state["m"] = beta1 * state.get("m", torch.zeros_like(w)) + (1 - beta1) * g
        state["v"] = beta2 * state.get("v", torch.zeros_like(w)) + (1 - beta2) * g * g
        r = (state["m"] / (1 - beta1**step)) / ((state["v"] / (1 - beta2**step)).sqrt() + group["eps"])
        u = r + group["weight_decay"] * w
        trust = w.norm() / u.norm() if w.norm() > 0 and u.norm() > 0 else 1.0
        w.sub_(group["lr"] * trust * u)


class FTRL(Update):
    """McMahan and others, "Ad click prediction: a view from the trenches", 2013, algorithm 1, with Keras's λ₂."""

    def __init__(self, parameters, lr, l1=0.0, l2=0.0, beta=0.0, initial=0.1):
        super().__init__(parameters, lr=lr, l1=l1, l2=l2, beta=beta, initial=initial)

    def move(self, w, g, state, group):
        lr, l1 = group["lr"], group["l1"]
        n = state.get("n", torch.full_like(w, group["initial"]))
        sigma = ((n + g * g).sqrt() - n.sqrt()) / lr
        state["z"] = z = state.get("z", torch.zeros_like(w)) + g - sigma * w
        state["n"] = n = n + g * g
        value = -(z - z.sign() * l1) / ((group["beta"] + n.sqrt()) / lr + 2 * group["l2"])
        w.copy_(torch.where(z.abs() > l1, value, torch.zeros_like(w)))


class ScheduleFree(Update):
    """Defazio and others, "The road less scheduled", 2024, algorithm 1: the parameter holds y."""

    def __init__(self, parameters, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        super().__init__(parameters, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)

    def move(self, y, g, state, group):
        (beta1, beta2), lr, step = group["betas"], group["lr"], state["step"]
        x, z = state.get("x", y.clone()), state.get("z", y.clone())
        state["v"] = beta2 * state.get("v", torch.zeros_like(y)) + (1 - beta2) * g * g
        state["top"] = max(state.get("top", 0.0), lr)
        state["sum"] = state.get("sum", 0.0) + state["top"] ** 2
        c = state["top"] ** 2 / state["sum"]
        direction = g / ((state["v"] / (1 - beta2**step)).sqrt() + group["eps"]) + group["weight_decay"] * y
        state["z"] = z = z - lr * direction
        state["x"] = x = (1 - c) * x + c * z
        y.copy_((1 - beta1) * z + beta1 * x)


def orthogonal(gradient, ns_coefficients, ns_steps, eps):
    """torch.optim.Muon's iteration in the gradient's own type instead of bfloat16."""
    a, b, c = ns_coefficients
    x = gradient.T if gradient.size(0) > gradient.size(1) else gradient
    x = x / x.norm().clamp(min=eps)
    for _ in range(ns_steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if gradient.size(0) > gradient.size(1) else x


class Muon:
    """torch.optim.Muon for matrices, beside torch.optim.AdamW for everything else."""

    def __init__(self, parameters, lr, other_lr=3e-4, weight_decay=0.1, **options):
        torch.optim._muon._zeropower_via_newtonschulz = orthogonal
        parameters = list(parameters)
        matrices = [p for p in parameters if p.ndim == 2]
        others = [p for p in parameters if p.ndim != 2]
        self.parts = [
            torch.optim.Muon(matrices, lr=lr, weight_decay=weight_decay, **options),
            AdamW(others, lr=other_lr, betas=(0.9, 0.95), weight_decay=weight_decay),
        ]
        self.param_groups = self.parts[0].param_groups

    def zero_grad(self):
        for part in self.parts:
            part.zero_grad()

    def step(self):
        for part in self.parts:
            part.step()


class SAM:
    """Foret and others, "Sharpness-aware minimization", 2021, algorithm 1, around another optimizer."""

    def __init__(self, base, parameters, radius):
        self.base, self.parameters, self.radius = base, list(parameters), radius

    def step(self, gradients):
        """`gradients` computes them anew at the parameters' present values."""
        with torch.no_grad():
            norm = torch.stack([p.grad.norm() for p in self.parameters]).norm() + 1e-12
            before = [p.clone() for p in self.parameters]
            for p in self.parameters:
                p.add_(self.radius * p.grad / norm)
        self.base.zero_grad()
        gradients()
        with torch.no_grad():
            for p, value in zip(self.parameters, before):
                p.copy_(value)
        self.base.step()
