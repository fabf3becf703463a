"""Films: frames become pictures, and there may be a sound."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from av.video.stream import VideoStream

from tidymedia.errors import BrokenFileError, MediumError, OverLimitError
from tidymedia.media.container import (
    OpenFile,
    check_duration,
    declared_seconds,
    duration_seconds,
    ffmpeg_error,
    origin_seconds,
    prepare_decoder,
    video_stream,
)
from tidymedia.media.container_properties import describe
from tidymedia.media.film_frames import DecodedFilm, Shown, decode_all, decode_numbers, decode_picks
from tidymedia.media.film_timeline import Timeline, pick_frames, pick_times, read_timeline
from tidymedia.media.frame_image import FramePainter
from tidymedia.media.kinds import Kind
from tidymedia.media.location import Location
from tidymedia.media.medium import Medium, Tick
from tidymedia.media.picture import BrokenPicture, Picture
from tidymedia.media.properties import Properties
from tidymedia.media.sampling import parse_sampling
from tidymedia.media.settings import Limits, PictureSettings
from tidymedia.media.shot_settings import ShotSettings
from tidymedia.media.sound import SoundFormat
from tidymedia.media.sound_stream import StreamedSound

if TYPE_CHECKING:
    from tidymedia.media.film_shots import FoundShots, ShotFrame

__all__ = ["Film"]

_REPAIR = "Get the file again from its source; a player that repairs files (such as VLC) may rescue more of it."


class Film(Medium):
    """A film: MP4, QuickTime, Matroska, WebM, AVI, WMV, FLV, MPEG, Ogg and others that FFmpeg reads.

    Its pictures are the frames that ``[pictures] video`` picks: every n seconds the first frame that is shown
    at that time or after it (picture 0 is the first frame; a still that lasts longer than n seconds is one
    picture), every n frames, the key frames of the codec, or one a shot. Times count from the start of the
    medium, which is where the first of its streams starts. The packets are read once to know when every frame is shown;
    then only what the picked frames build on is decoded, and the frames are those that decoding everything
    gives. Where the time stamps cannot be trusted (AVI, broken files), everything is decoded.

    Pictures are upright and have square pixels. Interlaced films are not deinterlaced: fast motion shows
    combs. Damage that the decoder notices makes a broken picture; damage that it does not notice is seen in
    the frames that follow until the next key frame.

    Parameters
    ----------
    location : Location
        Where the file is.
    settings : PictureSettings
        Which frames become pictures.
    limits : Limits
        How long and large it may be.
    tick : callable
        Called while reading and decoding.

    Raises
    ------
    MediumError
        Where the file cannot be opened.
    """

    kind = Kind.VIDEO

    def __init__(self, location: Location, settings: PictureSettings, limits: Limits, tick: Tick) -> None:
        self._sampling = parse_sampling(settings.video)
        self._background = settings.background
        self._limits = limits
        self._tick = tick
        self._shots: dict[ShotSettings, FoundShots] = {}
        self._file = OpenFile(location)
        try:
            self._container = self._file.container()
        except BaseException:
            self._file.close()
            raise

    def properties(self, *, gps: bool = False) -> Properties:
        """Describe the film as its header does; see :meth:`Medium.properties`."""
        return describe(self._file, self._container, gps=gps)

    def sound(self, wanted: SoundFormat) -> StreamedSound | None:
        """Return the sound in the form asked for; None where the film has none."""
        return StreamedSound.of(self._file, wanted, self._limits, self._tick)

    def close(self) -> None:
        """Close the file."""
        self._container.close()
        self._file.close()

    def pictures(self, start: int = 0) -> Iterator[Picture | BrokenPicture]:
        """Give the pictures in order, one at a time; none where the file has only sound.

        Parameters
        ----------
        start : int, default 0
            First picture to give; the ones before it are not decoded unless it builds on them.

        Yields
        ------
        Picture or BrokenPicture
            The next picture. ``frame`` is its number in the order of showing, and None where damage or key
            frames alone leave it unknown.

        Raises
        ------
        OverLimitError
            Where the film is too long, or would give too many pictures.
        BrokenFileError
            At the end of what can be read, where the file goes on.
        """
        stream = self._stream()
        if stream is None:
            return
        if self._sampling.of_shots:
            self._check_count(len(self.shots().shots))
        painter = FramePainter(self._file.name, stream.sample_aspect_ratio, self._background)
        with self._file.container() as container:
            read = video_stream(container)
            timeline = read_timeline(container, read, self._tick) if read is not None else None
        if timeline is None:
            yield from self._all(painter, start)
        else:
            yield from self._picked(painter, stream, timeline, start)

    def shots(self, settings: ShotSettings | None = None) -> FoundShots:
        """Tell its shots apart; done once, however often it is asked for.

        All frames are decoded for it.

        Parameters
        ----------
        settings : ShotSettings or None, default None
            How shots are told apart; None for the defaults.

        Returns
        -------
        FoundShots
            The shots, none where the file has only sound; and what ended the reading before the end.

        Raises
        ------
        OverLimitError
            Where the film is too long or too large.
        """
        from tidymedia.media.film_shots import FoundShots, read_shots

        settings = settings or ShotSettings()
        if settings not in self._shots:
            stream = self._stream()
            if stream is None:
                self._shots[settings] = FoundShots(())
            else:
                film = self._open(roughly=True)
                try:
                    self._shots[settings] = read_shots(film, self._file.name, settings, self._limits)
                finally:
                    film.close()
        return self._shots[settings]

    def _stream(self) -> VideoStream | None:
        """Return the stream of pictures, after a look at whether it can be decoded within the limits."""
        stream = video_stream(self._container)
        if stream is not None:
            prepare_decoder(self._file.name, stream, "picture")
            check_duration(self._file.name, duration_seconds(self._container), self._limits)
            if (too_many := self._too_many_pixels(stream.width, stream.height)) is not None:
                raise too_many
        return stream

    def _shot_frames(self) -> list[ShotFrame]:
        return [shot.picture(self._sampling) for shot in self.shots().shots]

    def _open(self, *, roughly: bool = False) -> DecodedFilm:
        container = self._file.container()
        try:
            keys_only = self._sampling.every == "codec" and not roughly
            return DecodedFilm(self._file.name, container, self._tick, keys_only=keys_only, roughly=roughly)
        except MediumError:
            container.close()
            raise

    def _picked(
        self, painter: FramePainter, stream: VideoStream, timeline: Timeline, start: int
    ) -> Iterator[Picture | BrokenPicture]:
        time_base = stream.time_base or Fraction(1, 1000)
        origin = origin_seconds(self._container)
        end = timeline.end * time_base - origin
        check_duration(self._file.name, float(end), self._limits)
        if self._sampling.of_shots:
            picks = pick_times(timeline, [frame.seconds for frame in self._shot_frames()], time_base, origin)
        else:
            picks = pick_frames(timeline, self._sampling, time_base, origin)
        self._check_count(len(picks))
        given = start
        for shown in decode_picks(self._open, timeline, picks[start:], self._sampling):
            yield self._picture(painter, shown)
            given = shown.index + 1
        declared = declared_seconds(stream)
        if given < len(picks) and self._sampling.every != "codec":
            missing = f"its pictures {given} to {len(picks) - 1} cannot be decoded"
            raise BrokenFileError(f"{self._file.name} is damaged: {missing}.", _REPAIR)
        if declared is not None and float(end) < declared - max(1.0, declared / 50):
            ended = f"its pictures end after {float(end):.1f} of {declared:.1f} seconds"
            raise BrokenFileError(f"{self._file.name} is cut off: {ended}.", _REPAIR)
        if timeline.broken is not None:
            raise ffmpeg_error(self._file.name, timeline.broken) from timeline.broken

    def _all(self, painter: FramePainter, start: int) -> Iterator[Picture | BrokenPicture]:
        film = self._open()
        given = start
        try:
            for shown in self._every_frame(film, start):
                self._check_count(shown.index + 1)
                check_duration(self._file.name, float(shown.time or 0), self._limits)
                yield self._picture(painter, shown)
                given = shown.index + 1
            error = film.error
        finally:
            film.close()
        if error is not None and (given == 0 or film.stopped):
            raise ffmpeg_error(self._file.name, error) from error

    def _every_frame(self, film: DecodedFilm, start: int) -> Iterator[Shown]:
        if self._sampling.of_shots:
            return decode_numbers(film, [frame.number for frame in self._shot_frames()], start)
        return decode_all(film, self._sampling, start)

    def _picture(self, painter: FramePainter, shown: Shown) -> Picture | BrokenPicture:
        frame = shown.frame
        time_ms = None if shown.time is None else max(0, round(shown.time * 1000))
        at = "" if time_ms is None else f" at {time_ms / 1000:.1f} seconds"
        broken = BrokenFileError(f"{self._file.name} is damaged: its frame{at} cannot be decoded.", _REPAIR)
        if frame is None or frame.is_corrupt:
            return BrokenPicture(shown.index, broken, frame=shown.number, time_ms=time_ms)
        width, height = painter.size(frame)
        if (too_many := self._too_many_pixels(width, height)) is not None:
            return BrokenPicture(shown.index, too_many, frame=shown.number, time_ms=time_ms)
        decode = partial(painter.image, frame)
        return Picture(shown.index, width, height, decode, frame=shown.number, time_ms=time_ms)

    def _too_many_pixels(self, width: int, height: int) -> OverLimitError | None:
        if width * height <= self._limits.pixels:
            return None
        return OverLimitError(
            f"The frames of {self._file.name} have {width:,} x {height:,} pixels; the limit is"
            f" {self._limits.pixels:,} pixels.",
            f"Allow it with --set limits.pixels={width * height}.",
        )

    def _check_count(self, count: int) -> None:
        if count > self._limits.pictures:
            raise OverLimitError(
                f"{self._file.name} gives more than {self._limits.pictures:,} pictures.",
                "Pick fewer frames (such as --set pictures.video=30s) or allow more with "
                f"--set limits.pictures={count}.",
            )
