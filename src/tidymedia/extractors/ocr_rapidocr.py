"""The networks that the package rapidocr carries (PP-OCR), on onnxruntime; nothing is downloaded."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidymedia.errors import ExtractionError, UnavailableError
from tidymedia.extractors.ocr_blocks import Block, Line, group_lines, reading_order

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["RapidOcr", "network_files", "networks_name"]

_FILES = {"Det": "PP-OCR*_det_*.onnx", "Rec": "PP-OCR*_rec_*.onnx"}
_LONGEST_SIDE = 2000
_SMALLEST_SIDE = 16


def network_files() -> dict[str, Path]:
    """Return the networks that find and read lines; fewer than two where some are missing."""
    found = importlib.util.find_spec("rapidocr")
    if found is None or found.origin is None:
        return {}
    folder = Path(found.origin).parent / "models"
    files = {task: sorted(folder.glob(pattern)) for task, pattern in _FILES.items()}
    return {task: paths[-1] for task, paths in files.items() if paths}


def networks_name() -> str:
    """Return name and version of the networks, for the column ``model``."""
    files = network_files()
    name = files["Rec"].stem.replace("_rec", "") if "Rec" in files else "networks"
    return f"rapidocr-{importlib.metadata.version('rapidocr')}/{name}"


class RapidOcr:
    """The networks in memory.

    Parameters
    ----------
    by_line : bool, default False
        Whether each line is a block of its own.

    Raises
    ------
    UnavailableError
        Where the package or its networks are not installed.
    """

    def __init__(self, by_line: bool = False) -> None:
        self._by_line = by_line
        files = network_files()
        if len(files) < len(_FILES):
            raise UnavailableError("rapidocr is not installed with its networks.", "Get it with: pip install rapidocr")
        from rapidocr import RapidOCR

        # A path that is given is never downloaded.
        settings: dict[str, Any] = {f"{task}.model_path": str(path) for task, path in files.items()}
        settings |= {
            "Global.log_level": "critical",
            # The network that tells lines standing on their head takes some upright ones for it, which are then lost.
            "Global.use_cls": False,
            "Global.max_side_len": _LONGEST_SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
        self._networks = RapidOCR(params=settings)

    def read(self, image: Image.Image, dpi: int | None) -> list[Block]:
        """Read the text of an image.

        Parameters
        ----------
        image : PIL.Image.Image
            The image, mode L or RGB; looked at with 2,000 pixels on its longer side at most.
        dpi : int or None
            Not used.

        Returns
        -------
        list of Block
            Blocks in reading order, boxes in pixels of the image.

        Raises
        ------
        ExtractionError
            Where the networks give up.
        """
        import cv2
        import numpy as np
        from rapidocr.inference_engine.onnxruntime.main import ONNXRuntimeError
        from rapidocr.utils.process_img import ResizeImgError

        if min(image.size) * min(1.0, _LONGEST_SIDE / max(image.size)) < _SMALLEST_SIDE:
            return []
        # Its networks were taught with blue first, as OpenCV reads files.
        pixels = np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])
        try:
            found: Any = self._networks(pixels)
        except (ONNXRuntimeError, ResizeImgError, cv2.error, ValueError) as error:
            raise ExtractionError(f"RapidOCR gave up on the picture: {error}.", "Try ocr.engine=tesseract.") from error
        if found.boxes is None or not found.txts:
            return []
        lines = []
        for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
            if text.strip():
                left, top = (float(value) for value in corners.min(axis=0))
                right, bottom = (float(value) for value in corners.max(axis=0))
                lines.append(Line(text.strip(), (left, top, right - left, bottom - top), round(float(score), 4)))
        if self._by_line:
            return reading_order([Block(line.text, line.box, line.score, None) for line in lines])
        return group_lines(lines)
