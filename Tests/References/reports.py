"""Reference vectors for curves, intervals and importance, by scikit-learn: see references.py.

    python Tests/References/reports.py

needs `scikit-learn` too. Random draws are those of SplitMix64, so that ours and scikit-learn's see the same ones.
"""

import numpy as np
import sklearn
import torch
from references import Vectors
from sklearn import metrics
from sklearn.base import BaseEstimator
from sklearn.calibration import calibration_curve
from sklearn.inspection import permutation_importance

vectors = Vectors("TrainingTests", "reports")
generator = np.random.default_rng(11)


class SplitMix64:
    """Sources/Datasets/SplitMix64.swift."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        mask = (1 << 64) - 1
        self.state = (self.state + 0x9E3779B97F4A7C15) & mask
        mixed = self.state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
        return mixed ^ (mixed >> 31)

    def below(self, bound):
        return (self.next() * bound) >> 64

    def shuffle(self, elements):
        for last in range(len(elements) - 1, 0, -1):
            other = self.below(last + 1)
            elements[last], elements[other] = elements[other], elements[last]


def shares(rows, count, sharpness):
    logits = generator.normal(size=(rows, count)) * sharpness
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    return p.astype(np.float32)


def drawn(p, noise):
    labels = np.array([generator.choice(p.shape[1], p=row / row.sum()) for row in p.astype(np.float64)])
    return np.where(generator.random(len(p)) < noise, generator.integers(p.shape[1], size=len(p)), labels)


def doubles(values):
    return torch.tensor(np.array(values, dtype=np.float64))


# curves: roc_curve(y, p, drop_intermediate=False), precision_recall_curve(y, p), calibration_curve(y, p, n_bins=10)
for name, decimals in [("plain", None), ("ties", 1)]:
    p = shares(60, 2, 1.5)[:, 1]
    p = p if decimals is None else np.round(p, decimals)
    y = (generator.random(60) < p).astype(int)
    false_positive, true_positive, _ = metrics.roc_curve(y, p, drop_intermediate=False)
    precision, recall, _ = metrics.precision_recall_curve(y, p)
    came_true, mean = calibration_curve(y, p.astype(np.float64), n_bins=10)
    vectors.add(
        f"curve/{name}",
        scores=torch.tensor(p),
        labels=torch.tensor(y, dtype=torch.int32),
        # without the point (0, 0), and from the highest threshold down without the point (1, 0)
        false_positive=doubles(false_positive[1:]),
        true_positive=doubles(true_positive[1:]),
        precision=doubles(precision[:-1][::-1]),
        recall=doubles(recall[:-1][::-1]),
        came_true=doubles(came_true),
        mean_probability=doubles(mean),
    )


def resamples(rows, count, seed):
    draws = SplitMix64(seed)
    for _ in range(count):
        counts = np.zeros(rows, dtype=int)
        for _ in range(rows):
            counts[draws.below(rows)] += 1
        yield counts


def interval(values):
    return doubles(np.quantile(values, [0.025, 0.975]))


# intervals of classes: every figure with sample_weight=counts
p = shares(40, 3, 1.2)
y = drawn(p, 0.2)
named = p.argmax(1)
found = {"accuracy": [], "f1": [], "log_loss": [], "matthews": [], "roc_auc": [], "pr_auc": []}
for counts in resamples(40, 150, 7):
    found["accuracy"].append(metrics.accuracy_score(y, named, sample_weight=counts))
    found["f1"].append(metrics.f1_score(y, named, average="macro", sample_weight=counts, zero_division=0, labels=[0, 1, 2]))
    wide = p.astype(np.float64)
    found["log_loss"].append(-(counts * np.log(wide[np.arange(40), y])).sum() / 40)
    found["matthews"].append(metrics.matthews_corrcoef(y, named, sample_weight=counts))
    taken = np.repeat(np.arange(40), counts)
    found["roc_auc"].append(np.mean([metrics.roc_auc_score(y[taken] == c, p[taken, c]) for c in range(3)]))
    found["pr_auc"].append(np.mean([metrics.average_precision_score(y[taken] == c, p[taken, c]) for c in range(3)]))
vectors.add(
    "interval/classes",
    probabilities=torch.tensor(p),
    labels=torch.tensor(y, dtype=torch.int32),
    **{f"wanted_{name}": interval(values) for name, values in found.items()},
)

# intervals of values
t = generator.normal(size=30).astype(np.float32)
v = (t + 0.3 * generator.normal(size=30)).astype(np.float32)
found = {"rmse": [], "mae": [], "r2": []}
for counts in resamples(30, 150, 7):
    found["rmse"].append(np.sqrt(metrics.mean_squared_error(t.astype(float), v.astype(float), sample_weight=counts)))
    found["mae"].append(metrics.mean_absolute_error(t.astype(float), v.astype(float), sample_weight=counts))
    found["r2"].append(metrics.r2_score(t.astype(float), v.astype(float), sample_weight=counts))
vectors.add(
    "interval/values",
    truths=torch.tensor(t),
    predictions=torch.tensor(v),
    **{f"wanted_{name}": interval(values) for name, values in found.items()},
)


class Linear(BaseEstimator):
    """A fitted model: x·Wᵀ."""

    def __init__(self, weights=None, kind="regressor"):
        self.weights, self.kind = weights, kind

    def fit(self, x, y):
        return self

    def predict(self, x):
        outputs = x @ self.weights.T
        return outputs[:, 0] if self.kind == "regressor" else outputs.argmax(1)

    def score(self, x, y):
        score = metrics.r2_score if self.kind == "regressor" else metrics.accuracy_score
        return score(y, self.predict(x))


def importance(name, weights, x, y, kind):
    """permutation_importance(model, x, y, n_repeats=4), whose draws are ours."""
    module = __import__("sklearn.inspection._permutation_importance", fromlist=["check_random_state"])
    original = module.check_random_state

    class Draws:
        """The orders that ours draws, for one column."""

        def __init__(self):
            self.draws = SplitMix64(5)
            self.order = np.arange(len(x))

        def randint(self, *_):
            return 0

        def shuffle(self, places):
            before = self.order.copy()
            self.draws.shuffle(self.order)
            # scikit-learn shuffles the column that it shuffled before: what leads from that order to this one
            places[:] = np.argsort(before)[self.order]

    module.check_random_state = lambda _: Draws()
    result = permutation_importance(Linear(weights, kind), x, y, n_repeats=4)
    module.check_random_state = original
    vectors.add(
        f"importance/{name}",
        weights=torch.tensor(weights.astype(np.float32)),
        inputs=torch.tensor(x.astype(np.float32)),
        targets=torch.tensor(y, dtype=torch.int32 if kind == "classifier" else torch.float32),
        means=doubles(result.importances_mean),
        deviations=doubles(result.importances_std),
    )


x = generator.normal(size=(50, 4)).astype(np.float32).astype(np.float64)
line = np.array([[2.0, 0.0, -1.0, 0.25]])
importance("values", line, x, (x @ line.T)[:, 0] + generator.normal(size=50), "regressor")
planes = np.array([[1.0, 0, 0, 0.5], [0, 1.0, 0, -0.5], [-1.0, -1.0, 0, 0]])
importance("classes", planes, x, (x @ planes.T + 0.5 * generator.normal(size=(50, 3))).argmax(1), "classifier")

print("scikit-learn", sklearn.__version__)
vectors.write()
