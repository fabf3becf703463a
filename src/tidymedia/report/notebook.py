"""How a study shows itself in a notebook: counts and a strip of thumbnails."""

from __future__ import annotations

import base64
import html
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tidymedia.report.small_pictures import first_pictures
from tidymedia.run.study_file import StudyFile

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["notebook_view"]

_THUMBNAILS = 12


def notebook_view(folder: Path, study: StudyFile) -> str:
    """Show a study as HTML.

    Parameters
    ----------
    folder : pathlib.Path
        The study.
    study : StudyFile
        Its settings.

    Returns
    -------
    str
        HTML that stands alone; file names in it are escaped.
    """
    import pyarrow.parquet as pq

    title = f"<strong>Study {html.escape(str(folder))}</strong>"
    if not (folder / "media.parquet").is_file():
        return f"<div>{title}: nothing is analysed yet. Call <code>.analyze()</code>.</div>"
    media: pd.DataFrame = pq.read_table(folder / "media.parquet").to_pandas()
    kinds = Counter(media["kind"].fillna("unreadable"))
    counts = ", ".join(f"{number:,} {html.escape(kind)}" for kind, number in kinds.most_common())
    files = sorted((folder / "tables").glob("*.parquet"))
    rows = ", ".join(f"{html.escape(path.stem)} ({pq.read_metadata(path).num_rows:,})" for path in files)
    names = {f"{media_id}:p0": path for path, media_id in zip(media["path"], media["media_id"], strict=True)}
    strip = "".join(
        f'<img src="data:image/jpeg;base64,{base64.b64encode(data).decode("ascii")}" '
        f'title="{html.escape(names[unit], quote=True)}" alt="{html.escape(names[unit], quote=True)}" '
        'style="height:96px;margin:2px;border-radius:4px">'
        for unit, data in first_pictures(study, media, _THUMBNAILS).items()
    )
    return f"<div>{title}: {len(media):,} files ({counts})<br>Tables (rows): {rows}<br>{strip}</div>"
