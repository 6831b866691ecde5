"""How the cases of activations and losses are computed and written: see references.py."""

import torch


def outer(x):
    """Upstream gradients that differ from place to place."""
    return torch.linspace(0.5, 1.5, x.numel()).reshape(x.shape)


def activation(vectors, case, function, x):
    """The output, and the gradient of the output weighted by `outer`."""
    x = x.clone().requires_grad_()
    y = function(x)
    y.backward(outer(y))
    vectors.add(f"activation/{case}", input=x, output=y, gradient=x.grad)


def loss(vectors, case, per_element, predictions, targets, combine="mean", finish=lambda x: x):
    """One number a sample, the reductions with and without weights, and the gradient of the two means.

    `per_element` is PyTorch's loss with `reduction="none"`; `combine` joins a sample's elements.
    """
    p = predictions.clone().requires_grad_()
    elements = per_element(p, targets)
    elements = elements.flatten(1) if elements.dim() > 1 else elements[:, None]
    samples = elements.mean(1) if combine == "mean" else elements.sum(1)
    weights = torch.linspace(0, 2, len(samples))
    mean = finish(samples.mean())
    weighted_mean = finish((samples * weights).sum() / weights.sum())
    (gradient,) = torch.autograd.grad(mean, p, retain_graph=True)
    (weighted_gradient,) = torch.autograd.grad(weighted_mean, p, retain_graph=True)
    vectors.add(
        f"loss/{case}",
        predictions=p,
        targets=targets,
        weights=weights,
        none=finish(samples),
        sum=finish(samples.sum()),
        mean=mean,
        weighted_none=finish(samples * weights),
        weighted_sum=finish((samples * weights).sum()),
        weighted_mean=weighted_mean,
        gradient=gradient,
        weighted_gradient=weighted_gradient,
    )
