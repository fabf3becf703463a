"""What can be found in a study once it is measured: copies, pictures by words, a map, how taggers differ."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.run.study_file import StudyFile
from tidymedia.run.up_to_date import bring_up_to_date
from tidymedia.study_tables import StudyTables

if TYPE_CHECKING:
    import pandas as pd

    from tidymedia.comparison.taggers import TaggerComparison
    from tidymedia.duplicates.table import Measure
    from tidymedia.images.opening import ImageSource
    from tidymedia.search.ways import Way

__all__ = ["StudyFindings"]


class StudyFindings(StudyTables):
    """The part of :class:`tidymedia.Study` that looks for something in what was measured."""

    def duplicates(
        self,
        by: Measure = "hash",
        threshold: float | None = None,
        *,
        turned: bool = False,
        within_files: bool = False,
    ) -> pd.DataFrame:
        """Find copies and near copies among the pictures of the study.

        Pictures are clustered around representatives: every member lies within the threshold of the picture that
        stands for its cluster, so that no row of small steps links pictures that have nothing in common. Of
        pictures that are alike, the one with most pixels stands for the others. The same study gives the same
        clusters. Files of zero bytes are left out, and by hash plain pictures (``is_flat``) too.

        Parameters
        ----------
        by : {"bytes", "hash", "embedding", "pixels"}, default "hash"
            What is compared. ``bytes``: files that are the same to the last bit. ``hash``: the perceptual and the
            two difference hashes together, from the extractor ``hashes``; finds other sizes, formats and tones,
            borders, screenshots and slight crops. ``embedding``: what a network sees, from the extractor
            ``embeddings``; finds larger crops too, and errs more on pictures of the same thing. ``pixels``:
            pictures shrunk to 15 x 15 pixels, from the extractor ``miniatures``, as in example 14.8 of the textbook
            chapter, less their mean.
        threshold : float or None, default None
            The largest distance of a copy to the picture that stands for its cluster. For hashes, the number of
            bits of 192 that may differ, 36 by default; for embeddings and pixels, 1 minus the cosine.
        turned : bool, default False
            Whether rotated and mirrored copies are found as well; by hash only.
        within_files : bool, default False
            Whether to keep clusters whose pictures all come from one file, such as the frames of a film.

        Returns
        -------
        pandas.DataFrame
            The table ``duplicates``, which is kept in the study: a row for each path and picture that has a copy.
            Files with ``is_droppable`` can be dropped, once you have looked at what only looks alike.

        Raises
        ------
        UsageError
            Where the study has not been measured in this way yet, or an argument makes no sense.

        Examples
        --------
        >>> import tempfile
        >>> from tidymedia import Study
        >>> from PIL import Image
        >>> folder = tempfile.TemporaryDirectory()
        >>> image = Image.effect_mandelbrot((300, 200), (-2.5, -1.2, 1.0, 1.2), 50)
        >>> image.save(f"{folder.name}/large.png")
        >>> image.resize((150, 100)).save(f"{folder.name}/small.jpg")
        >>> study = Study(f"{folder.name}/study", media=folder.name).analyze(["hashes"])
        >>> study.duplicates()[["path", "is_representative", "kind"]].values.tolist()
        [['large.png', True, 'exact'], ['small.jpg', False, 'near']]
        >>> folder.cleanup()
        """
        from tidymedia.duplicates.finding import find_duplicates

        self.compact()
        find_duplicates(self.folder, by, threshold, turned=turned, within_files=within_files)
        self.write_codebook()
        return self.table("duplicates")

    def nearest(
        self, image: ImageSource, n: int = 10, *, by: Measure = "hash", turned: bool = False, picture: int = 0
    ) -> pd.DataFrame:
        """Find the pictures of the study that look most like one picture.

        Parameters
        ----------
        image : path, URL, bytes, file object, PIL image or array
            The picture; it need not be in the study. If it is, it comes first, with a distance of 0.
        n : int, default 10
            How many pictures at most.
        by : {"hash", "embedding", "pixels"}, default "hash"
            What is compared, as in :meth:`duplicates`.
        turned : bool, default False
            Whether rotated and mirrored pictures count as near; by hash only.
        picture : int, default 0
            Which picture of the file, where it has several.

        Returns
        -------
        pandas.DataFrame
            Columns ``path``, ``media_id``, ``unit_id``, ``picture``, ``distance`` and, by hash, ``turn``; the
            nearest first. There always is a nearest one: look at the distance before you call it a copy.

        Raises
        ------
        UsageError
            Where the study has not been measured in this way yet.
        """
        from tidymedia.duplicates.nearest import nearest

        self.compact()
        return nearest(
            self.folder,
            image,
            n,
            by,
            turned=turned,
            picture=picture,
            extractors=self.extractors,
            settings=self._file.pictures,
            limits=self._file.limits,
        )

    def search(
        self,
        words: str | None = None,
        n: int = 20,
        *,
        image: ImageSource | None = None,
        by: Way | None = None,
        picture: int = 0,
    ) -> pd.DataFrame:
        """Find pictures by what they show: by words, or by a picture that shows the like.

        Words are compared with what a network for pictures and text (CLIP, SigLIP) sees, where such a network made
        the ``embeddings`` of the study. Otherwise they are compared with its ``tags``: with the labels themselves,
        and for labels of ImageNet with their synonyms and wider terms in WordNet 3.0, so that "dog" finds golden
        retrievers. The answer says in which way it was found. Labels are English, and what no label names is not
        found by them.

        Parameters
        ----------
        words : str or None, default None
            What the pictures should show, such as ``"people in a boat"``.
        n : int, default 20
            How many pictures at most.
        image : path, URL, bytes, file object, PIL image, array or None, default None
            A picture instead of words; it need not be in the study. It is compared by ``embeddings``.
        by : {"embedding", "tags"} or None, default None
            How to find pictures by words; None for embeddings where their network reads text, and tags otherwise.
        picture : int, default 0
            Which picture of the file ``image``, where it has several.

        Returns
        -------
        pandas.DataFrame
            Columns ``path``, ``media_id``, ``unit_id``, ``picture``, ``score``, ``matched`` and ``how``, the best
            first. ``how`` is ``embedding`` or ``tags``. ``score`` is a cosine for embeddings, with words often
            between 0.15 and 0.35 for CLIP; for tags it is the mean over the words of the summed scores of the labels
            that name them, and ``matched`` lists these labels. ``attrs["notice"]`` says what to know about the
            answer.

        Raises
        ------
        UsageError
            Where the study has neither tags nor embeddings, or an argument makes no sense; the remedy has the
            command that makes what is missing.

        Examples
        --------
        >>> import tempfile
        >>> from tidymedia import Study
        >>> from PIL import Image
        >>> folder = tempfile.TemporaryDirectory()
        >>> for name, image in (("a", Image.linear_gradient("L")), ("b", Image.radial_gradient("L"))):
        ...     image.convert("RGB").save(f"{folder.name}/{name}.png")
        >>> study = Study(f"{folder.name}/study", media=folder.name).analyze(["embeddings"])
        >>> study.search(image=f"{folder.name}/b.png", n=1)[["path", "how"]].values.tolist()
        [['b.png', 'embedding']]
        >>> folder.cleanup()
        """
        from tidymedia.search.finding import search

        self.compact()
        return search(
            self.folder,
            words,
            n,
            image=image,
            by=by,
            picture=picture,
            extractors=self.extractors,
            settings=self._file.pictures,
            limits=self._file.limits,
        )

    def map(self, *, perplexity: float | None = None, seed: int = 0, most: int = 20_000) -> pd.DataFrame:
        """Lay the pictures of the study on a plane so that those of alike content lie side by side.

        The ``embeddings`` are reduced to 50 principal components and placed by t-SNE (van der Maaten & Hinton, 2008);
        fewer than 5 pictures are placed by their principal components alone. The report shows the map with small
        pictures. It says which pictures are alike; how far apart two groups lie, and how large or dense a group is,
        mean nothing (Wattenberg et al., 2016).

        Parameters
        ----------
        perplexity : float or None, default None
            How many neighbours of a picture count, more or less; None for 30, or a third of the others where there
            are fewer than 91 pictures.
        seed : int, default 0
            Another seed gives another map. The same one gives the same map on one machine.
        most : int, default 20_000
            Of how many pictures at most; of more, a random sample is placed and the others have no row.

        Returns
        -------
        pandas.DataFrame
            The table ``map``, which is kept in the study: a row for each path and picture, with ``x`` from left to
            right and ``y`` from top to bottom, 0 to 1.

        Raises
        ------
        UsageError
            Where the study has no embeddings, or an argument makes no sense.

        Examples
        --------
        >>> import tempfile
        >>> from tidymedia import Study
        >>> from PIL import Image
        >>> folder = tempfile.TemporaryDirectory()
        >>> for name, image in (("a", Image.linear_gradient("L")), ("b", Image.radial_gradient("L"))):
        ...     image.convert("RGB").save(f"{folder.name}/{name}.png")
        >>> study = Study(f"{folder.name}/study", media=folder.name).analyze(["embeddings"])
        >>> sorted(study.map()["x"])
        [0.0, 1.0]
        >>> folder.cleanup()
        """
        from tidymedia.picture_map.making import make_map

        self.compact()
        make_map(self.folder, perplexity=perplexity, seed=seed, most=most)
        self.write_codebook()
        return self.table("map")

    def compare_tags(
        self,
        others: Sequence[StudyFindings | str | Path] | StudyFindings | str | Path = (),
        *,
        top: int = 5,
        persistence: float = 0.8,
    ) -> TaggerComparison:
        """Compare taggers: how far networks agree on what the same pictures show.

        A study holds the labels of one network an extractor; to compare networks, tag the same files in one study
        each. Labels are harmonised first: case, underscores and the plural make no difference, synonyms in one label
        (``"sandbar, sand bar"``) and in WordNet 3.0 count as one. Labels of different levels, such as "dog" and
        "golden retriever", stay two, so networks with other lists of classes agree less than they might.

        Parameters
        ----------
        others : Study, str, pathlib.Path, or sequence of these, default ()
            Other studies of the same media; the taggers of this one are always part.
        top : int, default 5
            How many labels of a picture count, the best first.
        persistence : float, default 0.8
            How much the next rank counts in the rank-biased overlap (Webber, Moffat & Zobel, 2010), of what the rank
            before it counts; see :func:`tidymedia.comparison.agreement.rank_biased_overlap`.

        Returns
        -------
        TaggerComparison
            ``taggers`` (a row each, with seconds a picture), ``pairs`` (a row a pair of taggers: overlap and rank
            agreement), ``pictures`` (a row a picture and pair), and ``differences(n)``, the pictures on which they
            differ most.

        Raises
        ------
        UsageError
            Where a study has no tags, there are not two taggers, or they have no picture in common.

        Examples
        --------
        >>> import tempfile
        >>> from tidymedia import Study
        >>> from PIL import Image
        >>> folder = tempfile.TemporaryDirectory()
        >>> Image.effect_mandelbrot((300, 200), (-2.5, -1.2, 1.0, 1.2), 50).save(f"{folder.name}/picture.png")
        >>> media = f"{folder.name}/picture.png"
        >>> one = Study(f"{folder.name}/one", media=media).analyze(["tags"])
        >>> other = Study(f"{folder.name}/other", media=media).analyze(["tags"], parameters={"tags.top": 1})
        >>> one.compare_tags(other, top=1).pairs[["pictures", "same_first", "jaccard"]].values.tolist()
        [[1.0, 1.0, 1.0]]
        >>> folder.cleanup()
        """
        from tidymedia.comparison.taggers import compare_taggers

        given = [others] if isinstance(others, (StudyFindings, str, Path)) else list(others)
        self.compact()
        for one in given:
            if isinstance(one, StudyFindings):
                one.compact()
            else:
                bring_up_to_date(Path(one), StudyFile.read(Path(one)))
        folders = [Path(one.folder if isinstance(one, StudyFindings) else one) for one in given]
        return compare_taggers([self.folder, *folders], top=top, persistence=persistence)

    def identities(self, threshold: float = 0.3, gallery: str | Path | None = None) -> pd.DataFrame:
        """Bring the faces of the study together by person, and name them from a gallery of named pictures.

        This recognises people from biometric data, which Art. 9 of the GDPR and laws elsewhere forbid without consent
        or another exception: ask your ethics board and your data protection officer first. The study needs the
        extractor ``face_embeddings``, which never runs unless it is asked for by name.

        Every face lies within the threshold of the face that stands for its person, the one with the tallest box.
        Likeness is no proof: look at every identity before you count.

        Parameters
        ----------
        threshold : float, default 0.3
            The largest distance (1 minus the cosine) to the face that stands for the person, and to the face that
            gives a name. Higher joins more faces, of one person and of several.
        gallery : str, pathlib.Path or None, default None
            A folder of pictures that show one face each, named after the person (``Marie Curie.jpg``), or of folders
            that are, with pictures in them.

        Returns
        -------
        pandas.DataFrame
            The table ``identities``, which is kept in the study: a row for each path and face, the identities with
            most faces first.

        Raises
        ------
        UsageError
            Where the study has no vectors of faces, the threshold makes no sense, or the gallery cannot be used.
        """
        from tidymedia.identities.finding import find_identities

        self.compact()
        find_identities(self.folder, threshold, Path(gallery) if gallery is not None else None)
        self.write_codebook()
        return self.table("identities")

    def standardize_voice(
        self,
        by: str = "speaker",
        *,
        speakers: pd.DataFrame | str | Path | None = None,
        min_segments: int = 10,
        min_overlap: float = 0.5,
    ) -> pd.DataFrame:
        """Compare voices with themselves: standardize the measures of ``voice`` within speakers.

        Voices differ between people far more than within one. So each measure of a segment is taken less its mean
        over the segments of the speaker, by their standard deviation (n - 1), as Dietrich, Hayes and O'Brien (2019)
        do with pitch. A score of 1 in ``pitch_mean_z`` is one standard deviation above what the speaker usually
        sounds like. It is no emotion.

        Parameters
        ----------
        by : str, default "speaker"
            What tells speakers apart. ``"path"`` or ``"media_id"``: each file has one. The name of a column of the
            table of posts that the study began with. ``"speaker"``: that column where there is one, else the turns of
            the table ``speakers``, whose numbers count within a file.
        speakers : pandas.DataFrame, str, pathlib.Path or None, default None
            Who speaks, by hand: a table or CSV file with ``path`` (or ``media_id``), the column that ``by`` names, and
            ``start_ms`` and ``end_ms`` for turns; without times a file has one speaker. It goes before all else.
        min_segments : int, default 10
            Speakers with fewer segments get no scores.
        min_overlap : float, default 0.5
            Least share of a segment that the turns of its speaker cover, where there are turns.

        Returns
        -------
        pandas.DataFrame
            The table ``voice_standardized``, which is kept in the study: a row for each path and segment, with
            ``speaker``, ``speaker_segments``, ``<measure>_z``, and the ``reason`` where there is no score.

        Raises
        ------
        UsageError
            Where no voices were measured, nobody says who speaks, or an argument makes no sense.

        Notes
        -----
        Source: Dietrich, B. J., Hayes, M., & O'Brien, D. Z. (2019). Pitch perfect. American Political Science Review,
        113(4), 941-962. https://doi.org/10.1017/S0003055419000467
        """
        from tidymedia.voice_scores.standardizing import standardize_voices

        self.compact()
        standardize_voices(self.folder, by, speakers=speakers, min_segments=min_segments, min_overlap=min_overlap)
        self.write_codebook()
        return self.table("voice_standardized")
