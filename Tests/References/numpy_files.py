"""Reference NumPy files: arrays of every type and order as `numpy.save` and `numpy.savez` write them.

Writes `Tests/FormatsTests/References/numpy.safetensors`: each file's bytes under `name/file` and the array that it
holds, in the type that Descent reads it as, under `name/array`. Needs `numpy` and `safetensors`.
"""

import io
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

PATH = Path(__file__).resolve().parent.parent / "FormatsTests" / "References" / "numpy.safetensors"
random = np.random.default_rng(8)
tensors = {}
READ_AS = {"i1": "i4", "i2": "i4", "u2": "i4", "u4": "i8", "f2": "f4"}


def written(array, version=(1, 0)):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=version)
    return np.frombuffer(buffer.getvalue(), np.uint8).copy()


def add(name, array, version=(1, 0)):
    kind = array.dtype.str[1:]
    tensors[f"{name}/file"] = written(array, version)
    tensors[f"{name}/array"] = np.array(array, dtype=READ_AS.get(kind, kind), order="C")


for kind in ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "f2", "f4", "f8"]:
    for order in "<>":
        if kind == "b1":
            array = random.integers(0, 2, (2, 3)).astype(bool)
        elif kind[0] == "f":
            array = random.normal(size=(2, 3)).astype(order + kind)
        else:
            limits = np.iinfo(kind)
            array = random.integers(limits.min, limits.max, (2, 3), dtype=kind, endpoint=True).astype(order + kind)
            array[0, 0], array[1, 2] = limits.min, limits.max
        add(f"{kind}-{'little' if order == '<' else 'big'}", array)

halves = np.arange(65536, dtype=np.uint16).view(np.float16)
add("every-half", halves[np.isfinite(halves)][:: 97])
add("half-edges", np.array([0.0, -0.0, 6e-8, -6e-8, 6.1e-5, 65504, np.inf, -np.inf], np.float16))
cube = random.integers(0, 100, (3, 4, 5)).astype("<i4")
add("fortran", np.asfortranarray(cube))
add("fortran-big", np.asfortranarray(cube.astype(">i2")))
add("fortran-four-axes", np.asfortranarray(cube.reshape(3, 2, 2, 5).astype(np.uint8)))
add("version-2", cube, (2, 0))
add("version-3", cube, (3, 0))
add("scalar", np.array(2.5))
add("one-axis", np.arange(4, dtype=np.float32))
add("empty", np.zeros((0, 3), np.float32))

for name, save in [("stored", np.savez), ("deflated", np.savez_compressed)]:
    buffer = io.BytesIO()
    save(buffer, cube, weights=np.linspace(0, 1, 50, dtype=np.float32), flags=np.array([True, False]))
    tensors[f"archive-{name}"] = np.frombuffer(buffer.getvalue(), np.uint8).copy()
tensors["archive-arr_0"] = cube
tensors["archive-weights"] = np.linspace(0, 1, 50, dtype=np.float32)
tensors["archive-flags"] = np.array([True, False])

# What is refused.
for name, array in {
    "objects": np.array([{}, 1], object), "text": np.array(["a", "b"]), "bytes": np.array([b"a"]),
    "times": np.array(["2024-01-01"], "datetime64[D]"), "complex": np.array([1j]), "uint64": np.array([1], np.uint64),
    "records": np.array([(1, 2.0)], [("a", "i4"), ("b", "f8")]), "long-double": np.array([1], np.longdouble),
}.items():
    tensors[f"refused-{name}"] = written(array)

save_file(dict(sorted(tensors.items())), PATH)
print(f"{len(tensors)} tensors, {PATH.stat().st_size} bytes")
