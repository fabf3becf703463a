import pytest

from tidymedia.errors import SettingError
from tidymedia.media.found import Found
from tidymedia.media.locations import LocalFile
from tidymedia.media.selection import Selection

PATHS = ("1.jpg", "a/1.JPG", "a/1.jpg", "a/b/2.png", "a/b/[x].jpg", "a.zip!/c/3.jpg", "ab/4.jpg")


def chosen(selection, paths=PATHS):
    return [one.path for one in selection.apply([Found(path, LocalFile("/", path)) for path in paths])]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.jpg", ["1.jpg", "a/1.jpg", "a/b/[x].jpg", "a.zip!/c/3.jpg", "ab/4.jpg"]),
        ("1.jpg", ["1.jpg", "a/1.jpg"]),
        ("./1.jpg", ["1.jpg", "a/1.jpg"]),
        ("/1.jpg", ["1.jpg"]),
        ("a/*", ["a/1.JPG", "a/1.jpg"]),
        ("a/*.jpg", ["a/1.jpg"]),
        ("a/**", ["a/1.JPG", "a/1.jpg", "a/b/2.png", "a/b/[x].jpg"]),
        ("a/", ["a/1.JPG", "a/1.jpg", "a/b/2.png", "a/b/[x].jpg"]),
        ("a/**/*.jpg", ["a/1.jpg", "a/b/[x].jpg"]),
        ("**/b/*.png", ["a/b/2.png"]),
        ("a.zip!/**", ["a.zip!/c/3.jpg"]),
        ("a?/*", ["ab/4.jpg"]),
        ("[0-24].jpg", ["1.jpg", "a/1.jpg", "ab/4.jpg"]),
        ("[!1-3].jpg", ["ab/4.jpg"]),
        ("a/b/[[]x].jpg", ["a/b/[x].jpg"]),
        ("(.jpg", []),
        ("a+.jpg", []),
    ],
)
def test_patterns(pattern, expected):
    assert chosen(Selection(include=(pattern,))) == expected


def test_exclude_beats_include():
    assert chosen(Selection(include=("*.jpg", "*.png"), exclude=("a/**", "4.*"))) == ["1.jpg", "a.zip!/c/3.jpg"]


MANY = tuple(f"{number:04}.jpg" for number in range(1000))


def test_a_sample_is_reproducible_and_in_order():
    first = chosen(Selection(sample=100, seed=7), MANY)
    assert first == chosen(Selection(sample=100, seed=7), MANY)
    assert first == sorted(first)
    assert len(set(first)) == 100
    assert set(first) == set(chosen(Selection(sample=100, seed=7), MANY[::-1]))
    assert first != chosen(Selection(sample=100, seed=8), MANY)


def test_a_sample_has_no_favourites():
    counts = dict.fromkeys(MANY[:50], 0)
    for seed in range(400):
        for path in chosen(Selection(sample=10, seed=seed), MANY[:50]):
            counts[path] += 1
    # 400 draws with p = 0.2: mean 80, standard deviation 8
    assert min(counts.values()) > 45
    assert max(counts.values()) < 115


def test_a_sample_survives_new_files():
    before = set(chosen(Selection(sample=100), MANY[:900]))
    after = set(chosen(Selection(sample=100), MANY))
    assert len(before & after) > 75


def test_limit_comes_last():
    assert chosen(Selection(include=("*.jpg",), limit=2)) == ["1.jpg", "a/1.jpg"]
    assert chosen(Selection(sample=50, limit=3), MANY) == chosen(Selection(sample=50), MANY)[:3]
    assert chosen(Selection(limit=0)) == []
    assert len(chosen(Selection(sample=99))) == len(PATHS)


def test_negative_numbers():
    with pytest.raises(SettingError, match="sample"):
        Selection(sample=-1)
