"""How the cases of activations, losses and layers are computed and written: see references.py."""

import torch
from references import random


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


def layer(vectors, kind, case, module, *inputs, call=None, seed=1, **more):
    """Output, gradients of inputs and parameters, and the state before and behind a call in the module's mode."""
    generator = random(seed)
    with torch.no_grad():
        for value in module.parameters():
            value.grad = None
            value.copy_(torch.randn(value.shape, generator=generator) * 0.4)
    before = {name: value.clone() for name, value in module.state_dict().items()}
    inputs = [x.clone().requires_grad_() if x.is_floating_point() else x for x in inputs]
    outputs = (call or module)(*inputs)
    output = outputs[0] if isinstance(outputs, tuple) else outputs
    output.backward(outer(output))
    vectors.add(f"{kind}/{case}", output=output, **more)
    for index, x in enumerate(inputs):
        vectors.add(f"{kind}/{case}/input", **{str(index): x})
        if x.grad is not None:
            vectors.add(f"{kind}/{case}/slope", **{str(index): x.grad})
    for name, value in before.items():
        vectors.tensors[f"{kind}/{case}/state/{name}"] = value.contiguous()
    for name, value in module.named_parameters():
        # the plain output of a variational network has none for what tells the variance
        gradient = torch.zeros_like(value) if value.grad is None else value.grad
        vectors.tensors[f"{kind}/{case}/gradient/{name}"] = gradient.clone().contiguous()
    for name, value in module.named_buffers():
        vectors.tensors[f"{kind}/{case}/later/{name}"] = value.detach().clone().contiguous()
