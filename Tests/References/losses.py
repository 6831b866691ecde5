"""Reference vectors for further losses: see references.py."""

from functools import partial

import cases
import torch
import torch.nn.functional as F
from references import Vectors, random

vectors = Vectors("NetworksTests", "losses")
loss = partial(cases.loss, vectors)

values = torch.randn(6, 3, generator=random(3)) * 2
wanted = torch.randn(6, 3, generator=random(4)) * 2
wanted[0] = values[0]
picture, wanted_picture = (torch.randn(3, 2, 4, generator=random(seed)) for seed in (5, 6))
logits = torch.randn(6, 5, generator=random(7)) * 3
logits[1] = torch.tensor([400.0, -400, 0, 399, -1])
classes = torch.tensor([2, 1, 0, 4, 4, 3])
shares = torch.randn(6, 5, generator=random(8)).softmax(1)
shares[0] = torch.tensor([0.0, 0, 1, 0, 0])
ones = F.one_hot(classes, 5).float()
sequence = torch.randn(3, 4, 5, generator=random(9))
steps = torch.randint(5, (3, 4), generator=random(10))
scores = torch.randn(6, 3, generator=random(11)) * 3
scores[1] = torch.tensor([400.0, -400, 0])
truth = (torch.rand(6, 3, generator=random(12)) > 0.5).float()
signs = truth * 2 - 1
parts = torch.rand(6, 3, generator=random(13))
chances = scores.clamp(-6, 6).sigmoid()
counts = torch.randint(0, 9, (6, 3), generator=random(14)).float()
rates = torch.rand(6, 3, generator=random(15)) * 5 + 0.1
labels = (torch.rand(6, 5, generator=random(16)) > 0.6).long()
labels[2] = 0
plain = partial(dict, reduction="none")

loss("smooth-l1", lambda p, t: F.smooth_l1_loss(p, t, **plain()), values, wanted)
loss("smooth-l1/beta", lambda p, t: F.smooth_l1_loss(p, t, beta=0.4, **plain()), values, wanted)

# Keras: mean(p - t * log(p + 1e-7))
loss("poisson", lambda p, t: p - t * (p + 1e-7).log(), rates, counts)
loss("poisson-negative-log-likelihood", lambda p, t: F.poisson_nll_loss(p, t, **plain()), values, counts)
loss("poisson-negative-log-likelihood/full", lambda p, t: F.poisson_nll_loss(p, t, full=True, **plain()), values, counts)
loss(
    "poisson-negative-log-likelihood/rates",
    lambda p, t: F.poisson_nll_loss(p, t, log_input=False, **plain()),
    rates,
    counts,
)

# Keras: mean(maximum(1 - t * p, 0)), its square; categorical: maximum(max((1 - t) * p) - sum(t * p) + 1, 0)
loss("hinge", lambda p, t: F.relu(1 - t * p), scores, signs)
loss("hinge/truth", lambda p, t: F.relu(1 - (2 * t - 1) * p), scores, truth)
loss("squared-hinge", lambda p, t: F.relu(1 - t * p) ** 2, values, signs)


def categorical_hinge(p, t):
    return F.relu(((1 - t) * p).amax(-1) - (t * p).sum(-1) + 1)


loss("categorical-hinge", lambda p, t: categorical_hinge(p, F.one_hot(t, 5)), logits, classes)
loss("categorical-hinge/ones", categorical_hinge, logits, ones)
loss("categorical-hinge/sequence", lambda p, t: categorical_hinge(p, F.one_hot(t, 5)), sequence, steps)
loss("soft-margin", lambda p, t: F.soft_margin_loss(p, t, **plain()), scores.clamp(-80, 80), signs)
loss("multi-margin", lambda p, t: F.multi_margin_loss(p, t, **plain()), logits, classes)
loss("multi-margin/squared", lambda p, t: F.multi_margin_loss(p, t, p=2, margin=0.4, **plain()), logits / 9, classes)


def multi_label_margin(p, t):
    """PyTorch's targets are lists of classes, closed by -1."""
    lists = torch.full_like(t, -1)
    for row, found in enumerate(t):
        places = found.nonzero()[:, 0]
        lists[row, : len(places)] = places
    return F.multilabel_margin_loss(p, lists, **plain())


loss("multi-label-margin", multi_label_margin, logits, labels)
loss(
    "multi-label-soft-margin",
    lambda p, t: F.multilabel_soft_margin_loss(p, t.float(), **plain()),
    logits,
    labels,
)


def focal(p, t, gamma, alpha):
    """Keras: alpha * (1 - p) ** gamma * the cross-entropy of each class, added up."""
    return -(t * alpha * (1 - p.softmax(-1)) ** gamma * p.log_softmax(-1)).sum(-1)


def binary_focal(p, t, gamma, alpha=None):
    """torchvision.ops.sigmoid_focal_loss, whose alpha may be left out."""
    chance = p.sigmoid()
    right = chance * t + (1 - chance) * (1 - t)
    losses = (1 - right) ** gamma * F.binary_cross_entropy_with_logits(p, t, **plain())
    return losses if alpha is None else losses * (alpha * t + (1 - alpha) * (1 - t))


loss("focal", lambda p, t: focal(p, F.one_hot(t, 5), 2, 0.25), logits, classes)
loss("focal/shares", lambda p, t: focal(p, t, 1.5, 1), logits, shares)
loss("focal/sequence", lambda p, t: focal(p, F.one_hot(t, 5), 0, 0.25), sequence, steps)
loss("binary-focal", lambda p, t: binary_focal(p, t, 2), scores, truth)
loss("binary-focal/alpha", lambda p, t: binary_focal(p, t, 1.5, 0.25), values, parts)


def overlap(p, t, alpha, beta):
    """Keras: Tversky; Dice, whose 1e-7 stands beside twice as much, where nothing else is said."""
    p, t = p.flatten(1), t.flatten(1)
    common = (p * t).sum(1, keepdim=True)
    wrong = alpha * (p * (1 - t)).sum(1, keepdim=True) + beta * ((1 - p) * t).sum(1, keepdim=True)
    return 1 - common / (common + wrong + 1e-7)


def dice(p, t, smoothing):
    p, t = p.flatten(1), t.flatten(1)
    sums = p.sum(1, keepdim=True) + t.sum(1, keepdim=True)
    return 1 - (2 * (p * t).sum(1, keepdim=True) + smoothing) / (sums + smoothing + 1e-7)


loss("dice", lambda p, t: dice(p, t, 0), chances, truth)
loss("dice/smoothing", lambda p, t: dice(p, t, 1), picture.sigmoid(), (wanted_picture > 0).float())
loss("tversky", lambda p, t: overlap(p, t, 0.5, 0.5), chances, truth)
loss("tversky/parts", lambda p, t: overlap(p, t, 0.3, 0.7), chances, parts)

loss(
    "cross-entropy/smoothed",
    lambda p, t: F.cross_entropy(p, t, label_smoothing=0.2, **plain()),
    logits,
    classes,
)
loss(
    "cross-entropy/smoothed-shares",
    lambda p, t: F.cross_entropy(p, t, label_smoothing=0.2, weight=torch.arange(5.0), **plain()),
    logits,
    shares,
)
loss(
    "binary-cross-entropy/weighted",
    lambda p, t: F.binary_cross_entropy_with_logits(p, t * 0.8 + 0.1, pos_weight=torch.tensor(3.0), **plain()),
    scores,
    truth,
)

# Weights of classes and ignored targets, by PyTorch's own reductions. Classes last here, on axis 1 there.

importance = torch.tensor([0.5, 1, 2, 0, 1.5])
gaps = steps.clone()
gaps[0, 2:] = gaps[2] = -100


def weighted(case, function, predictions, targets):
    p = predictions.clone().requires_grad_()
    turned = p.movedim(-1, 1)
    mean = function(turned, targets, reduction="mean")
    total = function(turned, targets, reduction="sum")
    (gradient,) = torch.autograd.grad(mean, p)
    vectors.add(f"weighted/{case}", predictions=p, targets=targets, sum=total, mean=mean, gradient=gradient)


entropy = F.cross_entropy
weighted("weights", partial(entropy, weight=importance), logits, classes)
weighted("weights-of-sequence", partial(entropy, weight=importance), sequence, steps)
weighted("ignored", entropy, sequence, gaps)
weighted("ignored-other", partial(entropy, ignore_index=4), logits, classes)
weighted("all", partial(entropy, weight=importance, label_smoothing=0.1), sequence, gaps)
logarithms = sequence.log_softmax(-1)
weighted("likelihood", partial(F.nll_loss, weight=importance), logarithms, gaps)
weighted("likelihood-ignored", partial(F.nll_loss, ignore_index=2), logarithms, steps)

# Losses of other arguments: one number a sample, its mean, and the gradient of the mean by the first `count` arguments.


def call(case, function, *arguments, count):
    leaves = [a.clone().requires_grad_() if place < count else a for place, a in enumerate(arguments)]
    samples = function(*leaves)
    weights = torch.linspace(0, 2, len(samples))
    gradients = torch.autograd.grad(samples.mean(), leaves[:count])
    vectors.add(
        f"call/{case}",
        **{f"argument_{place}": leaf for place, leaf in enumerate(leaves)},
        none=samples,
        sum=samples.sum(),
        mean=samples.mean(),
        weights=weights,
        weighted_mean=(samples * weights).sum() / weights.sum(),
        **{f"gradient_{place}": gradient for place, gradient in enumerate(gradients)},
    )


def means(function):
    return lambda *arguments: function(*arguments).flatten(1).mean(1)


first, second, third = (torch.randn(6, 4, generator=random(seed)) for seed in (21, 22, 23))
# no two alike: at the edge PyTorch passes the gradient
other = wanted.roll(1, 0)
kinds = torch.tensor([1.0, -1, 1, -1, -1, 1])
variances = torch.rand(6, 4, generator=random(24)) + 0.05
variances[0, 0] = 0

call("margin-ranking", means(lambda a, b, t: F.margin_ranking_loss(a, b, t, **plain())), values, other, signs, count=2)
call(
    "margin-ranking/margin",
    means(lambda a, b, t: F.margin_ranking_loss(a, b, t, margin=0.7, **plain())),
    values,
    other,
    signs,
    count=2,
)
call("triplet", lambda a, p, n: F.triplet_margin_loss(a, p, n, **plain()), first, second, third, count=3)
call(
    "triplet/others",
    lambda a, p, n: F.triplet_margin_loss(a, p, n, margin=0.5, p=3, swap=True, **plain()),
    first,
    second,
    third,
    count=3,
)
call(
    "triplet/absolute",
    lambda a, p, n: F.triplet_margin_loss(a, p, n, margin=2, p=1, **plain()),
    first,
    second,
    third,
    count=3,
)


def contrastive(a, b, t, margin):
    """Hadsell, Chopra and LeCun 2006, with t = 1 - Y."""
    d = (a - b).norm(dim=-1)
    return (t * d**2 + (1 - t) * F.relu(margin - d) ** 2) / 2


call("contrastive", lambda a, b, t: contrastive(a, b, t, 1), first, second, (kinds + 1) / 2, count=2)
call("contrastive/margin", lambda a, b, t: contrastive(a, b, t, 4), first, second, (kinds + 1) / 2, count=2)
call("cosine-embedding", lambda a, b, t: F.cosine_embedding_loss(a, b, t, **plain()), first, second, kinds, count=2)
call(
    "cosine-embedding/margin",
    lambda a, b, t: F.cosine_embedding_loss(a, b, t, margin=-0.4, **plain()),
    first,
    second,
    kinds,
    count=2,
)


def gaussian(full):
    return means(lambda m, v, t: F.gaussian_nll_loss(m, t, v, full=full, **plain()))


call("gaussian-negative-log-likelihood", gaussian(False), first, variances, second, count=2)
call("gaussian-negative-log-likelihood/full", gaussian(True), first, variances[:, 1:2].clone(), second, count=2)

# Connectionist temporal classification: [batch, time, classes] here, [time, batch, classes] there.

outputs = torch.randn(4, 7, 5, generator=random(25)) * 2
spelt = torch.tensor([[1, 2, 2], [3, 0, 0], [4, 4, 4], [1, 3, 1]])
input_lengths, target_lengths = torch.tensor([7, 4, 7, 6]), torch.tensor([3, 1, 3, 3])


def ctc(x, t, steps, lengths, **options):
    return F.ctc_loss(x.log_softmax(-1).transpose(0, 1), t, steps, lengths, **options, **plain())


call("ctc", ctc, outputs, spelt, input_lengths, target_lengths, count=1)
call(
    "ctc/blank",
    partial(ctc, blank=3),
    outputs,
    torch.tensor([[1, 2, 2], [0, 3, 3], [4, 4, 4], [1, 0, 1]]),
    input_lengths,
    torch.tensor([3, 0, 3, 2]),
    count=1,
)
call(
    "ctc/impossible",
    partial(ctc, zero_infinity=True),
    outputs,
    spelt,
    torch.tensor([7, 4, 4, 6]),
    target_lengths,
    count=1,
)

vectors.write()
