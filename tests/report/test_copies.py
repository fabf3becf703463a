"""What the report reads from the table of copies, against tables written by hand."""

import io
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image, ImageOps

import tidymedia as tm
from tidymedia.duplicates.finding import droppable
from tidymedia.duplicates.table import DUPLICATES
from tidymedia.report.copies import CLUSTERS_SHOWN, read_copies
from tidymedia.report.gather import gather
from tidymedia.report.small_pictures import small_pictures
from tidymedia.tables.database import open_database
from tidymedia.tables.derived import origin_of, write_derived
from tidymedia.tables.standard import MEDIA_COLUMNS

SCHEMA = pa.schema([column.arrow_field() for column in DUPLICATES.table.all_columns()])


def row(path, medium, picture, cluster, distance=0.0, turn="upright", stands=False):
    return {
        "path": path,
        "media_id": medium,
        "unit_id": medium if picture is None else f"{medium}:p{picture}",
        "picture": picture,
        "cluster": cluster,
        "cluster_files": 0,
        "is_representative": stands,
        "distance": distance,
        "kind": "near",
        "turn": turn,
        "extractor": "duplicates",
        "fingerprint": "f" * 12,
    }


def write_media(folder, files):
    schema = pa.schema([column.arrow_field() for column in MEDIA_COLUMNS])
    rows = [{"kind": "image", "bytes": 100, "status": "ok", **file} for file in files]
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / "media.parquet")


@pytest.fixture
def read(tmp_path):
    def write_and_read(rows, pictures, *, by="hash"):
        """Write a study that has some copies, every file 100 bytes large, and read what the report makes of it."""
        frame = pd.DataFrame(rows)
        frame["is_droppable"] = droppable(frame, pd.Series(pictures or {}, dtype="int64"))
        frame["cluster_files"] = frame.groupby("cluster")["path"].transform("nunique")
        write_media(tmp_path, frame[["path", "media_id"]].drop_duplicates().to_dict("records"))
        sources = ["media"]
        if pictures is not None:
            sources.append("pictures")
            (tmp_path / "tables").mkdir()
            numbers = [(medium, number) for medium, count in pictures.items() for number in range(count)]
            seen = pa.table(
                {
                    "media_id": [medium for medium, _ in numbers],
                    "picture": [number for _, number in numbers],
                    "time_ms": pa.array([number * 1000 for _, number in numbers], pa.int64()),
                }
            )
            pq.write_table(seen, tmp_path / "tables" / "pictures.parquet")
        table = pa.Table.from_pylist(frame.astype(object).where(frame.notna(), None).to_dict("records"), schema=SCHEMA)
        write_derived(tmp_path, DUPLICATES, table, {"by": by, "threshold": 8.0}, sources)
        with open_database(tmp_path) as connection:
            return read_copies(connection, origin_of(tmp_path, "duplicates"))

    return write_and_read


def test_a_file_can_be_dropped_only_where_all_of_its_pictures_are_copies(read):
    found = read(
        [
            row("photo.jpg", "a", 0, "a:p0", stands=True),
            row("small.jpg", "b", 0, "a:p0", 2.0),
            row("film.mp4", "c", 3, "a:p0", 5.0),  # its other pictures are nowhere else
            row("short.mp4", "d", 0, "a:p0", 5.0),
            row("short.mp4", "d", 1, "a:p0", 6.0),
            row("again/film.mp4", "c", 3, "a:p0", 5.0),
        ],
        {"a": 1, "b": 1, "c": 5, "d": 2},
    )
    assert (found.clusters, found.files) == (1, 5)
    # small.jpg, short.mp4, and one of the two places of the film
    assert (found.droppable, found.droppable_bytes) == (3, 300)


def test_a_cluster_begins_with_its_representative_and_then_the_nearest(read):
    found = read(
        [
            row("z.jpg", "a", 0, "a:p0", stands=True),
            row("z2.jpg", "a", 0, "a:p0"),
            row("far.jpg", "b", 0, "a:p0", 7.0, "mirrored"),
            row("film.mp4", "c", 2, "a:p0", 1.0),
        ],
        {"a": 1, "b": 1, "c": 3},
    )
    (cluster,) = found.largest
    assert (cluster.files, cluster.pictures) == (4, 3)
    first, near, far = cluster.members
    assert (first.paths, first.files, first.distance) == (("z.jpg", "z2.jpg"), 2, 0)
    assert (near.unit_id, near.time_ms, near.distance) == ("c:p2", 2000, 1.0)
    assert (far.paths, far.turn, far.kind) == (("far.jpg",), "mirrored", "image")


def test_the_largest_clusters_are_read_and_no_more_of_them_than_is_shown(read):
    rows = [
        row(
            f"{cluster:03d}-{place:03d}.jpg",
            f"{cluster:03d}x{place:03d}",
            0,
            f"{cluster:03d}",
            float(place),
            stands=not place,
        )
        for cluster in range(CLUSTERS_SHOWN + 10)
        for place in range(2 + cluster)
    ]
    found = read([*rows, *(row(f"again-{n}.jpg", "059x000", 0, "059") for n in range(9))], {})
    assert (found.clusters, len(found.largest)) == (CLUSTERS_SHOWN + 10, CLUSTERS_SHOWN)
    assert [cluster.pictures for cluster in found.largest] == list(range(61, 11, -1))
    assert max(len(cluster.members) for cluster in found.largest) == 12
    first = found.largest[0].members[0]
    assert (len(first.paths), first.files) == (4, 10)


def test_copies_by_bytes_need_no_pictures(read):
    found = read(
        [row("a.mp3", "a", None, "a", turn=None, stands=True), row("b.mp3", "a", None, "a", turn=None)],
        None,
        by="bytes",
    )
    assert (found.clusters, found.files, found.droppable, found.droppable_bytes) == (1, 2, 1, 100)
    ((only,),) = (cluster.members for cluster in found.largest)
    assert (only.paths, only.picture, only.unit_id, only.turn) == (("a.mp3", "b.mp3"), None, "a:p0", "")


def test_a_table_of_that_name_from_elsewhere_is_left_alone(tmp_path):
    write_media(tmp_path, [{"path": "a", "media_id": "x"}])
    (tmp_path / "derived").mkdir()
    pq.write_table(pa.table({"path": ["a"], "mine": [1]}), tmp_path / "derived" / "duplicates.parquet")
    with open_database(tmp_path) as connection:
        assert read_copies(connection, origin_of(tmp_path, "duplicates")) is None


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A photograph, a mirrored one, a copy, and a document that has the photograph on its second page."""
    folder = tmp_path_factory.mktemp("copies")
    media = folder / "media"
    media.mkdir()
    picture = Image.effect_mandelbrot((600, 400), (-2.0, -1.1, 0.9, 1.2), 60).convert("RGB")
    other = Image.radial_gradient("L").resize((600, 400)).convert("RGB")
    picture.save(media / "large.png")
    (media / "large again.png").write_bytes((media / "large.png").read_bytes())
    ImageOps.mirror(picture).resize((300, 200)).save(media / "mirrored.jpg", quality=90)
    other.save(media / "pages.tif", save_all=True, append_images=[picture.resize((450, 300)), other.rotate(90)])
    study = tm.Study(folder / "study", media=media).analyze(["hashes"])
    study.duplicates(turned=True)
    return study


def test_pictures_of_clusters_are_made_and_the_section_is_written(study):
    page = study.report().read_text(encoding="utf-8")
    section = page.partition('<section id="duplicates"')[2].partition("</section>")[0]
    assert "1 cluster of copies, with 4 files. 2 files (" in section
    assert "mirrored" in section and "picture 1" in section
    assert section.count("<img ") == 3
    assert "out of date" not in section
    assert section.index("large again.png") < section.index("the same bytes") < section.index("large.png</bdi>")
    content = gather(study.folder, study._file, study.extractors, 1000)
    tiff = next(unit for unit in content.copies.shown if unit.endswith(":p1"))
    with Image.open(io.BytesIO(content.thumbnails[tiff])) as image:
        assert image.size == (200, 133)
    assert content.row_count("duplicates") == 4
    assert [note.fingerprint for note in content.derivations] == list(study.table("duplicates")["fingerprint"].unique())


def test_no_more_thumbnails_than_the_user_allows(study):
    media = study.table("media")
    content = gather(study.folder, study._file, study.extractors, 4)
    assert len(content.copies.shown) == 1
    assert len(content.thumbnails) <= 4
    wanted = gather(study.folder, study._file, study.extractors, 1000).copies.shown
    assert len(small_pictures(study._file, media, 3, wanted)) == 3
    assert small_pictures(study._file, media, 0, ()) == {}
    page = study.report(study.folder.parent / "plain.html", thumbnails=0).read_text(encoding="utf-8")
    section = page.partition('<section id="duplicates"')[2].partition("</section>")[0]
    assert "<img " not in section
    assert section.count("#icon-image") == 3


def test_the_report_says_when_the_table_is_out_of_date(study, tmp_path):
    later = tm.Study(study.folder)
    media = Path(study.folder).parent / "media"
    Image.linear_gradient("L").save(media / "new.png")
    page = later.analyze(["hashes"]).report(tmp_path / "late.html").read_text(encoding="utf-8")
    section = page.partition('<section id="duplicates"')[2].partition("</section>")[0]
    assert "This is out of date" in section
    assert "tidymedia duplicates study --by hash --threshold 36 --turned" in section
    assert "The study has changed since then." in page
