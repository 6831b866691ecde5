"""Reference vectors for metrics, by their formulas in numpy: see references.py.

Where scikit-learn is installed, every number is compared with its own.
"""

import numpy as np
import torch
from references import Vectors

try:
    from sklearn import metrics as sklearn_metrics
except ImportError:
    sklearn_metrics = None

vectors = Vectors("TrainingTests", "metrics")
generator = np.random.default_rng(5)


def compare(own, theirs, name, tolerance=1e-12):
    """Holds a number of ours against scikit-learn's, which is a function of its module."""
    if sklearn_metrics is not None:
        theirs = theirs(sklearn_metrics)
        assert abs(own - theirs) < tolerance, (name, own, theirs)


def roc_auc(scores, own):
    """The share of pairs in the right order, ties half."""
    difference = scores[own][:, None] - scores[~own][None, :]
    return np.mean((difference > 0) + 0.5 * (difference == 0))


def average_precision(scores, own):
    total = 0.0
    recall = 0.0
    for threshold in sorted(set(scores), reverse=True):
        named = scores >= threshold
        now = (named & own).sum() / own.sum()
        total += (now - recall) * (named & own).sum() / named.sum()
        recall = now
    return total


def classes(case, probabilities, labels, k, bins):
    probabilities = probabilities.astype(np.float32)
    p = probabilities.astype(np.float64)
    rows, count = np.arange(len(p)), p.shape[1]
    predicted = p.argmax(1)
    truth = np.eye(count)[labels]
    confusion = np.zeros((count, count))
    np.add.at(confusion, (labels, predicted), 1)
    total, right = confusion.sum(), np.trace(confusion)
    actual, named = confusion.sum(1), confusion.sum(0)
    result = {}

    chance = (actual * named).sum() / total**2
    result["cohen_kappa"] = (right / total - chance) / (1 - chance)
    compare(result["cohen_kappa"], lambda m: m.cohen_kappa_score(labels, predicted), case)

    spread = (total**2 - (named**2).sum()) * (total**2 - (actual**2).sum())
    result["matthews"] = (right * total - (actual * named).sum()) / np.sqrt(spread)
    compare(result["matthews"], lambda m: m.matthews_corrcoef(labels, predicted), case)

    for name, beta in [("half", 0.5), ("one", 1.0), ("two", 2.0)]:
        with np.errstate(invalid="ignore", divide="ignore"):
            precision = np.nan_to_num(np.diag(confusion) / named)
            recall = np.nan_to_num(np.diag(confusion) / actual)
            each = np.nan_to_num((1 + beta**2) * precision * recall / (beta**2 * precision + recall))
        result[f"f_{name}"] = each[1] if count == 2 else each.mean()
        average = "binary" if count == 2 else "macro"
        compare(
            result[f"f_{name}"],
            lambda m: m.fbeta_score(
                labels, predicted, beta=beta, average=average, zero_division=0,
                labels=None if count == 2 else range(count),
            ),
            case,
        )

    smallest = np.finfo(np.float32).eps
    result["log_loss"] = -np.log(np.maximum(p[rows, labels], smallest)).mean()
    if (p[rows, labels] > smallest).all():
        # theirs divides rows by their sums, which float32 has not exactly at 1
        compare(result["log_loss"], lambda m: m.log_loss(labels, p, labels=range(count)), case, 1e-7)
    result["perplexity"] = np.exp(result["log_loss"])

    squares = ((p - truth) ** 2).sum(1).mean()
    result["brier_score"] = squares / 2 if count == 2 else squares
    compare(
        result["brier_score"],
        lambda m: m.brier_score_loss(labels, p[:, 1] if count == 2 else p, labels=range(count)),
        case,
        1e-7,
    )

    order = np.argsort(-p, axis=1, kind="stable")
    result["top_k_accuracy"] = (order[:, :k] == labels[:, None]).any(1).mean()
    if count > 2:
        has_ties = any(len(set(row)) < count for row in p)
        if not has_ties:
            compare(
                result["top_k_accuracy"], lambda m: m.top_k_accuracy_score(labels, p, k=k, labels=range(count)), case
            )

    confidence = p.max(1)
    places = np.ceil(confidence * bins) - 1
    error = 0.0
    for place in range(bins):
        inside = places == place
        if inside.any():
            error += inside.mean() * abs((predicted == labels)[inside].mean() - confidence[inside].mean())
    result["calibration_error"] = error

    present = [1] if count == 2 else [c for c in range(count) if (labels == c).any()]
    result["roc_auc"] = np.mean([roc_auc(p[:, c], labels == c) for c in present])
    result["pr_auc"] = np.mean([average_precision(p[:, c], labels == c) for c in present])
    for c in present:
        compare(roc_auc(p[:, c], labels == c), lambda m: m.roc_auc_score(labels == c, p[:, c]), case)
        compare(average_precision(p[:, c], labels == c), lambda m: m.average_precision_score(labels == c, p[:, c]), case)
    if count == 2:
        compare(result["roc_auc"], lambda m: m.roc_auc_score(labels, p[:, 1]), case)

    vectors.add(
        f"classes/{case}",
        probabilities=torch.tensor(probabilities),
        labels=torch.tensor(labels, dtype=torch.int32),
        k=torch.tensor(k),
        bins=torch.tensor(bins),
        **{f"wanted_{name}": torch.tensor(float(value), dtype=torch.float64) for name, value in result.items()},
    )


def shares(rows, count, sharpness, decimals=None):
    logits = generator.normal(size=(rows, count)) * sharpness
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    return p if decimals is None else np.round(p, decimals)


def drawn(p, noise):
    """Labels that follow the probabilities, but for a share of noise."""
    labels = np.array([generator.choice(p.shape[1], p=row / row.sum()) for row in p])
    random = generator.integers(p.shape[1], size=len(p))
    return np.where(generator.random(len(p)) < noise, random, labels)


two = shares(60, 2, 1.5)
classes("two", two, drawn(two, 0.2), k=1, bins=15)
# many scores are the same; a row sums to 1 again
coarse = np.round(two, 1)
classes("two-with-ties", coarse, drawn(two, 0.2), k=1, bins=10)
four = shares(80, 4, 1.0)
classes("four", four, drawn(four, 0.3), k=2, bins=15)
# a class that is never there, and probabilities of exactly 0 and 1
seven = shares(50, 7, 3.0)
seven[:, 4] *= 1e-3
seven /= seven.sum(1, keepdims=True)
seven[0] = np.eye(7)[2]
seven[1] = np.eye(7)[3]
labels = drawn(seven, 0.2)
labels[labels == 4] = 5
labels[:2] = [2, 1]
classes("seven", seven, labels, k=3, bins=5)


def values(case, truth, predicted):
    truth, predicted = truth.astype(np.float32), predicted.astype(np.float32)
    t, p = truth.astype(np.float64), predicted.astype(np.float64)
    result = {"mse": ((p - t) ** 2).mean()}
    compare(result["mse"], lambda m: m.mean_squared_error(t, p), case)
    result["explained_variance"] = 1 - (t - p).var() / t.var()
    compare(result["explained_variance"], lambda m: m.explained_variance_score(t, p), case)
    if (t != 0).all():
        result["mape"] = 100 * (np.abs(p - t) / np.abs(t)).mean()
        compare(result["mape"] / 100, lambda m: m.mean_absolute_percentage_error(t, p), case)
    if (t >= 0).all():
        result["msle"] = ((np.log1p(np.maximum(p, 0)) - np.log1p(t)) ** 2).mean()
        if (p >= 0).all():
            compare(result["msle"], lambda m: m.mean_squared_log_error(t, p), case)
    vectors.add(
        f"values/{case}",
        truth=torch.tensor(truth),
        predicted=torch.tensor(predicted),
        **{f"wanted_{name}": torch.tensor(float(value), dtype=torch.float64) for name, value in result.items()},
    )


amounts = np.exp(generator.normal(size=40) * 2)
values("amounts", amounts, amounts * np.exp(generator.normal(size=40) * 0.3))
values("counts", np.arange(30) % 7, np.arange(30) % 7 + generator.normal(size=30))
signed = generator.normal(size=25) * 3 + 1000
values("far-from-zero", signed, signed + 2 + generator.normal(size=25))
values("below-zero", generator.normal(size=25) - 0.5, generator.normal(size=25))

vectors.write()
