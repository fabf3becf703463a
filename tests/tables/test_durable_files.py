"""Files that are there whole or not at all, and locks between processes."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from tidymedia.tables.durable_files import hold_lock, keep_file, make_folder, try_lock


def test_a_file_is_written_whole_with_the_folders_above_it(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.json"
    keep_file(path, b"first")
    keep_file(path, b"second")
    assert path.read_bytes() == b"second"
    assert [one.name for one in path.parent.iterdir()] == ["c.json"]
    make_folder(path.parent)


def test_a_lock_is_tried_or_waited_for(tmp_path: Path) -> None:
    first = try_lock(tmp_path / "lock")
    assert first is not None
    assert try_lock(tmp_path / "lock") is None
    order: list[str] = []

    def wait() -> None:
        with hold_lock(tmp_path / "lock"):
            order.append("second")

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.1)
    order.append("first")
    first.close()
    thread.join()
    assert order == ["first", "second"]
