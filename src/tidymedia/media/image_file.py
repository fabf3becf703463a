"""Image files: one picture, the pages of a TIFF, or the frames of an animation."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PIL import Image, ImageChops

from tidymedia.errors import BrokenFileError, EmptyFileError, MediumError, OverLimitError
from tidymedia.media.color_conversion import background_color, to_rgb
from tidymedia.media.exif import orientation_of, turn_upright
from tidymedia.media.frame_times import FrameTimes, pick_frames, scan_frames
from tidymedia.media.image_properties import image_properties
from tidymedia.media.kinds import Kind
from tidymedia.media.location import Location
from tidymedia.media.medium import Medium, Tick
from tidymedia.media.picture import BrokenPicture, Picture, SizeClass
from tidymedia.media.pillow import check_pixels, open_image, pillow_errors
from tidymedia.media.properties import Properties
from tidymedia.media.sampling import parse_sampling
from tidymedia.media.settings import Limits, PictureSettings
from tidymedia.media.tiff_pages import count_pages, white_is_zero_unseen

__all__ = ["ImageFile"]

_ANIMATED = frozenset({"AVIF", "FLI", "GIF", "PNG", "WEBP"})
_DRAFTED = frozenset({"JPEG", "MPO"})


class ImageFile(Medium):
    """An image file that Pillow can read, HEIC and AVIF included.

    - GIF, WebP, PNG, AVIF and FLI files with several frames give those that ``settings.animation`` picks;
      ``time_ms`` is when the frame begins.
    - TIFF and DCX files give all their pages.
    - MPO files (JPEG with further pictures: the second eye of a stereo camera, a preview, a gain map) give
      their first picture alone, for the others show the same once more. So do HEIC files with several
      pictures, and PSD files, whose first picture is the whole with all layers.

    Damage that the decoder reports is an error, never a half-gray picture. Not all damage can be seen: a
    few changed bytes within the pixels of a JPEG look like a picture to every decoder.

    Parameters
    ----------
    location : Location
        Where the bytes are.
    settings : PictureSettings
        Which frames, and the colour behind transparent pixels.
    limits : Limits
        How large it may be.
    tick : callable
        Called by long loops.

    Raises
    ------
    MediumError
        Where it cannot be opened: empty, no image, more pixels, pages or frames than the limits allow.
    """

    kind = Kind.IMAGE

    def __init__(self, location: Location, settings: PictureSettings, limits: Limits, tick: Tick) -> None:
        self._name = location.name
        self._settings = settings
        self._limits = limits
        self._tick = tick
        self._sampling = parse_sampling(settings.animation, shots=False)
        background_color(settings.background)
        self._stream = location.open()
        try:
            self._open()
        except BaseException:
            self._stream.close()
            raise

    def _open(self) -> None:
        if not self._stream.read(1):
            raise EmptyFileError(f"{self._name} has zero bytes.", "Get the file again.")
        self._header = open_image(self._stream, self._name, self._limits)
        self._format = self._header.format or ""
        self._pages: int | None = None
        self._chain_is_whole = True
        self._times: FrameTimes | None = None
        if self._format in ("TIFF", "DCX"):
            self._count_pages()
        else:
            check_pixels(*self._header.size, self._name, self._limits)
            self._read_times()

    def _count_pages(self) -> None:
        most = self._limits.pages + 1
        if self._format == "TIFF":
            self._pages, self._chain_is_whole = count_pages(self._stream, most, self._tick)
            self._pages = max(1, self._pages)
        else:
            self._pages = min(most, int(getattr(self._header, "n_frames", 1)))
        if self._pages > self._limits.pages:
            raise OverLimitError(
                f"{self._name} has more than {self._limits.pages:,} pages.",
                f"Allow more with --set limits.pages={self._limits.pages * 10}, or split the file.",
            )

    def _read_times(self) -> None:
        with pillow_errors(self._name, self._limits):
            animated = self._format in _ANIMATED and bool(getattr(self._header, "is_animated", False))
        if not animated:
            return
        most = self._limits.pictures
        times = scan_frames(self._stream, self._format, most, self._tick) or self._scan_by_decoding(most)
        if times.stopped and self._sampling.every not in ("first", "codec"):
            raise OverLimitError(
                f"{self._name} has more than {most:,} frames.",
                f"Allow more with --set limits.pictures={most * 10}, or take the first frame alone with "
                "--set pictures.animation=first.",
            )
        self._times = times

    def _scan_by_decoding(self, most: int) -> FrameTimes:
        """Read the times of formats whose container we do not parse: AVIF and FLI, which are rare."""
        times = FrameTimes()
        image = self._fresh()
        with pillow_errors(self._name, self._limits):
            count = int(getattr(image, "n_frames", 1))
            times.stopped = count > most
            for frame in range(min(count, most)):
                image.seek(frame)
                if self._format == "AVIF":
                    image.load()
                times.add(float(image.info.get("duration") or 0))
                self._tick()
        return times

    def _fresh(self) -> Image.Image:
        return open_image(self._stream, self._name, self._limits)

    def properties(self, *, gps: bool = False) -> Properties:
        """Describe the image as its header does.

        Parameters
        ----------
        gps : bool, default False
            Whether to read where a photograph was taken.

        Returns
        -------
        Properties
            What the header says. ``pages`` for TIFF and DCX, ``frames`` and ``duration_ms`` for animations;
            both are left out where there are more frames than ``limits.pictures``.
        """
        image = self._fresh()
        with pillow_errors(self._name, self._limits):
            found = image_properties(image, self._stream, gps=gps)
        if self._pages is not None:
            found["pages"] = self._pages
        if self._times is not None and not self._times.stopped:
            found["frames"] = len(self._times.starts)
            found["duration_ms"] = self._times.duration_ms
        return found

    def pictures(self, start: int = 0) -> Iterator[Picture | BrokenPicture]:
        """Give the picture, the pages, or the chosen frames.

        Parameters
        ----------
        start : int, default 0
            First picture to give.

        Yields
        ------
        Picture or BrokenPicture
            The next one. A page or frame whose header is damaged is broken; one whose pixels are damaged
            raises when it is decoded.
        """
        if self._pages is not None:
            yield from self._give_pages(start, self._pages)
        elif self._times is not None:
            yield from self._give_frames(start, self._times)
        elif start == 0:
            yield self._single(self._header, 0)

    def _single(self, image: Image.Image, index: int, page: int | None = None) -> Picture:
        """Make a picture of an image that stands at the wanted page."""
        with pillow_errors(self._name, self._limits):
            orientation = orientation_of(image)
        # Pillow turns TIFF by itself while it decodes, and gives its size as turned already.
        width, height = image.size
        if orientation >= 5 and self._format != "TIFF":
            width, height = height, width

        def full() -> Image.Image:
            fresh = self._fresh()
            with pillow_errors(self._name, self._limits):
                if page:
                    fresh.seek(page)
                white_is_zero = self._format == "TIFF" and white_is_zero_unseen(fresh)
                rgb = to_rgb(fresh, self._settings.background, fresh.info.get("icc_profile"))
                if white_is_zero:
                    rgb = ImageChops.invert(rgb)
                return rgb if self._format == "TIFF" else turn_upright(rgb, orientation)

        def drafted(long_side: int) -> Image.Image:
            fresh = self._fresh()
            with pillow_errors(self._name, self._limits):
                small = _draft(fresh, long_side)
                rgb = to_rgb(small, self._settings.background, fresh.info.get("icc_profile"))
                return turn_upright(rgb, orientation)

        return Picture(
            index,
            width,
            height,
            _Decoder(width, height, full, drafted if self._format in _DRAFTED else None),
            page=page,
        )

    def _give_pages(self, start: int, pages: int) -> Iterator[Picture | BrokenPicture]:
        image = self._fresh()
        for page in range(start, pages):
            self._tick()
            try:
                with pillow_errors(self._name, self._limits, check=False):
                    image.seek(page)
                check_pixels(*image.size, f"page {page + 1} of {self._name}", self._limits)
                picture: Picture | BrokenPicture = self._single(image, page, page)
            except MediumError as error:
                picture = BrokenPicture(page, error, page=page)
                image = self._fresh()
            yield picture
        if not self._chain_is_whole and start <= pages:
            cut = BrokenFileError(
                f"{self._name} is cut off: its list of pages breaks off after {pages}.", "Get the file again."
            )
            yield BrokenPicture(pages, cut, page=pages)

    def _give_frames(self, start: int, times: FrameTimes) -> Iterator[Picture | BrokenPicture]:
        strip = _Strip(self._fresh(), self._name, self._settings.background, self._limits, self._tick)
        picked = pick_frames(times, self._sampling)
        width, height = self._header.size
        with pillow_errors(self._name, self._limits):
            orientation = orientation_of(self._header)
        if orientation >= 5:
            width, height = height, width
        for index, frame in enumerate(picked):
            if index < start:
                continue

            def full(frame: int = frame) -> Image.Image:
                return turn_upright(strip.frame(frame), orientation)

            yield Picture(
                index, width, height, _Decoder(width, height, full, None), frame=frame, time_ms=times.starts[frame]
            )
        if not times.complete and start <= len(picked) and self._sampling.every in ("seconds", "frames"):
            frames = len(times.starts)
            error = BrokenFileError(
                f"{self._name} is cut off within its frame {frames + 1}.",
                "Get the file again; the frames before it are kept.",
            )
            yield BrokenPicture(len(picked), error, frame=frames, time_ms=times.duration_ms)

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


class _Decoder:
    """Makes the images of the size classes of one picture, each from the file alone."""

    def __init__(
        self,
        width: int,
        height: int,
        full: Callable[[], Image.Image],
        drafted: Callable[[int], Image.Image] | None,
    ) -> None:
        self._size = (width, height)
        self._full = full
        self._drafted = drafted
        self._decoded: Image.Image | None = None

    def __call__(self, wanted: SizeClass) -> Image.Image:
        size = scaled_size(*self._size, wanted.long_side)
        if size != self._size and self._drafted is not None:
            return _resized(self._drafted(max(size)), size)
        if self._decoded is None:
            self._decoded = self._full()
        return _resized(self._decoded, size)


class _Strip:
    """The frames of an animation, decoded one after the other as they build on each other."""

    def __init__(self, image: Image.Image, name: str, background: str, limits: Limits, tick: Tick) -> None:
        self._image = image
        self._name = name
        self._background = background
        self._limits = limits
        self._tick = tick
        self._error: MediumError | None = None

    def frame(self, number: int) -> Image.Image:
        # After a damaged frame the canvas is wrong: the later ones would be wrong pictures.
        if self._error is not None:
            raise self._error
        try:
            with pillow_errors(self._name, self._limits):
                for passed in range(min(self._image.tell(), number), number):
                    self._image.seek(passed)
                    self._tick()
                self._image.seek(number)
                return to_rgb(self._image, self._background, self._image.info.get("icc_profile"))
        except MediumError as error:
            self._error = error
            raise


def scaled_size(width: int, height: int, long_side: int | None) -> tuple[int, int]:
    """Return the size of a picture whose long side may not be longer than so much.

    Parameters
    ----------
    width, height : int
        Its own size, in pixels.
    long_side : int or None
        The longest side allowed; None for any.

    Returns
    -------
    tuple of int
        Width and height, at least 1; never larger than the picture.

    Examples
    --------
    >>> scaled_size(4000, 3000, 512)
    (512, 384)
    >>> scaled_size(100, 50, 512)
    (100, 50)
    """
    longest = max(width, height)
    if long_side is None or longest <= long_side:
        return width, height
    return max(1, round(width * long_side / longest)), max(1, round(height * long_side / longest))


def _draft(image: Image.Image, long_side: int) -> Image.Image:
    """Let the JPEG decoder make the smallest of its own scales that is still large enough."""
    width, height = image.size
    longest = max(width, height)
    scale = next(scale for scale in (8, 4, 2, 1) if scale == 1 or -(-longest // scale) >= long_side)
    drafted = image.draft(None, (max(1, width // scale), max(1, height // scale))) if scale > 1 else None
    image.load()
    size = scaled_size(width, height, long_side)
    # The decoder rounds sides up to whole pixels: without this box all would be shifted by part of a pixel.
    box = None if drafted is None else drafted[1]
    # Reducing before the colours are converted is three times less work for a profile.
    return _resized(image, size, box)


def _resized(
    image: Image.Image, size: tuple[int, int], box: tuple[float, float, float, float] | None = None
) -> Image.Image:
    if image.size == size and box in (None, (0, 0, *size)):
        return image
    return image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
