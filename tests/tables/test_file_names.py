"""Names of files from paths: safe, distinct, and the same whoever else gets one."""

import itertools

from tidymedia.tables.file_names import file_names

PATHS = ("a/talk.wav", "a/talk.WAV", "a/talk.mp3", "b/talk.wav", "b/Talk.wav", "c/con.mp3", "../up.mp3", "up.mp3")


def test_a_name_does_not_depend_on_which_media_get_one():
    every = file_names(PATHS, ".srt")
    assert len({str(name).casefold() for name in every.values()}) == len(PATHS)
    for size in (1, 2):
        for some in itertools.combinations(PATHS, size):
            others = [path for path in reversed(PATHS) if path not in some]
            assert file_names(some, ".srt", others) == {path: every[path] for path in some}
