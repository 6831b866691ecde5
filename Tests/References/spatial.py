"""Reference vectors for layers over spatial axes: convolution, pooling, padding, resampling, shaping.

    python Tests/References/spatial.py        (needs torch, safetensors and numpy)

writes Tests/NetworksTests/References/spatial.safetensors. A case is one line of Python over the inputs a, b, c. The file
holds weights w of the result's shape and the gradients of (result * w).sum(). The same script gives the same bytes.
"""

import json
import zlib

import safetensors.torch
import torch
import torch.nn.functional as F
from references import TESTS

# name: (line of Python, shapes of the inputs)
cases = {
    "conv1": ("F.conv1d(a, b, c)", [(2, 3, 7), (4, 3, 3), (4,)]),
    "conv1.same": ('F.conv1d(a, b, c, padding="same", dilation=2)', [(2, 2, 7), (3, 2, 4), (3,)]),
    "conv1.causal": ("F.conv1d(F.pad(a, (4, 0)), b, c, dilation=2)", [(1, 2, 6), (3, 2, 3), (3,)]),
    "conv2": ("F.conv2d(a, b, c)", [(2, 2, 5, 4), (3, 2, 3, 2), (3,)]),
    "conv2.padded": ("F.conv2d(a, b, c, stride=(2, 1), padding=(1, 2))", [(1, 2, 5, 4), (3, 2, 3, 3), (3,)]),
    "conv2.dilated": ("F.conv2d(a, b, stride=2, padding=2, dilation=(2, 3))", [(1, 2, 6, 7), (2, 2, 3, 2)]),
    "conv2.groups": ("F.conv2d(a, b, c, groups=2)", [(2, 4, 4, 3), (6, 2, 2, 2), (6,)]),
    "conv2.pointwise": ("F.conv2d(a, b, c)", [(2, 3, 3, 2), (4, 3, 1, 1), (4,)]),
    "conv2.same": ('F.conv2d(a, b, c, padding="same")', [(1, 2, 4, 5), (2, 2, 2, 3), (2,)]),
    "conv2.same.strided": ("F.conv2d(F.pad(a, (0, 1, 1, 1)), b, stride=2)", [(1, 2, 5, 4), (2, 2, 3, 3)]),
    "conv2.depthwise": ("F.conv2d(a, b, c, padding=1, groups=3)", [(1, 3, 4, 4), (6, 1, 3, 3), (6,)]),
    "conv2.separable": ("F.conv2d(F.conv2d(a, b, groups=2), c)", [(2, 2, 4, 4), (4, 1, 3, 3), (3, 4, 1, 1)]),
    "conv1.depthwise": ("F.conv1d(a, b, c, stride=2, groups=2)", [(2, 2, 7), (2, 1, 3), (2,)]),
    "conv1.separable": ("F.conv1d(F.conv1d(a, b, groups=2), c)", [(2, 2, 5), (2, 1, 3), (3, 2, 1)]),
    "conv3.depthwise": ("F.conv3d(a, b, c, groups=2)", [(1, 2, 3, 2, 3), (4, 1, 2, 2, 2), (4,)]),
    "conv3.separable": ("F.conv3d(F.conv3d(a, b, groups=2), c)", [(1, 2, 3, 2, 3), (2, 1, 2, 2, 2), (3, 2, 1, 1, 1)]),
    "conv3": ("F.conv3d(a, b, c, stride=(1, 2, 1), padding=(1, 0, 1))", [(1, 2, 2, 4, 3), (2, 2, 2, 2, 3), (2,)]),
    "transposed1": ("F.conv_transpose1d(a, b, c, stride=3, output_padding=2)", [(2, 2, 4), (2, 3, 2), (3,)]),
    "transposed2": ("F.conv_transpose2d(a, b, c)", [(2, 3, 3, 2), (3, 2, 2, 3), (2,)]),
    "transposed2.strided": (
        "F.conv_transpose2d(a, b, c, stride=2, padding=1, output_padding=(1, 0), dilation=(1, 2))",
        [(1, 2, 3, 4), (2, 2, 3, 3), (2,)],
    ),
    "transposed2.groups": ("F.conv_transpose2d(a, b, stride=2, groups=2)", [(1, 4, 3, 2), (4, 2, 2, 2)]),
    "transposed3": ("F.conv_transpose3d(a, b, c, stride=2, padding=1)", [(1, 2, 2, 3, 2), (2, 2, 3, 2, 3), (2,)]),
    "max1": ("F.max_pool1d(a, 3, 2)", [(2, 2, 8)]),
    "max2": ("F.max_pool2d(a, 2)", [(2, 2, 5, 4)]),
    "max2.padded": ("F.max_pool2d(a, (3, 2), (2, 1), padding=1, ceil_mode=True)", [(1, 2, 6, 5)]),
    "max1.beyond": ("F.max_pool1d(a, 3, 2, ceil_mode=True)", [(2, 2, 2)]),
    "average2.beyond": ("F.avg_pool2d(a, (5, 3), (3, 2), ceil_mode=True)", [(1, 2, 3, 4)]),
    "max2.dilated": ("F.max_pool2d(a, 2, 1, padding=1, dilation=3)", [(1, 2, 6, 5)]),
    "max3": ("F.max_pool3d(a, 2, 1)", [(1, 2, 3, 2, 4)]),
    "max1.adaptive": ("F.adaptive_max_pool1d(a, 3)", [(2, 2, 8)]),
    "max3.adaptive": ("F.adaptive_max_pool3d(a, (2, 1, 3))", [(1, 2, 3, 2, 4)]),
    "max1.global": ("a.amax(2)", [(2, 3, 5)]),
    "max3.global": ("a.amax((2, 3, 4))", [(2, 2, 2, 3, 2)]),
    "max2.adaptive": ("F.adaptive_max_pool2d(a, (3, 2))", [(2, 2, 5, 7)]),
    "max2.global": ("a.amax((2, 3))", [(2, 3, 3, 4)]),
    "unpool1": ("F.max_unpool1d(*F.max_pool1d(a, 3, return_indices=True), 3)", [(2, 2, 6)]),
    "unpool3": ("F.max_unpool3d(*F.max_pool3d(a, 2, return_indices=True), 2)", [(1, 2, 2, 2, 4)]),
    "unpool2": ("F.max_unpool2d(*F.max_pool2d(a, 2, return_indices=True), 2) * a", [(2, 2, 4, 4)]),
    "unpool2.size": ("F.max_unpool2d(*F.max_pool2d(a, 2, return_indices=True), 2, output_size=(5, 4))", [(1, 2, 5, 4)]),
    "average1": ("F.avg_pool1d(a, 3, 2, padding=1)", [(2, 2, 8)]),
    "average2": ("F.avg_pool2d(a, 2)", [(2, 2, 5, 4)]),
    "average2.padded": ("F.avg_pool2d(a, (3, 2), 2, padding=1, ceil_mode=True)", [(1, 2, 6, 5)]),
    "average2.inside": (
        "F.avg_pool2d(a, 3, 2, padding=1, ceil_mode=True, count_include_pad=False)",
        [(1, 2, 6, 5)],
    ),
    "average2.divisor": ("F.avg_pool2d(a, 2, 1, divisor_override=3)", [(1, 2, 4, 3)]),
    "average3": ("F.avg_pool3d(a, 2, 1, padding=1)", [(1, 2, 3, 2, 3)]),
    "average1.adaptive": ("F.adaptive_avg_pool1d(a, 3)", [(2, 2, 8)]),
    "average1.global": ("a.mean(2)", [(2, 3, 5)]),
    "average3.global": ("a.mean((2, 3, 4))", [(2, 2, 2, 3, 2)]),
    "average2.adaptive": ("F.adaptive_avg_pool2d(a, (3, 2))", [(2, 2, 5, 7)]),
    "average2.adaptive.whole": ("F.adaptive_avg_pool2d(a, (3, 2))", [(2, 2, 6, 4)]),
    "average3.adaptive": ("F.adaptive_avg_pool3d(a, (2, 3, 1))", [(1, 2, 3, 5, 2)]),
    "average2.global": ("a.mean((2, 3))", [(2, 3, 3, 4)]),
    "lp1": ("F.lp_pool1d(a, 3.0, 2)", [(2, 2, 5)]),
    "lp2": ("F.lp_pool2d(a, 2.0, 2, stride=1)", [(2, 2, 4, 3)]),
    "lp2.ceil": ("F.lp_pool2d(a, 2.0, 2, ceil_mode=True)", [(1, 2, 5, 3)]),
    "lp3": ("F.lp_pool3d(a, 4.0, (1, 2, 2))", [(1, 2, 2, 3, 4)]),
    "zero1": ("F.pad(a, (1, 2))", [(2, 2, 4)]),
    "zero2": ("F.pad(a, (1, 0, 2, 1))", [(2, 2, 3, 4)]),
    "zero3": ("F.pad(a, (1, 0, 2, 1, 0, 3))", [(1, 2, 2, 3, 2)]),
    "constant1": ("F.pad(a, (2, 2), value=-1.5)", [(2, 2, 4)]),
    "constant2": ("F.pad(a, (1, 1, 1, 1), value=2.5)", [(2, 2, 3, 2)]),
    "constant3": ("F.pad(a, (1, 1, 0, 0, 2, 2), value=0.5)", [(1, 2, 2, 3, 2)]),
    "reflection1": ('F.pad(a, (2, 3), mode="reflect")', [(2, 2, 4)]),
    "reflection2": ('F.pad(a, (1, 2, 2, 1), mode="reflect")', [(1, 2, 3, 4)]),
    "reflection3": ('F.pad(a, (1, 1, 1, 2, 1, 0), mode="reflect")', [(1, 2, 2, 3, 2)]),
    "replication1": ('F.pad(a, (2, 5), mode="replicate")', [(2, 2, 3)]),
    "replication2": ('F.pad(a, (1, 2, 3, 1), mode="replicate")', [(1, 2, 2, 3)]),
    "replication3": ('F.pad(a, (1, 1, 1, 2, 3, 0), mode="replicate")', [(1, 2, 2, 2, 2)]),
    "circular1": ('F.pad(a, (2, 3), mode="circular")', [(2, 2, 4)]),
    "circular2": ('F.pad(a, (1, 2, 2, 3), mode="circular")', [(1, 2, 3, 4)]),
    "circular3": ('F.pad(a, (1, 1, 1, 2, 2, 0), mode="circular")', [(1, 2, 2, 3, 2)]),
    "cropping1": ("a[:, :, 1:-2]", [(2, 2, 5)]),
    "cropping2": ("a[:, :, 1:-1, 1:-1]", [(2, 2, 4, 5)]),
    "cropping3": ("a[:, :, :-1, 1:, 1:-1]", [(1, 2, 2, 3, 4)]),
    "nearest1": ("F.interpolate(a, scale_factor=3)", [(2, 2, 4)]),
    "nearest2": ("F.interpolate(a, scale_factor=(2, 3))", [(1, 2, 3, 4)]),
    "nearest2.size": ("F.interpolate(a, size=(5, 2))", [(1, 2, 3, 4)]),
    "nearest3": ("F.interpolate(a, scale_factor=2)", [(1, 2, 2, 1, 3)]),
    "linear1": ('F.interpolate(a, scale_factor=2, mode="linear")', [(2, 2, 4)]),
    "linear1.corners": ('F.interpolate(a, scale_factor=3, mode="linear", align_corners=True)', [(2, 2, 4)]),
    "linear2": ('F.interpolate(a, scale_factor=(2, 3), mode="bilinear")', [(1, 2, 3, 4)]),
    "linear2.corners": ('F.interpolate(a, size=(5, 3), mode="bilinear", align_corners=True)', [(1, 2, 3, 4)]),
    "linear2.smaller": ('F.interpolate(a, size=(2, 4), mode="bilinear")', [(1, 2, 5, 6)]),
    "linear3": ('F.interpolate(a, scale_factor=2, mode="trilinear")', [(1, 2, 2, 1, 3)]),
    "cubic2": ('F.interpolate(a, scale_factor=2, mode="bicubic")', [(1, 2, 3, 4)]),
    "cubic2.corners": ('F.interpolate(a, size=(6, 5), mode="bicubic", align_corners=True)', [(1, 2, 3, 4)]),
    "shuffle": ("F.pixel_shuffle(a, 2)", [(2, 8, 2, 3)]),
    "unshuffle": ("F.pixel_unshuffle(a, 3)", [(1, 2, 3, 6)]),
    "reshape": ("a.reshape(2, 3, -1)", [(2, 4, 3)]),
    "unflatten": ("a.unflatten(1, (2, -1))", [(2, 6, 3)]),
    "unflatten.last": ("a.unflatten(-1, (3, 2))", [(2, 2, 6)]),
    "permute": ("a.permute(0, 3, 1, 2)", [(2, 2, 3, 4)]),
    "repeat": ("a[:, None].repeat(1, 3, 1)", [(2, 4)]),
}
# norms of any power are of positive numbers
positive = {"lp1", "lp3"}


def vectors(name: str, line: str, shapes: list[tuple[int, ...]]) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
    inputs = dict(zip("abc", (torch.randn(shape, generator=generator) for shape in shapes)))
    if name in positive:
        inputs = {letter: tensor.abs() + 0.1 for letter, tensor in inputs.items()}
    inputs = {letter: tensor.requires_grad_() for letter, tensor in inputs.items()}
    result = eval(line, {"F": F}, inputs)
    weights = torch.randn(result.shape, generator=generator)
    gradients = torch.autograd.grad((result * weights).sum(), list(inputs.values()))
    return inputs | {"result": result, "w": weights} | {f"gradient.{l}": g for l, g in zip(inputs, gradients)}


tensors = {}
for name, (line, shapes) in cases.items():
    for part, tensor in vectors(name, line, shapes).items():
        tensors[f"{name}/{part}"] = tensor.detach().clone().contiguous()

# A network of convolutions: its output and the gradient of every parameter under its name.
torch.manual_seed(1)
network = torch.nn.Sequential(
    torch.nn.Conv2d(1, 3, 3, padding=1),
    torch.nn.ReLU(),
    torch.nn.MaxPool2d(2),
    torch.nn.Conv2d(3, 4, 3),
    torch.nn.ReLU(),
    torch.nn.AvgPool2d(2),
    torch.nn.Flatten(),
    torch.nn.Linear(16, 3),
)
pictures = torch.randn(5, 1, 12, 12, generator=torch.Generator().manual_seed(2))
output = network(pictures)
F.cross_entropy(output, torch.tensor([2, 0, 1, 2, 1])).backward()
tensors |= {"network/input": pictures, "network/output": output.detach()}
tensors |= {f"network/state/{name}": tensor for name, tensor in network.state_dict().items()}
tensors |= {f"network/gradient/{name}": parameter.grad for name, parameter in network.named_parameters()}

path = TESTS / "NetworksTests" / "References" / "spatial.safetensors"
lines = json.dumps({name: line for name, (line, _) in cases.items()})
safetensors.torch.save_file(dict(sorted(tensors.items())), path, metadata={"lines": lines})
print(f"{len(cases)} cases, {path.stat().st_size} bytes")
