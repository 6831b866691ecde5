"""The names and shapes of torchvision's ResNets' states, one a line, for ReadyTests.swift: needs `torchvision`.

    python Tests/References/torchvision_names.py
"""

from references import TESTS
from torchvision import models

path = TESTS / "NetworksTests" / "References" / "torchvision.txt"
lines = [
    f"{make.__name__} {name} {'×'.join(map(str, tensor.shape))}".rstrip()
    for make in (models.resnet18, models.resnet50)
    for name, tensor in make().state_dict().items()
]
path.write_text("\n".join(lines) + "\n")
print(f"{len(lines)} names: {path.name}")
