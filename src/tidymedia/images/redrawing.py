"""Every frame of a film, with marks drawn onto it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from av.error import FFmpegError
from av.video.frame import VideoFrame
from PIL import Image

from tidymedia.errors import BrokenFileError, OverLimitError, UsageError
from tidymedia.images.fill_color import Color
from tidymedia.images.film_rows import PictureClock
from tidymedia.images.film_writer import FilmWriter
from tidymedia.images.mark_colors import colors_of
from tidymedia.images.marks import Mark
from tidymedia.images.painting import paint_marks, style_for
from tidymedia.media.container import OpenFile, check_duration, duration_seconds, ffmpeg_error
from tidymedia.media.film_frames import DecodedFilm
from tidymedia.media.film_timeline import WITHOUT_TIMES
from tidymedia.media.frame_image import FramePainter
from tidymedia.media.location import Location
from tidymedia.media.medium import no_tick
from tidymedia.media.picture import FULL
from tidymedia.media.sampling import Sampling, parse_sampling
from tidymedia.media.settings import Limits, PictureSettings
from tidymedia.media.shot_settings import ShotSettings

__all__ = ["redraw"]

_USUAL_RATE = Fraction(25)
_FASTEST = 1_000


def redraw(
    location: Location,
    marks: Mapping[int, Sequence[Mark]],
    target: Path,
    *,
    suffix: str,
    colors: Color | Mapping[str, Color] | None,
    width: int | None,
    sound: bool,
    settings: PictureSettings,
    limits: Limits,
) -> None:
    """Read a film frame by frame, draw the marks of its pictures, and write it anew.

    Parameters
    ----------
    location : Location
        The film.
    marks : mapping of int to sequence of Mark
        Marks by number of the picture; each stays until the next picture.
    target : pathlib.Path
        The new file.
    suffix : str
        Which container it is.
    colors : Color, mapping of str to Color or None
        Colours of labels.
    width : int or None
        Width of lines.
    sound : bool
        Whether the sound is copied.
    settings : PictureSettings
        Which frames are pictures.
    limits : Limits
        How long and large the film may be.

    Raises
    ------
    UsageError
        Where there are marks of pictures that the film does not have with these settings.
    MediumError
        Where the film cannot be read, or is over a limit.
    """
    inks = colors_of((mark.label for part in marks.values() for mark in part), colors)
    source = OpenFile(location)
    writer: FilmWriter | None = None
    try:
        clock = _clock(source, parse_sampling(settings.video), limits)
        film = DecodedFilm(source.name, source.container(), no_tick, keys_only=False)
        try:
            check_duration(source.name, duration_seconds(film.container), limits)
            painter = FramePainter(source.name, film.stream.sample_aspect_ratio, settings.background)
            times = _Times(film)
            while (frames := film.frames()) is not None:
                for frame in frames:
                    seconds = times.seconds(frame)
                    check_duration(source.name, float(seconds), limits)
                    _check_pixels(source.name, painter.size(frame), limits)
                    picture = clock.picture(seconds, bool(frame.key_frame))
                    image = painter.image(frame, FULL)
                    if writer is None:
                        writer = FilmWriter(
                            target, suffix, image.size, times.rate, film.time_base, source if sound else None
                        )
                    if image.size != writer.size:  # some films change their size on the way
                        image = image.resize(writer.size, Image.Resampling.BICUBIC)
                    shown = marks.get(picture, ())
                    if shown:
                        paint_marks(image, shown, inks, style_for(image.size, shown, width))
                    writer.write(image, seconds)
            if writer is None:
                if film.error is not None:
                    raise ffmpeg_error(source.name, film.error) from film.error
                raise BrokenFileError(f"{source.name} has no frames.", "Get the file again from its source.")
            writer.finish()
        except FFmpegError as error:
            raise UsageError(
                f"The film cannot be written: {error}.", "Check that there is room on the disk."
            ) from error
        finally:
            film.close()
    finally:
        if writer is not None:
            writer.close()
        source.close()
    beyond = [picture for picture in marks if picture >= clock.pictures]
    if beyond:
        raise UsageError(
            f"{source.name} has {clock.pictures:,} pictures at {settings.video}, and the table has rows of picture "
            f"{max(beyond):,}.",
            'Give the settings of the study, such as settings=tm.PictureSettings(video="1s").',
        )


def _clock(source: OpenFile, sampling: Sampling, limits: Limits) -> PictureClock:
    """Return what counts the pictures; where there is one a shot, the shots are found first."""
    if not sampling.of_shots:
        return PictureClock(sampling)
    from tidymedia.media.film_shots import read_shots

    film = DecodedFilm(source.name, source.container(), no_tick, keys_only=False, roughly=True)
    try:
        shots = read_shots(film, source.name, ShotSettings(), limits).shots
    finally:
        film.close()
    return PictureClock(sampling, [(shot.picture(sampling).number, shot.first_frame + shot.frames) for shot in shots])


class _Times:
    """When frames are shown: as they say, or counted from the frame rate where the container has no times."""

    def __init__(self, film: DecodedFilm) -> None:
        self._film = film
        rate = film.stream.average_rate or film.stream.guessed_rate or _USUAL_RATE
        self.rate = Fraction(rate) if 0 < rate <= _FASTEST else _USUAL_RATE
        self._counted = film.container.format.name in WITHOUT_TIMES
        self._last: Fraction | None = None

    def seconds(self, frame: VideoFrame) -> Fraction:
        """Return when a frame is shown, in seconds from the start of the film."""
        next_one = Fraction(0) if self._last is None else self._last + 1 / self.rate
        stamped = not self._counted and frame.pts is not None
        time = max(Fraction(0), self._film.seconds(frame.pts or 0)) if stamped else next_one
        self._last = time if self._last is None else max(time, self._last)
        return self._last


def _check_pixels(name: str, size: tuple[int, int], limits: Limits) -> None:
    if size[0] * size[1] > limits.pixels:
        raise OverLimitError(
            f"The frames of {name} have {size[0]:,} x {size[1]:,} pixels; the limit is {limits.pixels:,} pixels.",
            f"Allow it with limits=tm.Limits(pixels={size[0] * size[1]}).",
        )
