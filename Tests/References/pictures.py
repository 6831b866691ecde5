"""Reference pictures: small PNG and JPEG files of every kind, and what Pillow decodes them to.

Writes `Tests/FormatsTests/References/pictures.safetensors` with each file's bytes under `name/file` and its pixels,
[height, width, channels], under `name/pixels`, and resized pictures. Needs `numpy`, `pillow` and `safetensors`.
"""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image
from safetensors.numpy import save_file

PATH = Path(__file__).resolve().parent.parent / "FormatsTests" / "References" / "pictures.safetensors"
random = np.random.default_rng(5)
tensors = {}


def add(name, file, pixels):
    tensors[f"{name}/file"] = np.frombuffer(file, np.uint8).copy()
    tensors[f"{name}/pixels"] = np.ascontiguousarray(pixels, dtype=np.uint8)


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def cubed(pixels):
    """[height, width] as [height, width, 1], and three axes as they are."""
    return pixels[..., None] if pixels.ndim == 2 else pixels


def on_white(colour, alpha):
    """alpha · colour + (1 − alpha) · 255, rounded to the nearest; both of 0…255."""
    colour, alpha = colour.astype(int), alpha.astype(int)[..., None]
    return (alpha * colour + (255 - alpha) * 255 + 127) // 255


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, depth, colour, rows, extra=b"", interlace=0):
    """A PNG file as the standard spells it, for the kinds that Pillow does not write."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


grey = random.integers(0, 256, (5, 7), dtype=np.uint8)
rgb = random.integers(0, 256, (6, 5, 3), dtype=np.uint8)
alpha = random.integers(0, 256, (6, 5), dtype=np.uint8)
add("png-grey", saved(Image.fromarray(grey), "PNG"), cubed(grey))
add("png-rgb", saved(Image.fromarray(rgb), "PNG"), rgb)
rgba = Image.fromarray(np.dstack([rgb, alpha]))
add("png-rgba", saved(rgba, "PNG"), on_white(rgb, alpha))
both = Image.merge("LA", [Image.fromarray(rgb[..., 0]), Image.fromarray(alpha)])
add("png-grey-alpha", saved(both, "PNG"), on_white(rgb[..., :1], alpha))

for depth in [1, 2, 4]:
    values = random.integers(0, 1 << depth, (3, 8), dtype=np.uint8)
    rows = [np.packbits(np.unpackbits(row[:, None], axis=1)[:, 8 - depth :].ravel()).tobytes() for row in values]
    file = png(8, 3, depth, 0, rows)
    add(f"png-grey-{depth}-bits", file, cubed(values * (255 // ((1 << depth) - 1))))
    palette = random.integers(0, 256, (1 << depth, 3), dtype=np.uint8)
    file = png(8, 3, depth, 3, rows, chunk(b"PLTE", palette.tobytes()))
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(file)).convert("RGB")), palette[values])
    add(f"png-palette-{depth}-bits", file, palette[values])

palette = random.integers(0, 256, (7, 3), dtype=np.uint8)
opacity = np.array([255, 0, 100, 200], np.uint8)
values = random.integers(0, 7, (4, 6), dtype=np.uint8)
file = png(6, 4, 8, 3, [row.tobytes() for row in values], chunk(b"PLTE", palette.tobytes()) + chunk(b"tRNS", opacity.tobytes()))
full = np.concatenate([opacity, np.full(3, 255, np.uint8)])
add("png-palette-alpha", file, on_white(palette[values], full[values]))

# libpng's exact scaling: (v · 255 + 32767) / 65535
wide = random.integers(0, 65536, (4, 5, 3), dtype=np.uint16)
file = png(5, 4, 16, 2, [row.astype(">u2").tobytes() for row in wide])
add("png-rgb-16-bits", file, (wide.astype(np.int64) * 255 + 32767) // 65535)
file = png(5, 4, 16, 0, [row[:, 0].astype(">u2").tobytes() for row in wide], chunk(b"gAMA", struct.pack(">I", 100000)))
add("png-grey-16-bits-with-gamma", file, (wide[..., :1].astype(np.int64) * 255 + 32767) // 65535)

# Adam7, the passes spelt out
picture = random.integers(0, 256, (9, 11), dtype=np.uint8)
passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
rows = [row.tobytes() for y, x, dy, dx in passes for row in picture[y::dy, x::dx] if row.size]
file = png(11, 9, 8, 0, rows, interlace=1)
assert np.array_equal(np.asarray(Image.open(io.BytesIO(file))), picture)
add("png-interlaced", file, cubed(picture))

y, x = np.mgrid[0:21, 0:19]
smooth = np.stack([x * 12, y * 11, 255 - x * 6 - y * 5], axis=-1).astype(np.uint8)
for name, image, options in [
    ("jpeg-grey", Image.fromarray(smooth[..., 0]), {}),
    ("jpeg-rgb", Image.fromarray(smooth), {"quality": 90, "subsampling": 0}),
    ("jpeg-rgb-420", Image.fromarray(smooth), {"quality": 80}),
    ("jpeg-progressive", Image.fromarray(smooth), {"progressive": True}),
    ("jpeg-cmyk", Image.fromarray(smooth).convert("CMYK"), {}),
]:
    file = saved(image, "JPEG", **options)
    decoded = Image.open(io.BytesIO(file))
    decoded = decoded.convert("RGB") if decoded.mode == "CMYK" else decoded
    add(name, file, cubed(np.asarray(decoded)))


def resized(numbers, axis, count):
    """Along one axis: the mean of areas where it shrinks, by repeating to a common multiple; else Pillow's BILINEAR."""
    numbers = np.moveaxis(numbers, axis, 0)
    old = numbers.shape[0]
    if count < old:
        areas = np.repeat(numbers, count, axis=0).reshape(count, old, *numbers.shape[1:])
        return np.moveaxis(areas.mean(axis=1), 0, axis)
    flat = Image.fromarray(numbers.reshape(old, -1).astype(np.float32))
    grown = np.asarray(flat.resize((flat.width, count), Image.Resampling.BILINEAR))
    return np.moveaxis(grown.reshape(count, *numbers.shape[1:]), 0, axis)


for name, pixels, (height, width) in [("shrunk", smooth, (8, 5)), ("grown", rgb, (13, 17)), ("both", smooth, (30, 4))]:
    tensors[f"resized-{name}/from"] = np.ascontiguousarray(pixels)
    numbers = resized(resized(pixels.astype(float), 1, width), 0, height)
    tensors[f"resized-{name}/numbers"] = np.ascontiguousarray(numbers, dtype=np.float32)

save_file(dict(sorted(tensors.items())), PATH)
print(f"{len(tensors)} tensors, {PATH.stat().st_size} bytes")
