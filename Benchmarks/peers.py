"""Other frameworks on the workloads of `descent bench`: the same networks, batches, losses and updates.

    python Benchmarks/peers.py mlp autoencoder
    python Benchmarks/peers.py --peers torch,jax --seconds 2 --batch 256 mlp

One JSON object a line, with the keys of `descent bench --json`: the median of five rounds, on all processors, float32.
Batches are in memory before the clock starts and take turns; every loss is computed and every parameter updated. What
does not take part in a workload is left out. `requirements.txt` says what it needs, and Debian's dataset-fashion-mnist.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable

import numpy as np

from workloads import BY_NAME, Workload

ROUNDS = 5

# A peer makes a call that is repeated: how many samples it handles, and a function that gives the losses it computed.
Call = tuple[int, Callable[[], list[float]]]


def weights(workload: Workload) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights [inputs, outputs] and biases to start from."""
    random = np.random.default_rng(0)
    return [
        (random.normal(0, i**-0.5, (i, o)).astype(np.float32), np.zeros(o, np.float32))
        for i, o in zip(workload.sizes, workload.sizes[1:])]


# PyTorch


def torch_network(workload: Workload):
    import torch
    from torch import nn

    kinds = {"tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "relu": nn.ReLU, None: nn.Identity}
    layers: list[nn.Module] = []
    torch.manual_seed(0)
    channels = 1
    for outputs, padding in workload.maps:
        layers += [nn.Conv2d(channels, outputs, 5, padding=padding), nn.ReLU(), nn.MaxPool2d(2)]
        channels = outputs
    if workload.maps:
        layers.append(nn.Flatten())
    for w, b in weights(workload):
        layer = nn.Linear(*w.shape)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(w.T))
            layer.bias.copy_(torch.from_numpy(b))
        layers += [layer, kinds[workload.hidden]()]
    return nn.Sequential(*layers[:-1], kinds[workload.output]())


def torch_call(workload: Workload, compiles: bool) -> Call:
    import torch
    from torch.nn import functional

    network = torch_network(workload)
    batches = [tuple(map(torch.from_numpy, batch)) for batch in workload.batches()]
    if not workload.is_training:
        forward = torch.compile(network) if compiles else network
        image, buffer = batches[0][0], torch.empty(1, workload.sizes[0])

        def predict() -> list[float]:
            with torch.inference_mode():
                buffer.copy_(image)
                forward(buffer).numpy()
            return []

        return 1, predict

    losses = {
        "half mean squared": lambda p, y: (p - y).square().mean() / 2,
        "half sum of squares": lambda p, y: (p - y).square().sum() / (2 * len(p)),
        "mean squared": functional.mse_loss,
        "cross-entropy": functional.cross_entropy,
    }
    loss = losses[workload.loss]
    objective = lambda x, y: loss(network(x), y)
    if compiles:
        objective = torch.compile(objective)
    if workload.adam:
        optimizer = torch.optim.Adam(network.parameters(), workload.rate, fused=True)
    else:
        optimizer = torch.optim.SGD(network.parameters(), workload.rate)
    if workload.loss == "cross-entropy":
        batches = [(x, y.long()) for x, y in batches]  # the only type that it takes
    step = 0

    def train() -> list[float]:
        nonlocal step
        x, y = batches[step % len(batches)]
        step += 1
        optimizer.zero_grad(set_to_none=True)
        value = objective(x, y)
        value.backward()
        optimizer.step()
        return [value.item()]

    return workload.batch, train


# jax: a pass over all batches is one compiled scan


def jax_call(workload: Workload) -> Call:
    import jax
    from jax import numpy as jnp

    kinds = {"tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid, "relu": jax.nn.relu, None: lambda x: x}
    hidden, output = kinds[workload.hidden], kinds[workload.output]
    losses = {
        "half mean squared": lambda p, y: jnp.square(p - y).mean() / 2,
        "half sum of squares": lambda p, y: jnp.square(p - y).sum() / (2 * len(p)),
        "mean squared": lambda p, y: jnp.square(p - y).mean(),
        "cross-entropy": lambda p, y: -jnp.take_along_axis(jax.nn.log_softmax(p), y[:, None], 1).mean(),
    }

    def objective(parameters, x, y):
        for w, b in parameters[:-1]:
            x = hidden(x @ w + b)
        w, b = parameters[-1]
        return losses[workload.loss](output(x @ w + b), y)

    def descend(state, batch):
        (parameters,) = state
        loss, gradients = jax.value_and_grad(objective)(parameters, *batch)
        return (jax.tree.map(lambda w, g: w - workload.rate * g, parameters, gradients),), loss

    def adam(state, batch):
        parameters, first, second, count = state
        loss, gradients = jax.value_and_grad(objective)(parameters, *batch)
        count = count + 1
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
        second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
        rate, root = workload.rate / (1 - 0.9**count), 1 / jnp.sqrt(1 - 0.999**count)
        move = lambda w, m, v: w - rate * m / (jnp.sqrt(v) * root + 1e-8)
        return (jax.tree.map(move, parameters, first, second), first, second, count), loss

    xs, ys = (jnp.array(np.stack(part)) for part in zip(*workload.batches()))
    epoch = jax.jit(
        lambda state: jax.lax.scan(adam if workload.adam else descend, state, (xs, ys)), donate_argnums=0)
    parameters = [(jnp.array(w), jnp.array(b)) for w, b in weights(workload)]
    zeros = lambda: jax.tree.map(jnp.zeros_like, parameters)
    state = (parameters, zeros(), zeros(), jnp.float32(0)) if workload.adam else (parameters,)

    def train() -> list[float]:
        nonlocal state
        state, losses = epoch(state)
        return np.asarray(losses)  # waits for the whole pass: its parameters are the next one's

    return len(xs) * workload.batch, train


# NumPy, one sample at a time, as textbooks write back-propagation


def numpy_call(workload: Workload) -> Call:
    parameters = [(w.T.copy(), b[:, None].copy()) for w, b in weights(workload)]
    batches = workload.batches()
    sigmoid = lambda z: 1 / (1 + np.exp(-z))
    step = 0

    def train() -> list[float]:
        nonlocal step
        xs, ys = batches[step % len(batches)]
        step += 1
        sums = [(np.zeros_like(w), np.zeros_like(b)) for w, b in parameters]
        loss = 0.0
        for x, y in zip(xs, ys):
            activations = [x[:, None]]
            for w, b in parameters:
                activations.append(sigmoid(w @ activations[-1] + b))
            error = activations[-1] - y[:, None]
            loss += float(np.square(error).sum()) / 2
            for layer in reversed(range(len(parameters))):
                delta = error * activations[layer + 1] * (1 - activations[layer + 1])
                sums[layer][0][...] += delta @ activations[layer].T
                sums[layer][1][...] += delta
                if layer > 0:
                    error = parameters[layer][0].T @ delta
        for (w, b), (dw, db) in zip(parameters, sums):
            w -= workload.rate / len(xs) * dw
            b -= workload.rate / len(xs) * db
        return [loss / len(xs)]

    return workload.batch, train


# onnxruntime


def onnxruntime_call(workload: Workload) -> Call:
    import onnxruntime
    from onnx import TensorProto, checker, helper, numpy_helper

    nodes, constants, value = [], [], "x"
    for layer, (w, b) in enumerate(weights(workload)):
        constants += [numpy_helper.from_array(w, f"w{layer}"), numpy_helper.from_array(b, f"b{layer}")]
        nodes.append(helper.make_node("Gemm", [value, f"w{layer}", f"b{layer}"], [f"z{layer}"]))
        value = f"z{layer}"
        if layer + 2 < len(workload.sizes):
            nodes.append(helper.make_node("Relu", [value], [f"a{layer}"]))
            value = f"a{layer}"
    tensor = lambda name, size: helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, size])
    graph = helper.make_graph(
        nodes, workload.name, [tensor("x", workload.sizes[0])], [tensor(value, workload.sizes[-1])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    image = workload.batches()[0][0]

    def predict() -> list[float]:
        session.run(None, {"x": image})
        return []

    return 1, predict


# What takes part in what

PEERS: dict[str, tuple[Callable[[Workload], bool], Callable[[Workload], Call]]] = {
    "torch": (lambda w: True, lambda w: torch_call(w, compiles=False)),
    "torch-compile": (lambda w: True, lambda w: torch_call(w, compiles=True)),
    "jax": (lambda w: w.is_training and not w.maps, jax_call),
    "numpy": (lambda w: w.name == "nielsen", numpy_call),
    "onnxruntime": (lambda w: not w.is_training, onnxruntime_call),
}


def measure(workload: Workload, peer: str, seconds: float) -> dict:
    samples, call = PEERS[peer][1](workload)

    def lap(count: int) -> tuple[float, list[float]]:
        losses: list[float] = []
        start = time.perf_counter()
        for _ in range(count):
            losses = call()
        return time.perf_counter() - start, losses

    first = call()
    count, warm_up = 0, 0.0
    while warm_up < seconds / 20 or count < 2:
        warm_up += lap(1)[0]
        count += 1
    once = lap(max(1, count // 2))[0] / max(1, count // 2)  # without what the first calls do once
    count = max(1, int(seconds / ROUNDS / once))
    laps = [lap(count) for _ in range(ROUNDS)]
    if workload.is_training:
        unit, figures = "samples/s", [count * samples / time for time, _ in laps]
    else:
        unit, figures = "µs", [1e6 * time / count for time, _ in laps]
    last = laps[-1][1]
    return dict(
        workload=workload.name, peer=peer, unit=unit, value=statistics.median(figures), min=min(figures),
        max=max(figures), loss_first=float(first[0]) if len(first) else None,
        loss_last=float(last[-1]) if len(last) else None)


def main() -> None:
    parser = argparse.ArgumentParser(description="Times other frameworks on the workloads of 'descent bench'.")
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=f"{', '.join(BY_NAME)}; all by default")
    parser.add_argument("--peers", default=",".join(PEERS), help="names with commas between them (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=5, help="for the five rounds of one peer (default: 5)")
    parser.add_argument("--batch", type=int, help="samples a training step; the workload's own where left out")
    options = parser.parse_intermixed_args()
    names, peers = options.workloads or list(BY_NAME), options.peers.split(",")
    for name, known, what in [(n, BY_NAME, "workload") for n in names] + [(p, PEERS, "peer") for p in peers]:
        if name not in known:
            parser.error(f"{name} is no {what}; it is one of {', '.join(known)}")
    for name in names:
        for peer in peers:
            workload = BY_NAME[name].sized(options.batch)
            if PEERS[peer][0](workload):
                print(json.dumps(measure(workload, peer, options.seconds)), flush=True)


if __name__ == "__main__":
    main()
