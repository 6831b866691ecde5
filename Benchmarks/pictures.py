"""Fashion-MNIST as 70,000 PNG files in folders, beside the IDX files that they are written from.

    python3 Benchmarks/pictures.py .build/release/descent /usr/share/datasets/fashion-mnist

Trains the same network for two epochs on both, in turn, three times, and prints a table in Markdown: the seconds of the whole
command, and the samples a second of the last epoch, each the median of three.
"""

import gzip
import os
import re
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import zlib

ROUNDS = 3
NETWORK = """
input: [1, 28, 28]
layers:
  - conv2d: {outputs: 8, kernel: 5, stride: 2}
  - relu
  - flatten
  - dense: 64
  - relu
  - dense
"""


def idx(folder, name):
    """The bytes of an IDX file behind its header, and its sizes."""
    path = os.path.join(folder, name)
    data = open(path, "rb").read() if os.path.exists(path) else gzip.open(path + ".gz").read()
    rank = data[3]
    return data[4 + 4 * rank:], struct.unpack(f">{rank}I", data[4:4 + 4 * rank])


def png(pixels, width, height):
    """A grey picture of eight bits."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    rows = b"".join(b"\0" + pixels[row * width:(row + 1) * width] for row in range(height))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def write(source, target):
    """One folder a class, within one folder a part."""
    for part, prefix in [("train", "train"), ("test", "t10k")]:
        pixels, (count, height, width) = idx(source, f"{prefix}-images-idx3-ubyte")
        labels, _ = idx(source, f"{prefix}-labels-idx1-ubyte")
        for label in range(10):
            os.makedirs(f"{target}/{part}/{label}")
        size = width * height
        for row in range(count):
            with open(f"{target}/{part}/{labels[row]}/{row:05}.png", "wb") as file:
                file.write(png(pixels[row * size:(row + 1) * size], width, height))


def train(program, data, network, output):
    """Seconds of the whole command, and samples a second of its last epoch."""
    start = time.monotonic()
    command = [program, "train", data, "--network", network, "--epochs", "2", "--batch-size", "128", "--output", output]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    rates = re.findall(r"epoch .*?([\d,]+) samples/s", run.stdout)
    return time.monotonic() - start, float(rates[-1].replace(",", ""))


def main():
    program, source = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        network = f"{folder}/network.yaml"
        open(network, "w").write(NETWORK)
        write(source, f"{folder}/png")
        figures = {source: [], f"{folder}/png": []}
        for _ in range(ROUNDS):
            for data, rows in figures.items():
                rows.append(train(program, data, network, f"{folder}/model.safetensors"))
        print("| data | seconds | samples a second |")
        print("| --- | --- | --- |")
        for name, rows in zip(["IDX", "PNG"], figures.values()):
            seconds, rates = zip(*rows)
            print(f"| {name} | {statistics.median(seconds):.1f} | {statistics.median(rates):,.0f} |")


if __name__ == "__main__":
    main()
