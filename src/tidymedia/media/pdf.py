"""PDF documents, and Illustrator files that are PDF inside: pages as pictures, with their text."""

from __future__ import annotations

import ctypes
import math
import re
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from tidymedia.errors import BrokenFileError, EmptyFileError, EncryptedError, MediumError, OverLimitError
from tidymedia.media.color_conversion import background_color
from tidymedia.media.kinds import Kind
from tidymedia.media.location import Location
from tidymedia.media.medium import Medium, Tick
from tidymedia.media.picture import Box, BrokenPicture, Picture, SizeClass, TextBlock
from tidymedia.media.properties import Properties
from tidymedia.media.settings import Limits, PictureSettings
from tidymedia.media.text_layer import Character, group_characters

__all__ = ["Document"]

_POINTS_AN_INCH = 72
_MOMENT = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?)?")


class Document(Medium):
    """A PDF document, or an Adobe Illustrator file that was saved with PDF inside.

    A page is a picture whose size is that of the page at ``settings.pdf_dpi``; smaller classes are rendered at their
    own scale, not shrunk. Crop box and rotation of the page are honoured; form fields and comments are drawn;
    what no ink covers has the colour of the background.

    PDFium must not be used by two threads of a process at once. Each process of ours uses one.

    Parameters
    ----------
    location : Location
        Where the bytes are.
    settings : PictureSettings
        Resolution and background.
    limits : Limits
        How many pages, and how many pixels a page may have.
    tick : callable
        Called after each page.

    Raises
    ------
    EncryptedError
        Where a password is needed to open it.
    BrokenFileError
        Where it is damaged beyond repair.
    OverLimitError
        Where it has more pages than allowed.
    """

    kind = Kind.DOCUMENT

    def __init__(self, location: Location, settings: PictureSettings, limits: Limits, tick: Tick) -> None:
        self._name = location.name
        self._settings = settings
        self._limits = limits
        self._tick = tick
        self._background = (*background_color(settings.background), 255)
        self._current: tuple[int, Any] | None = None
        self._stream = location.open()
        try:
            self._document = self._load()
        except BaseException:
            self._stream.close()
            raise
        pages = len(self._document)
        if pages > limits.pages:
            self.close()
            raise OverLimitError(
                f"{self._name} has {pages:,} pages; the limit is {limits.pages:,}.",
                f"Allow it with --set limits.pages={pages}, or split the file.",
            )
        self._pages = pages

    def _load(self) -> pypdfium2.PdfDocument:
        if not self._stream.read(1):
            raise EmptyFileError(f"{self._name} has zero bytes.", "Get the file again.")
        self._stream.seek(0)
        try:
            document = pypdfium2.PdfDocument(self._stream)
        except pypdfium2.PdfiumError as error:
            if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
                raise EncryptedError(
                    f"{self._name} is encrypted and needs a password.",
                    "Remove the password first: qpdf --decrypt --password=PASSWORD in.pdf out.pdf",
                ) from error
            raise BrokenFileError(
                f"{self._name} is damaged, or is no PDF ({_reason(error)}).",
                "Get the file again, or try to repair it: qpdf in.pdf out.pdf",
            ) from error
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                document.init_forms()
        except pypdfium2.PdfiumError:
            # Without the form environment the fields keep the look that is stored with them.
            return document
        return document

    def properties(self, *, gps: bool = False) -> Properties:
        """Describe the document.

        Parameters
        ----------
        gps : bool, default False
            Not used: a PDF has no place.

        Returns
        -------
        Properties
            ``format``, ``pages``, ``title``, ``author``, ``software`` (the program that wrote the PDF) and
            ``created_at``. Pages may differ in size, so there is no width and height: see ``pictures``.
        """
        found: Properties = {"format": "PDF", "pages": self._pages}
        title, author = self._information("Title"), self._information("Author")
        software = self._information("Producer") or self._information("Creator")
        created_at = _moment(self._information("CreationDate"))
        if title:
            found["title"] = title
        if author:
            found["author"] = author
        if software:
            found["software"] = software
        if created_at:
            found["created_at"] = created_at
        return found

    def _information(self, key: str) -> str:
        try:
            value: str = self._document.get_metadata_value(key)
        except (pypdfium2.PdfiumError, UnicodeError, ValueError):
            return ""
        shown = "".join(letter if letter.isprintable() else " " for letter in value)
        return " ".join(shown.split())[:1000]

    def pictures(self, start: int = 0) -> Iterator[Picture | BrokenPicture]:
        """Give the pages.

        Parameters
        ----------
        start : int, default 0
            First page to give.

        Yields
        ------
        Picture or BrokenPicture
            The next page.
        """
        for number in range(start, self._pages):
            self._tick()
            try:
                picture: Picture | BrokenPicture = self._picture(number)
            except MediumError as error:
                picture = BrokenPicture(number, error, page=number)
            yield picture

    def _page(self, number: int) -> Any:
        """Open a page; the one before it is closed, for pages hold their decoded pictures."""
        if self._current is not None:
            at, page = self._current
            if at == number:
                return page
            self._current = None
            page.close()
        try:
            page = self._document[number]
        except pypdfium2.PdfiumError as error:
            raise BrokenFileError(
                f"Page {number + 1} of {self._name} is damaged ({_reason(error)}).",
                "Get the file again, or try to repair it: qpdf in.pdf out.pdf",
            ) from error
        self._current = number, page
        return page

    def _picture(self, number: int) -> Picture:
        page = self._page(number)
        size = (page.get_width(), page.get_height())
        if not all(math.isfinite(side) and side > 0 for side in size):
            raise BrokenFileError(
                f"Page {number + 1} of {self._name} has no size.",
                "Open it in a viewer and print it to a new PDF.",
            )
        width, height = self._pixels(size, self._settings.pdf_dpi, number)

        def decode(wanted: SizeClass) -> Image.Image:
            across, down = width, height
            if wanted.dpi is not None:
                across, down = self._pixels(size, wanted.dpi, number)
            longest = max(across, down)
            if wanted.long_side is not None and longest > wanted.long_side:
                share = wanted.long_side / longest
                across, down = max(1, round(across * share)), max(1, round(down * share))
            return self._render(self._page(number), across, down, number)

        def read_text_layer() -> Sequence[TextBlock]:
            return self._text(self._page(number), width, height, number)

        return Picture(number, width, height, decode, page=number, read_text_layer=read_text_layer)

    def _pixels(self, size: tuple[float, float], dpi: int, number: int) -> tuple[int, int]:
        width, height = (max(1, round(side * dpi / _POINTS_AN_INCH)) for side in size)
        if width * height > self._limits.pixels:
            raise OverLimitError(
                f"Page {number + 1} of {self._name} would have {width:,} x {height:,} = {width * height:,} pixels at "
                f"{dpi} dots an inch; the limit is {self._limits.pixels:,}.",
                f"Allow it with --set limits.pixels={width * height}, or choose a smaller pdf_dpi.",
            )
        return width, height

    def _render(self, page: Any, width: int, height: int, number: int) -> Image.Image:
        """Draw a page at exactly this size."""
        flags = pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER
        try:
            bitmap = pypdfium2.PdfBitmap.new_native(width, height, pdfium.FPDFBitmap_BGRx, rev_byteorder=True)
        except (pypdfium2.PdfiumError, MemoryError, ValueError, OverflowError) as error:
            raise OverLimitError(
                f"Page {number + 1} of {self._name} needs more memory to draw than there is.",
                "Choose a smaller pdf_dpi.",
            ) from error
        try:
            bitmap.fill_rect(self._background, 0, 0, width, height)
            pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
            if page.formenv:
                pdfium.FPDF_FFLDraw(page.formenv, bitmap, page, 0, 0, width, height, 0, flags)
            # The bitmap's memory ends with it; convert makes a copy that stays.
            drawn: Image.Image = bitmap.to_pil()
            return drawn.convert("RGB")
        finally:
            bitmap.close()

    def _text(self, page: Any, width: int, height: int, number: int) -> list[TextBlock]:
        try:
            text_page = page.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise BrokenFileError(
                f"The text of page {number + 1} of {self._name} is damaged ({_reason(error)}).",
                "Leave the text layer out and read the page as a picture.",
            ) from error
        try:
            found = list(_characters(text_page, page, width, height, self._tick))
        finally:
            text_page.close()
        return group_characters(found, lambda box: _within(box, width, height), self._tick)

    def close(self) -> None:
        """Close the document and its file."""
        if self._current is not None:
            self._current[1].close()
            self._current = None
        self._document.close()
        self._stream.close()


def _characters(text_page: Any, page: Any, width: int, height: int, tick: Tick) -> Iterator[Character]:
    """Give the characters of a page, placed in pixels of its picture."""
    box = pdfium.FS_RECTF()
    turned = max(0, pdfium.FPDFPage_GetRotation(page))
    place = _place_on(page, width, height)
    high = 0
    for index in range(max(0, pdfium.FPDFText_CountChars(text_page))):
        if index % 1000 == 999:
            tick()
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        # PDFium gives letters beyond the first 65,536 as two halves, as UTF-16 does.
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
        high = 0
        if code in (0x0A, 0x0D):
            if code == 0x0A:
                yield Character("\n", None)
            continue
        # 2 is PDFium's sign for a hyphen at the end of a line.
        text = "-" if code in (0x02, 0xAD) else chr(code)
        if not text.isprintable() and not text.isspace():
            continue
        if pdfium.FPDFText_IsGenerated(text_page, index) == 1:
            yield Character(text, None)
        elif pdfium.FPDFText_GetLooseCharBox(text_page, index, box):
            angle = pdfium.FPDFText_GetCharAngle(text_page, index)
            turn = (round(angle / (math.pi / 2)) - turned) % 4 if math.isfinite(angle) and angle >= 0 else 0
            yield Character(text, place(box.left, box.bottom, box.right, box.top), turn)
        else:
            yield Character(text, None)


def _place_on(page: Any, width: int, height: int) -> Any:
    """Return what maps a box of the page, from its lower left, to pixels from the upper left."""
    x, y = ctypes.c_int(), ctypes.c_int()
    # PDFium rounds to whole pixels: ask it at a hundred times the size, so that rotation and crop box are its work.
    fine = max(1, min(100, 1_000_000_000 // max(width, height, 1)))

    def point(across: float, down: float) -> tuple[float, float]:
        pdfium.FPDF_PageToDevice(page, 0, 0, width * fine, height * fine, 0, across, down, x, y)
        return x.value / fine, y.value / fine

    origin, right, up = point(0, 0), point(1000, 0), point(0, 1000)
    along = ((right[0] - origin[0]) / 1000, (right[1] - origin[1]) / 1000)
    upward = ((up[0] - origin[0]) / 1000, (up[1] - origin[1]) / 1000)

    def place(left: float, bottom: float, right: float, top: float) -> Box:
        corners = [
            (origin[0] + along[0] * a + upward[0] * b, origin[1] + along[1] * a + upward[1] * b)
            for a, b in ((left, bottom), (right, top))
        ]
        start = (min(corner[0] for corner in corners), min(corner[1] for corner in corners))
        end = (max(corner[0] for corner in corners), max(corner[1] for corner in corners))
        return (start[0], start[1], end[0] - start[0], end[1] - start[1])

    return place


def _within(box: Box, width: int, height: int) -> Box:
    left, top = min(max(box[0], 0.0), width), min(max(box[1], 0.0), height)
    right, bottom = min(max(box[0] + box[2], 0.0), width), min(max(box[1] + box[3], 0.0), height)
    return (round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1))


def _reason(error: Exception) -> str:
    match = re.search(r"PDFium: ([^)]+)\)", str(error))
    return match[1].rstrip(".").lower() if match else str(error).rstrip(".").lower()


def _moment(text: str) -> str | None:
    """Turn ``D:20240131120000+02'00'`` into ISO 8601, as exact as the file is."""
    match = _MOMENT.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, zulu, sign, hours, minutes = match.groups()
    limits = ((month, 1, 12), (day, 1, 31), (hour, 0, 23), (minute, 0, 59), (second, 0, 60))
    if any(value is not None and not low <= int(value) <= high for value, low, high in limits):
        return None
    date = "-".join(part for part in (year, month, day) if part)
    if minute is None:
        return date
    offset = "Z" if zulu else f"{sign}{hours}:{minutes or '00'}" if sign else ""
    return f"{date}T{hour}:{minute}:{second or '00'}{offset}"
