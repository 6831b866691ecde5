"""PyTorch as a partner: state files go both ways, and outputs are the same to 1e-5.

    python Tests/References/partners.py write FOLDER          # PyTorch writes networks for Descent
    DESCENT_PARTNER_DIR=FOLDER swift test --filter PartnerTests   # Descent compares, and writes its own
    python Tests/References/partners.py check FOLDER          # PyTorch compares those
    python Tests/References/partners.py model MODEL VECTORS   # one model file; VECTORS holds `input` and `output`

A network NAME is `NAME.safetensors`, the state dictionary with the network's description as JSON under `network` in its
`__metadata__`, and `NAME.vectors.safetensors`, an `input` and the `output` for it. PyTorch's names start with `pytorch`,
Descent's with `descent`. The exit code is 0 when every output is equal, 1 otherwise. Needs `torch` and `safetensors`.
"""

import json
import sys
from pathlib import Path

import safetensors
import safetensors.torch
import torch
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


def write(folder: Path) -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    for name, (description, shape) in NETWORKS.items():
        network = build(description)
        x = torch.randn(shape)
        with torch.no_grad():
            y = network(x)
        metadata = {"network": json.dumps(description, sort_keys=True, separators=(",", ":"))}
        safetensors.torch.save_file(network.state_dict(), folder / f"{name}.safetensors", metadata=metadata)
        safetensors.torch.save_file({"input": x, "output": y}, folder / f"{name}.vectors.safetensors")
        print(f"wrote {name}")
    return True


def model(path: Path, vectors: Path) -> bool:
    """Whether PyTorch makes of a model file's network what its writer made of it."""
    with safetensors.safe_open(path, framework="pt") as file:
        description = json.loads(file.metadata()["network"])
    network = build(description)
    network.load_state_dict(safetensors.torch.load_file(path))
    numbers = safetensors.torch.load_file(vectors)
    with torch.no_grad():
        y = network(numbers["input"])
    if y.shape != numbers["output"].shape:
        print(f"{path.name}: the output is {list(y.shape)}, not {list(numbers['output'].shape)}")
        return False
    difference = (y - numbers["output"]).abs().max().item()
    is_equal = difference <= TOLERANCE
    print(f"{path.name}: outputs {list(y.shape)} differ by {difference:.1e}: {'equal' if is_equal else 'NOT EQUAL'}")
    return is_equal


def check(folder: Path) -> bool:
    vectors = sorted(folder.glob("descent*.vectors.safetensors"))
    if not vectors:
        print(f"{folder} holds no network that Descent wrote")
        return False
    # a list, so that one difference does not hide the next
    return all([model(path.with_name(path.name.replace(".vectors", "")), path) for path in vectors])


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
