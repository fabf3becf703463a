"""What the suffix of a file claims; only its content says whether that is true."""

from __future__ import annotations

from tidymedia.media.kinds import Kind

__all__ = ["ARCHIVES", "PACKED_DOCUMENTS", "claimed_kind", "names_archive", "suffix_of"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CLAIMS: dict[Kind, str] = {
    Kind.IMAGE: (
        "jpg jpeg jpe jfif png apng gif webp heic heif avif bmp tif tiff psd jp2 j2k jxl ico tga dng cr2 nef arw"
    ),
    Kind.DOCUMENT: "pdf",
    Kind.VECTOR: "svg svgz eps wmf emf",
    Kind.VIDEO: "mp4 m4v mov avi mkv webm wmv flv mpg mpeg 3gp ogv m2ts vob",
    Kind.AUDIO: "mp3 wav flac ogg oga opus m4a wma aac aiff aif amr",
}
_KIND_BY_SUFFIX = {suffix: kind for kind, suffixes in _CLAIMS.items() for suffix in suffixes.split()}

ARCHIVES = _words("zip cbz tar tgz tbz tbz2 txz cbt tar.gz tar.bz2 tar.xz")
"""Suffixes of the archives that are opened."""

_OTHER_ARCHIVES = _words("rar cbr 7z cb7 tar.zst tzst tar.lz tar.lzma")

PACKED_DOCUMENTS = _words(
    "docx docm dotx xlsx xlsm xltx pptx pptm potx ppsx odt ods odp odg odf ott epub jar war apk aab ipa whl "
    "egg xpi crx kmz pages numbers key sketch fig ora kra vsdx nupkg 3mf usdz npz"
)
"""Suffixes of documents and programs that are zip files inside and one thing to their owner."""

_PLAIN = _words(
    "csv tsv txt md json jsonl xml html htm css js py r rmd qmd ipynb toml yaml yml parquet feather rds sav "
    "dta log doc xls ppt rtf sqlite db duckdb ini cfg tex bib srt vtt gz bz2 xz exe dll so dylib"
)
"""Suffixes of files in which no archive is looked for."""


def suffix_of(name: str) -> str:
    """Return the suffix of a name, lower case and without its dot; ``tar.gz`` and its like as a whole.

    Parameters
    ----------
    name : str
        A path or an address; what follows a question mark in an address does not count.

    Returns
    -------
    str
        The suffix; empty for none.

    Examples
    --------
    >>> suffix_of("posts/Photo.JPG"), suffix_of("a.tar.gz"), suffix_of("https://e.org/1.png?x=2.0"), suffix_of("README")
    ('jpg', 'tar.gz', 'png', '')
    """
    if "://" in name:
        name = name.partition("://")[2].partition("#")[0].partition("?")[0]
    stem, dot, suffix = name[name.rfind("/") + 1 :].lower().rpartition(".")
    if not dot or not stem:
        return ""
    return f"tar.{suffix}" if stem.endswith(".tar") else suffix


def claimed_kind(name: str) -> Kind:
    """Return the kind that a name claims.

    Parameters
    ----------
    name : str
        A path or an address.

    Returns
    -------
    Kind
        The kind; ``Kind.OTHER`` where the name claims nothing of ours.

    Examples
    --------
    >>> claimed_kind("talk.MP3"), claimed_kind("README.md")
    (<Kind.AUDIO: 'audio'>, <Kind.OTHER: 'other'>)
    """
    return _KIND_BY_SUFFIX.get(suffix_of(name), Kind.OTHER)


def names_archive(name: str) -> bool | None:
    """Say whether a name is that of an archive.

    Parameters
    ----------
    name : str
        A path.

    Returns
    -------
    bool or None
        True for an archive of any kind, False for a medium, a document or plain data, None where only a
        look inside can tell.

    Examples
    --------
    >>> names_archive("a.zip"), names_archive("a.jpg"), names_archive("backup")
    (True, False, None)
    """
    suffix = suffix_of(name)
    if suffix in ARCHIVES or suffix in _OTHER_ARCHIVES:
        return True
    if suffix in _KIND_BY_SUFFIX or suffix in _PLAIN or suffix in PACKED_DOCUMENTS:
        return False
    return None
