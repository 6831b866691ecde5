"""Looks up every name of Keras, PyTorch and MLX that Documentation/Parity.md gives, and the arguments behind them.

    python Tests/References/parity.py
"""

import importlib
import inspect
import os
import re
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")

from references import TESTS

COLUMNS = {"Keras 3": "keras", "PyTorch": "torch", "MLX": "mlx"}


def each(pattern):
    """What `Conv{1,2}D` stands for."""
    found = re.search(r"\{([^}]*)\}", pattern)
    if not found:
        return [pattern]
    start, end = pattern[: found.start()], pattern[found.end() :]
    return [whole for part in found[1].split(",") for whole in each(start + part + end)]


def lookup(path):
    """What a path stands for: the longest module that can be imported, and attributes from there."""
    parts = path.split(".")
    for count in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:count]))
        except ModuleNotFoundError:
            continue
        for part in parts[count:]:
            thing = getattr(thing, part)
        return thing
    raise AttributeError(f"no module {parts[0]}")


def takes(thing, argument):
    """Whether an argument has this name: in the signature, or in the text where that leaves names open."""
    callables = [thing, thing.__init__] if inspect.isclass(thing) else [thing]
    for function in callables:
        try:
            if argument in inspect.signature(function).parameters:
                return True
        except (TypeError, ValueError):
            pass
    return any(re.search(rf"\b{argument}\b", function.__doc__ or "") for function in callables)


def names(text):
    """The names in each library's column, line by line."""
    header = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("|"):
            header = None
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if header is None:
            header = cells
        elif cells[0] != "---":
            assert len(cells) == len(header), f"line {number}: {len(cells)} cells under {len(header)} titles"
            for title, cell in zip(header, cells):
                if title in COLUMNS:
                    for pattern in re.findall(r"`([^`]+)`", cell):
                        yield from ((number, COLUMNS[title], name) for name in each(pattern))


def problem(library, name):
    """What is wrong with a name, if anything is."""
    path, _, argument = name.partition("(")
    if path.split(".")[0] != library:
        return f"is not a name of {library}"
    try:
        thing = lookup(path)
    except AttributeError as error:
        return f"is not there: {error}"
    argument = argument.rstrip(")").rstrip("=")
    return f"takes no {argument}" if argument and not takes(thing, argument) else None


if __name__ == "__main__":
    text = (TESTS.parent / "Documentation" / "Parity.md").read_text()
    found = list(names(text))
    wrong = [f"Parity.md:{number}: {name} {says}" for number, library, name in found if (says := problem(library, name))]
    counts = {library: sum(1 for _, other, _ in found if other == library) for library in COLUMNS.values()}
    print("\n".join(wrong) if wrong else f"every name is there: {counts}")
    sys.exit(bool(wrong) or min(counts.values()) == 0)
