"""Reference vectors for losses, activations and dense layers: see references.py."""

import math
from functools import partial

import cases
import torch
import torch.nn.functional as F
from references import Vectors, random
from torch import nn

vectors = Vectors("NetworksTests", "networks")


activation, loss = partial(cases.activation, vectors), partial(cases.loss, vectors)

# Activations.

line = torch.tensor([-400.0, -88, -20, -3, -1, -0.5, -1e-4, 0.0, 1e-4, 0.5, 1, 3, 20, 88, 400])
rows = torch.randn(5, 6, generator=random(1)) * 3
rows[1] = torch.tensor([400.0, -400, 0, 399, -1, 400])
rows[2] = 0
pieces = torch.randn(4, 6, generator=random(2))
pieces[1, 2] = pieces[1, 3] = 2

activation("step", lambda x: (x >= 0) * 1.0 + 0 * x, line)
activation("linear", lambda x: x, line)
activation("linear-slope", lambda x: 0.3 * x, line)
activation("sigmoid", torch.sigmoid, line)
activation("tanh", torch.tanh, line)
activation("relu", F.relu, torch.cat([line, torch.tensor([math.nan])]))
activation("leaky-relu", F.leaky_relu, line)
activation("leaky-relu-slope", lambda x: F.leaky_relu(x, 0.2), line)
activation("elu", F.elu, line)
activation("elu-alpha", lambda x: F.elu(x, 1.7), line)
activation("softmax", lambda x: F.softmax(x, dim=-1), rows)
activation("maxout-2", lambda x: x.reshape(4, 3, 2).amax(-1), pieces)
activation("maxout-3", lambda x: x.reshape(4, 2, 3).amax(-1), pieces)

# Losses.

values = torch.randn(6, 3, generator=random(3)) * 2
wanted = torch.randn(6, 3, generator=random(4)) * 2
wanted[0] = values[0]
column, wanted_column = values[:, 0].clone(), wanted[:, 0].clone()
picture, wanted_picture = (torch.randn(3, 2, 4, generator=random(seed)) for seed in (5, 6))
positive, wanted_positive = values.abs(), wanted.abs() + 0.1
far, wanted_far = values * 100, wanted * 100

loss("mean-squared", lambda p, t: F.mse_loss(p, t, reduction="none"), values, wanted)
loss("mean-squared/column", lambda p, t: F.mse_loss(p, t, reduction="none"), column, wanted_column)
loss("mean-squared/picture", lambda p, t: F.mse_loss(p, t, reduction="none"), picture, wanted_picture)
# row 0 is a perfect fit, where PyTorch's root has no gradient
loss(
    "root-mean-squared",
    lambda p, t: F.mse_loss(p, t, reduction="none"),
    values[1:],
    wanted[1:],
    finish=torch.sqrt,
)
loss("half-mean-squared", lambda p, t: F.mse_loss(p, t, reduction="none") / 2, values, wanted)
loss("sum-of-squares", lambda p, t: F.mse_loss(p, t, reduction="none"), values, wanted, "sum")
loss("half-sum-of-squares", lambda p, t: F.mse_loss(p, t, reduction="none") / 2, values, wanted, "sum")
loss("mean-absolute", lambda p, t: F.l1_loss(p, t, reduction="none"), values, wanted)
loss("l1", lambda p, t: F.l1_loss(p, t, reduction="none"), values, wanted, "sum")
loss("mean-absolute-percentage", lambda p, t: 100 * ((p - t) / t.abs().clamp(min=1e-7)).abs(), values, wanted)
loss(
    "mean-squared-logarithmic",
    lambda p, t: F.mse_loss(p.log1p(), t.log1p(), reduction="none"),
    positive,
    wanted_positive,
)
loss("log-cosh", lambda p, t: (p - t) + F.softplus(-2 * (p - t)) - math.log(2), values, wanted)
loss("log-cosh/far", lambda p, t: (p - t) + F.softplus(-2 * (p - t)) - math.log(2), far, wanted_far)
loss("huber", lambda p, t: F.huber_loss(p, t, reduction="none"), values, wanted)
loss("huber/delta", lambda p, t: F.huber_loss(p, t, reduction="none", delta=0.4), values, wanted)
loss("cosine-similarity", lambda p, t: 1 - F.cosine_similarity(p, t, dim=-1)[:, None], values, wanted)
loss("cosine-similarity/sequence", lambda p, t: 1 - F.cosine_similarity(p, t, dim=-1), picture, wanted_picture)

logits = torch.randn(6, 5, generator=random(7)) * 3
logits[1] = torch.tensor([400.0, -400, 0, 399, -1])
classes = torch.tensor([2, 1, 0, 4, 4, 3])
shares = torch.randn(6, 5, generator=random(8)).softmax(1)
shares[0] = torch.tensor([0.0, 0, 1, 0, 0])
moderate = logits.clamp(-6, 6)
probabilities, logarithms = moderate.softmax(1), moderate.log_softmax(1)
sequence = torch.randn(3, 4, 5, generator=random(9))
steps = torch.randint(5, (3, 4), generator=random(10))

loss("cross-entropy", lambda p, t: F.cross_entropy(p, t, reduction="none")[:, None], logits, classes)
loss("cross-entropy/int32", lambda p, t: F.cross_entropy(p, t.long(), reduction="none")[:, None], logits, classes.int())
loss("cross-entropy/probabilities", lambda p, t: F.cross_entropy(p, t, reduction="none")[:, None], logits, shares)
loss(
    "cross-entropy/sequence",
    lambda p, t: F.cross_entropy(p.movedim(-1, 1), t, reduction="none"),
    sequence,
    steps,
)
loss(
    "cross-entropy-of-probabilities",
    lambda p, t: F.nll_loss(p.log(), t, reduction="none")[:, None],
    probabilities,
    classes,
)
loss(
    "cross-entropy-of-probabilities/probabilities",
    lambda p, t: -(t * p.log()).sum(1, keepdim=True),
    probabilities,
    shares,
)
loss(
    "negative-log-likelihood",
    lambda p, t: F.nll_loss(p, t, reduction="none")[:, None],
    logarithms,
    classes,
)
loss(
    "kullback-leibler",
    lambda p, t: F.kl_div(p, t, reduction="none"),
    logarithms,
    shares,
    "sum",
)

scores = torch.randn(6, 3, generator=random(11)) * 3
scores[1] = torch.tensor([400.0, -400, 0])
truth = (torch.rand(6, 3, generator=random(12)) > 0.5).float()
parts = torch.rand(6, 3, generator=random(13))
chances = scores.clamp(-6, 6).sigmoid()
certain = chances.clone()
certain[2] = torch.tensor([0.0, 1, 1])

loss(
    "binary-cross-entropy",
    lambda p, t: F.binary_cross_entropy_with_logits(p, t, reduction="none"),
    scores,
    truth,
)
loss(
    "binary-cross-entropy/parts",
    lambda p, t: F.binary_cross_entropy_with_logits(p, t, reduction="none"),
    scores,
    parts,
)
loss(
    "binary-cross-entropy-of-probabilities",
    lambda p, t: F.binary_cross_entropy(p, t, reduction="none"),
    chances,
    truth,
)
loss(
    "binary-cross-entropy-of-probabilities/certain",
    lambda p, t: F.binary_cross_entropy(p, t, reduction="none"),
    certain,
    parts,
)

# Networks: the output, the loss and the gradient of every parameter under its name.

for case, hidden in (("relu", nn.ReLU()), ("elu", nn.ELU())):
    torch.manual_seed(14)
    network = nn.Sequential(nn.Linear(7, 6), hidden, nn.Linear(6, 5, bias=False), nn.Flatten(), nn.Linear(5, 3))
    x = torch.randn(4, 7, generator=random(15))
    output = network(x)
    cost = F.cross_entropy(output, torch.tensor([2, 0, 1, 2]))
    cost.backward()
    vectors.add(f"network/{case}", input=x, output=output, loss=cost)
    vectors.add(f"network/{case}/state", **network.state_dict())
    vectors.add(f"network/{case}/gradient", **{name: p.grad for name, p in network.named_parameters()})

vectors.write()
