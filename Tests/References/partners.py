"""PyTorch as a partner: state files go both ways, and outputs are the same to 1e-5.

    python Tests/References/partners.py write FOLDER          # PyTorch writes networks for Descent
    DESCENT_PARTNER_DIR=FOLDER swift test --filter PartnerTests   # Descent compares, and writes its own
    python Tests/References/partners.py check FOLDER          # PyTorch compares those
    python Tests/References/partners.py model MODEL VECTORS   # one model file; VECTORS holds `input` and `output`

A network NAME is `NAME.safetensors`, the state dictionary with the network's description as JSON under `network` in its
`__metadata__`, and `NAME.vectors.safetensors`, an `input` and the `output` for it. PyTorch's names start with `pytorch`,
Descent's with `descent`. What has no description goes by its name alone: `pytorch-module-NAME` and `descent-module-NAME`
are the module NAME of the table below, and of PartnerModules.swift. The exit code is 0 when every output is equal, 1
otherwise. Needs `torch` and `safetensors`.
"""

import json
import sys
from pathlib import Path

import safetensors
import safetensors.torch
import torch
from ready_networks import (
    CharRNN,
    LeNet,
    ResNet,
    TransformerLM,
    VariationalAutoencoder,
    convolutional_autoencoder,
    dense_autoencoder,
    mlp,
)
from torch import nn

TOLERANCE = 1e-5


class Function(nn.Module):
    """An activation that PyTorch has no layer for."""

    def __init__(self, function):
        super().__init__()
        self.forward = function


def layer(description: dict | str) -> nn.Module:
    """The PyTorch layer of one layer of a description."""
    match description if isinstance(description, str) else description["layer"]:
        case "dense":
            return nn.Linear(description["inputs"], description["outputs"], bias=description["bias"])
        case "dropout":
            return nn.Dropout(description["probability"])
        case "flatten":
            return nn.Flatten()
        case "step":
            return Function(lambda x: (x >= 0).to(x.dtype))
        case "linear":
            return Function(lambda x: description["slope"] * x)
        case "sigmoid":
            return nn.Sigmoid()
        case "tanh":
            return nn.Tanh()
        case "relu":
            return nn.ReLU()
        case "leaky-relu":
            return nn.LeakyReLU(description["slope"])
        case "elu":
            return nn.ELU(description["alpha"])
        case "softmax":
            return nn.Softmax(dim=-1)
        case "maxout":
            return Function(lambda x: x.unflatten(-1, (-1, description["pieces"])).amax(-1))
        case other:
            raise ValueError(f"there is no layer '{other}'")


def build(description: list | dict) -> nn.Sequential:
    """The network of a description, as it is used after training."""
    layers = description if isinstance(description, list) else description["layers"]
    return nn.Sequential(*map(layer, layers)).eval()


def dense(inputs: int, outputs: int, bias: bool = True) -> dict:
    return {"layer": "dense", "inputs": inputs, "outputs": outputs, "bias": bias}


# A description and the shape of an input.
NETWORKS = {
    "pytorch-relu": ([dense(8, 6), {"layer": "relu"}, dense(6, 3)], (5, 8)),
    "pytorch-sigmoid": ([dense(4, 5, bias=False), {"layer": "sigmoid"}, dense(5, 1), {"layer": "sigmoid"}], (7, 4)),
    "pytorch-pictures": (
        [
            {"layer": "flatten"},
            dense(12, 6),
            {"layer": "elu", "alpha": 1.7},
            {"layer": "dropout", "probability": 0.5},
            {"layer": "maxout", "pieces": 2},
            dense(3, 4),
            {"layer": "leaky-relu", "slope": 0.1},
            {"layer": "tanh"},
            {"layer": "linear", "slope": 3.0},
            {"layer": "softmax"},
        ],
        (3, 3, 4),
    ),
}


class Attention(nn.MultiheadAttention):
    """Of a sequence to itself."""

    def forward(self, x):
        return super().forward(x, x, x)


def recurrent(layer: type, *sizes: int, **options):
    """PyTorch's own recurrent module, and the output of its result."""
    return layer(*sizes, batch_first=True, **options)


# A module, and the shape of an input; of whole numbers below 11 where that is a list.
MODULES = {
    "lstm": (lambda: recurrent(nn.LSTM, 5, 7, num_layers=2, bidirectional=True), (3, 6, 5)),
    "gru": (lambda: recurrent(nn.GRU, 5, 7, num_layers=2, bidirectional=True), (3, 6, 5)),
    "rnn": (lambda: recurrent(nn.RNN, 5, 7), (3, 6, 5)),
    "attention": (lambda: Attention(12, 3, batch_first=True), (2, 5, 12)),
    "encoder": (lambda: nn.TransformerEncoderLayer(8, 2, 12, batch_first=True), (2, 5, 8)),
    "batch-norm": (lambda: nn.BatchNorm2d(3), (4, 3, 5, 6)),
    "conv-1d": (lambda: nn.Conv1d(3, 4, 3, stride=2, padding=1), (2, 3, 9)),
    "conv-2d": (lambda: nn.Conv2d(4, 6, (3, 2), dilation=2, groups=2), (2, 4, 9, 8)),
    "conv-3d": (lambda: nn.Conv3d(2, 3, 2), (2, 2, 4, 3, 5)),
    "conv-transpose": (lambda: nn.ConvTranspose2d(4, 6, 3, stride=2, output_padding=1, groups=2), (2, 4, 3, 4)),
    "mlp": (lambda: mlp([9, 16, 8, 3], nn.GELU, nn.BatchNorm1d), (6, 9)),
    "lenet": (LeNet, (2, 1, 28, 28)),
    "lenet-classic": (lambda: LeNet(classic=True), (2, 1, 28, 28)),
    "cifar20": (lambda: ResNet([3, 3, 3], [16, 32, 64], small=True, classes=10), (2, 3, 32, 32)),
    "resnet18": (lambda: ResNet([2, 2, 2, 2], [64, 128, 256, 512]), (1, 3, 32, 32)),
    "resnet50": (lambda: ResNet([3, 4, 6, 3], [64, 128, 256, 512], bottleneck=True), (1, 3, 32, 32)),
    "char-rnn": (lambda: CharRNN(nn.LSTM, 11, 8, 16, 2), [3, 7]),
    "char-rnn-gru": (lambda: CharRNN(nn.GRU, 11, 16, 16, 1), [3, 7]),
    "transformer-lm": (lambda: TransformerLM(11, 9, 8, 2, 2), [3, 7]),
    "transformer-lm-tied": (lambda: TransformerLM(11, 9, 8, 2, 1, tied=True), [3, 7]),
    "autoencoder": (lambda: dense_autoencoder([20, 12, 4], output=nn.Sigmoid), (5, 20)),
    "denoising-autoencoder": (lambda: dense_autoencoder([20, 12]), (5, 20)),
    "convolutional-autoencoder": (lambda: convolutional_autoencoder(1, 4, 8), (2, 1, 12, 8)),
    "variational-autoencoder": (lambda: VariationalAutoencoder([20, 12, 4]), (5, 20)),
}


def output(network: nn.Module, x: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        y = network(x)
    return y[0] if isinstance(y, tuple) else y


def save(folder: Path, name: str, network: nn.Module, x: torch.Tensor, metadata: dict | None = None) -> None:
    safetensors.torch.save_file(network.state_dict(), folder / f"{name}.safetensors", metadata=metadata)
    vectors = {"input": x, "output": output(network, x).contiguous()}
    safetensors.torch.save_file(vectors, folder / f"{name}.vectors.safetensors")
    print(f"wrote {name}")


def module(name: str) -> nn.Module:
    """A module of the table, with numbers that no state has to begin with."""
    network = MODULES[name][0]()
    for key, value in network.state_dict().items():
        if key.endswith("num_batches_tracked"):
            value.fill_(3)
        elif key.endswith("running_var"):
            value.uniform_(0.5, 1.5)
        elif key.endswith("running_mean"):
            value.normal_(0, 0.2)
    return network.eval()


def write(folder: Path) -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    for name, (description, shape) in NETWORKS.items():
        network = build(description)
        metadata = {"network": json.dumps(description, sort_keys=True, separators=(",", ":"))}
        save(folder, name, network, torch.randn(shape), metadata)
    for name, (_, shape) in MODULES.items():
        x = torch.randn(shape) if isinstance(shape, tuple) else torch.randint(11, shape)
        save(folder, f"pytorch-module-{name}", module(name), x)
    return True


def model(path: Path, vectors: Path) -> bool:
    """Whether PyTorch makes of a model file's network what its writer made of it."""
    with safetensors.safe_open(path, framework="pt") as file:
        description = (file.metadata() or {}).get("network")
    prefix = "descent-module-"
    network = module(path.stem.removeprefix(prefix)) if description is None else build(json.loads(description))
    network.load_state_dict(safetensors.torch.load_file(path))
    numbers = safetensors.torch.load_file(vectors)
    y = output(network, numbers["input"])
    if y.shape != numbers["output"].shape:
        print(f"{path.name}: the output is {list(y.shape)}, not {list(numbers['output'].shape)}")
        return False
    difference = (y - numbers["output"]).abs().max().item()
    # large outputs are sums of large numbers
    is_equal = difference <= TOLERANCE * max(1, numbers["output"].abs().max().item())
    print(f"{path.name}: outputs {list(y.shape)} differ by {difference:.1e}: {'equal' if is_equal else 'NOT EQUAL'}")
    return is_equal


def check(folder: Path) -> bool:
    vectors = sorted(folder.glob("descent*.vectors.safetensors"))
    if not vectors:
        print(f"{folder} holds no network that Descent wrote")
        return False
    written = {path.name.removesuffix(".vectors.safetensors") for path in vectors}
    missing = [name for name in MODULES if f"descent-module-{name}" not in written]
    if missing:
        print(f"Descent did not write {', '.join(missing)}")
    # a list, so that one difference does not hide the next
    return not missing and all([model(path.with_name(path.name.replace(".vectors", "")), path) for path in vectors])


def main(arguments: list[str]) -> bool:
    match arguments:
        case ["write", folder]:
            return write(Path(folder))
        case ["check", folder]:
            return check(Path(folder))
        case ["model", path, vectors]:
            return model(Path(path), Path(vectors))
        case _:
            print(__doc__, file=sys.stderr)
            return False


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
