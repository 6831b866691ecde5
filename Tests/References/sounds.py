"""Reference sounds: resampling and log-mel spectrograms by scipy and numpy, from the formulas.

Writes `Tests/FormatsTests/References/sounds.safetensors`. Needs `numpy`, `scipy` and `safetensors`.
"""

from math import gcd
from pathlib import Path

import numpy as np
import scipy.signal
from safetensors.numpy import save_file

PATH = Path(__file__).resolve().parent.parent / "FormatsTests" / "References" / "sounds.safetensors"
random = np.random.default_rng(6)
tensors = {}

samples = random.uniform(-1, 1, 1500).astype(np.float32)
tensors["samples"] = samples


def resampled(samples, old, new):
    """`scipy.signal.resample_poly` with the Kaiser filter that Sound+Resample.swift describes."""
    up, down = new // gcd(old, new), old // gcd(old, new)
    ratio = min(1, new / old)
    half = int(np.floor(50 / ratio * up))
    time = np.arange(-half, half + 1) / up
    band = 0.95 * ratio
    position = time / (50 / ratio)
    beta = scipy.signal.kaiser_beta(80)
    filter = band * np.sinc(band * time) * np.i0(beta * np.sqrt(1 - position**2)) / np.i0(beta)
    # resample_poly multiplies a given filter by `up`
    result = scipy.signal.resample_poly(samples.astype(np.float64), up, down, window=filter / up)
    return result.astype(np.float32)


for old, new in [(16000, 8000), (8000, 16000), (44100, 16000), (22050, 16000), (16000, 44100), (48000, 16000), (16001, 7999)]:
    tensors[f"resampled/{old}-{new}"] = resampled(samples[:700], old, new)


def log_mel(samples, rate, window, hop, bands, lowest, highest):
    size = 1 << (window - 1).bit_length()
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float64), window)[::hop]
    power = np.abs(np.fft.rfft(frames * scipy.signal.get_window("hann", window), size)) ** 2
    mel = np.linspace(2595 * np.log10(1 + lowest / 700), 2595 * np.log10(1 + highest / 700), bands + 2)
    corners = 700 * (10 ** (mel / 2595) - 1)
    frequencies = np.fft.rfftfreq(size, 1 / rate)
    filters = [np.interp(frequencies, corners[b : b + 3], [0, 1, 0], left=0, right=0) for b in range(bands)]
    return np.log(np.maximum(np.array(filters) @ power.T, 1e-10)).astype(np.float32)


# rate, window, hop, bands, lowest, highest
for name, settings in {
    "speech": (16000, 400, 160, 40, 20, 8000),
    "narrow": (8000, 256, 100, 12, 0, 3000),
    "coarse": (22050, 100, 331, 64, 50, 11025),
}.items():
    tensors[f"mel/{name}"] = np.ascontiguousarray(log_mel(samples, *settings))

save_file(dict(sorted(tensors.items())), PATH)
print(f"{len(tensors)} tensors, {PATH.stat().st_size} bytes")
