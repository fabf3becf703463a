"""What the pixels of a picture say without a model: light, colour, edges, sharpness."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from tidymedia.extractors import color_names, dominant_colors
from tidymedia.extractors.base import PictureExtractor, Row
from tidymedia.extractors.color_names import COLOR_TERMS
from tidymedia.extractors.parameters import Parameters, parameter
from tidymedia.media.picture import THUMB, Picture, SizeClass
from tidymedia.tables import Column, Summary, Table

__all__ = ["PIXELS", "PixelParameters", "Pixels"]

_COLORS = 3
_DIGITS = 4

_BRIGHTNESS = Column(
    "brightness", "number", "Mean luma (Rec. 601) of the pixels: 0 is black, 1 is white.", range="0 to 1"
)
_CONTRAST = Column(
    "contrast", "number", "Standard deviation of the luma of the pixels (RMS contrast, Peli 1990).", range="0 to 0.5"
)
_SATURATION = Column(
    "saturation",
    "number",
    "Mean of the saturation of the pixels in HSV; dark pixels can count as fully saturated.",
    range="0 to 1",
)
_COLORFULNESS = Column(
    "colorfulness",
    "number",
    "Colourfulness after Hasler and Suesstrunk (2003). Raters there saw about 15 as slightly, 33 as moderately, 59 as "
    "quite and 82 as highly colourful; one plain strong colour can reach 86.",
    range="0 to 298",
)
_COLORLESS = Column(
    "colorless_share",
    "number",
    "Share of the pixels that are black, gray or white: their strongest and weakest channels differ by at most 12 of "
    "255. 1 for a black-and-white picture.",
    range="0 to 1",
)
_SHARPNESS = Column(
    "sharpness",
    "number",
    "Variance of the Laplacian of the luma (Pech-Pacheco et al. 2000): low where a picture is out of focus, but also "
    "where it shows plain surfaces. Measured at 512 pixels; a smaller picture is not enlarged and comes out sharper.",
    unit="gray levels squared",
    range="0 and more",
)


def _color_columns(rank: int) -> tuple[Column, ...]:
    missing = "never" if rank == 1 else "no such further colour with at least 1 percent of the pixels"
    order = ("largest", "second largest", "third largest")[rank - 1]
    return (
        Column(
            f"color_{rank}_hex",
            "string",
            f"Mean of the pixels of the {order} colour; it need not occur in the picture.",
            range="#000000 to #ffffff",
            missing=missing,
        ),
        Column(
            f"color_{rank}_name",
            "string",
            f"The {order} colour: the basic colour term that most people use for these pixels (Heer and Stone 2012).",
            range=" | ".join(COLOR_TERMS),
            missing=missing,
        ),
        Column(
            f"color_{rank}_share",
            "number",
            f"Share of the pixels that have the {order} colour.",
            range="0 to 1",
            missing=missing,
        ),
    )


PIXELS = Table(
    "pixels",
    ("picture",),
    (
        _BRIGHTNESS,
        _CONTRAST,
        Column(
            "entropy",
            "number",
            "Entropy of the 256 levels of luma: low for plain or two-tone pictures, high where all levels occur.",
            unit="bit",
            range="0 to 8",
        ),
        _SATURATION,
        _COLORFULNESS,
        _COLORLESS,
        Column(
            "hue",
            "number",
            "Circular mean of hue, weighted by chroma: 0 is red, 60 yellow, 120 green, 180 cyan, 240 blue, 300 "
            "magenta. It says little where hue_concentration is low.",
            unit="degree",
            range="0 to 360",
            missing="no pixel has colour",
        ),
        Column(
            "hue_concentration",
            "number",
            "Whether the colours agree in hue: 1 where all have the same, 0 where they are spread evenly or opposed.",
            range="0 to 1",
            missing="no pixel has colour",
        ),
        Column(
            "edge_density",
            "number",
            "Share of the pixels on an edge: their Sobel gradient of luma reaches the parameter edge_threshold.",
            range="0 to 1",
        ),
        _SHARPNESS,
        Column("aspect", "number", "Width by height of the upright picture: above 1 is landscape.", range="above 0"),
        *(column for rank in range(1, _COLORS + 1) for column in _color_columns(rank)),
        *(
            Column(
                f"{term}_share",
                "number",
                f"Share of the pixels whose colour most people call {term} (Heer and Stone 2012). The shares of all "
                "eleven terms sum to 1.",
                range="0 to 1",
            )
            for term in COLOR_TERMS
        ),
    ),
    "Light, colour, edges and sharpness of one picture, at most 512 pixels wide and high.",
    summary=(
        Summary(_BRIGHTNESS, "avg(brightness)"),
        Summary(_CONTRAST, "avg(contrast)"),
        Summary(_SATURATION, "avg(saturation)"),
        Summary(_COLORFULNESS, "avg(colorfulness)"),
        Summary(_COLORLESS, "avg(colorless_share)"),
        Summary(_SHARPNESS, "avg(sharpness)"),
        Summary(
            Column("main_color", "string", "Largest colour of the first picture, as a basic colour term."),
            "arg_min(color_1_name, picture)",
        ),
        Summary(
            Column("main_color_hex", "string", "Mean of the pixels of main_color, as #rrggbb."),
            "arg_min(color_1_hex, picture)",
        ),
    ),
)


@dataclass(frozen=True)
class PixelParameters(Parameters):
    """Parameters of ``pixels``.

    Parameters
    ----------
    edge_threshold : float, default 0.1
        Smallest gradient that counts as an edge; a sharp step from black to white has 1.
    """

    edge_threshold: float = parameter(
        0.1,
        "Smallest gradient that counts as an edge; a sharp step from black to white has 1.",
        minimum=0.001,
        maximum=1.0,
    )


class Pixels(PictureExtractor):
    """Measures light, colour, edges and sharpness by formulas.

    All pictures are measured at the same size class, so that large and small ones can be compared.

    Parameters
    ----------
    parameters : PixelParameters
        What counts as an edge.
    """

    name = "pixels"
    title = "Brightness, contrast, colours with their names, edges and sharpness of every picture."
    caveat = (
        "Measures of the file, not of the scene: exposure, filters, borders and compression all count. Pictures below "
        "512 pixels are not enlarged, so their sharpness and edge density are not comparable with those of larger ones."
    )
    citation = "\n".join(
        (
            "Hasler, D., & Suesstrunk, S. (2003). Measuring colorfulness in natural images. Human Vision and "
            "Electronic Imaging VIII, Proceedings of SPIE 5007, 87-95. https://doi.org/10.1117/12.477378",
            "Pech-Pacheco, J. L., Cristobal, G., Chamorro-Martinez, J., & Fernandez-Valdivia, J. (2000). Diatom "
            "autofocusing in brightfield microscopy: A comparative study. Proceedings of ICPR 2000, 3, 314-317. "
            "https://doi.org/10.1109/ICPR.2000.903548",
            "Peli, E. (1990). Contrast in complex images. Journal of the Optical Society of America A, 7(10), "
            "2032-2040. https://doi.org/10.1364/JOSAA.7.002032",
            color_names.SOURCE,
        )
    )
    tables: ClassVar[tuple[Table, ...]] = (PIXELS,)
    parameters_type: ClassVar[type[Parameters]] = PixelParameters
    parameters: PixelParameters

    @property
    def size(self) -> SizeClass:
        """The small size class: enough for measures of the whole picture."""
        return THUMB

    def load(self) -> None:
        """Keep OpenCV to one thread: the worker processes share the cores."""
        import cv2

        cv2.setNumThreads(1)

    def from_picture(self, picture: Picture) -> Iterator[Row]:
        """Give the one row of a picture."""
        import cv2
        import numpy as np

        from tidymedia.extractors import pixel_measures

        pixels = np.asarray(picture.image(self.size))
        luma = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        histogram = dominant_colors.color_histogram(pixels)
        values: dict[str, Any] = {
            "picture": picture.index,
            "aspect": picture.width / picture.height,
            **pixel_measures.measure_light(luma)._asdict(),
            **pixel_measures.measure_color(pixels)._asdict(),
            **pixel_measures.measure_texture(luma, self.parameters.edge_threshold)._asdict(),
            **{f"{term}_share": share for term, share in dominant_colors.term_shares(histogram).items()},
        }
        colors = dominant_colors.dominant_colors(histogram, _COLORS)
        for rank in range(1, _COLORS + 1):
            color = colors[rank - 1] if rank <= len(colors) else (None, None, None)
            values |= zip((f"color_{rank}_hex", f"color_{rank}_name", f"color_{rank}_share"), color, strict=True)
        yield Row("pixels", {name: _rounded(value) for name, value in values.items()})


def _rounded(value: Any) -> Any:
    """Cut digits that mean nothing, so that a spreadsheet stays readable."""
    return round(value, _DIGITS) if isinstance(value, float) else value
