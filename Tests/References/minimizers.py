"""Reference vectors for minimisers over all samples at once: the weights behind each number of steps. See references.py."""

import torch
from references import Vectors, random
from torch.optim.lbfgs import _strong_wolfe

vectors = Vectors("TrainingTests", "minimizers")
STEPS = 20

generator = random(13)
inputs, targets, start = (torch.randn(*shape, generator=generator).double() for shape in ([9, 3], [9, 2], [2, 3]))


def loss(weight):
    return (torch.tanh(inputs @ weight.T) - targets).square().mean()


def lbfgs(steps, history):
    weight = start.clone().requires_grad_()
    optimizer = torch.optim.LBFGS(
        [weight], max_iter=steps, max_eval=1000, history_size=history, tolerance_grad=0, tolerance_change=0,
        line_search_fn="strong_wolfe",
    )

    def closure():
        optimizer.zero_grad()
        value = loss(weight)
        value.backward()
        return value

    optimizer.step(closure)
    return weight.detach()


def conjugate_gradient(steps):
    """Nocedal and Wright, "Numerical optimization", 2006, algorithm 5.4 with equation 5.45, and PyTorch's line search."""

    def evaluate(x, t=0.0, d=0.0):
        x = (x + t * d).detach().requires_grad_()
        value = loss(x)
        return value.detach(), torch.autograd.grad(value, x)[0].flatten()

    x = start.clone()
    f, g = evaluate(x)
    d, t, slope = -g, min(1.0, 1.0 / g.abs().sum()), None
    for step in range(steps):
        if step > 0:
            beta = max(0.0, g.dot(g - before) / before.dot(before))
            d = -g + beta * d
            d = d if d.dot(g) < 0 else -g
            t = t * slope / g.dot(d)
        slope, before = g.dot(d), g
        f, g, t, _ = _strong_wolfe(
            lambda x, t, d: evaluate(x, t, d.view_as(x)), x, t, d, f, g, slope, c2=0.1, tolerance_change=0
        )
        x = x + t * d.view_as(x)
    return x


vectors.add("problem", inputs=inputs, targets=targets, start=start)
vectors.add("minimizer/lbfgs", weights=torch.stack([lbfgs(k, 100) for k in range(1, STEPS + 1)]))
vectors.add("minimizer/lbfgs-short-history", weights=torch.stack([lbfgs(k, 2) for k in range(1, STEPS + 1)]))
vectors.add(
    "minimizer/conjugate-gradient", weights=torch.stack([conjugate_gradient(k) for k in range(1, STEPS + 1)])
)

vectors.write()
