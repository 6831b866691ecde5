"""Cross-validated scores on five classic tables: descent with no option but the target, and scikit-learn.

    .venv-tables/bin/python Benchmarks/tables.py .build/release/descent

Prints a table in Markdown: accuracy, or R² of quantities, as the mean over three times five folds, in brackets the standard
deviation of the three means. scikit-learn's inputs are standardised on each fold's training part.
"""

import re
import statistics
import subprocess
import sys
import tempfile
import warnings

import numpy as np
from sklearn import datasets
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SEEDS = range(3)
SETS = {
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "breast-cancer": datasets.load_breast_cancer,
    "digits": datasets.load_digits,
    "diabetes": datasets.load_diabetes,
}


def descent(program, path, figure):
    """The figure of each seed's cross-validation."""
    scores = []
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            command = [program, "train", path, "--target", "y", "--folds", "5", "--seed", str(seed)]
            run = subprocess.run(
                command + ["--output", f"{folder}/model.safetensors"], capture_output=True, text=True, check=True)
        names, values = (
            re.split(r"  +", line.strip().replace("−", "-"))[1:]
            for line in re.search(r"(mean of 5 folds .*)\n(this network .*)", run.stdout).groups())
        scores.append(float(values[names.index(figure)].split()[0]))
    return scores


def sklearn(model, x, y):
    """The score of each seed's cross-validation."""
    folds = KFold if np.issubdtype(y.dtype, np.floating) else StratifiedKFold
    pipeline = make_pipeline(StandardScaler(), model)
    return [cross_val_score(pipeline, x, y, cv=folds(5, shuffle=True, random_state=seed)).mean() for seed in SEEDS]


def main():
    warnings.filterwarnings("ignore")
    print("| data | descent | MLP | logistic, ridge | gradient boosting |")
    print("| --- | --- | --- | --- | --- |")
    for name, load in SETS.items():
        frame = load(as_frame=True).frame.rename(columns={"target": "y"})
        isQuantity = name == "diabetes"
        x, y = frame.drop(columns="y").to_numpy(), frame["y"].to_numpy()
        models = (
            [MLPRegressor(max_iter=500, random_state=0), Ridge(), HistGradientBoostingRegressor(random_state=0)]
            if isQuantity
            else [
                MLPClassifier(max_iter=500, random_state=0), LogisticRegression(max_iter=5000),
                HistGradientBoostingClassifier(random_state=0),
            ])
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
            frame.to_csv(file.name, index=False)
            rows = [descent(sys.argv[1], file.name, "R²" if isQuantity else "accuracy")]
        rows += [sklearn(model, x, y) for model in models]
        cells = [f"{statistics.mean(row):.4f} ({statistics.stdev(row):.4f})" for row in rows]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
