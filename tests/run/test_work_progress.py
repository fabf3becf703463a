"""How far the work on a file has come."""

from tidymedia.run.work_progress import WorkProgress


def test_what_is_settled_is_kept_by_stage() -> None:
    progress = WorkProgress()
    progress.settle("whole", None, ["metadata"])
    progress.settle("sound", None, ["voice"])
    progress.settle("picture", 0, ["pictures"])
    progress.settle("picture", 0, ["pixels"])
    assert (progress.first_picture, progress.in_first_picture) == (0, ["pictures", "pixels"])
    progress.settle("picture", 2, ["pictures"])
    assert (progress.first_picture, progress.in_first_picture) == (2, ["pictures"])
    assert (progress.whole, progress.sound) == (["metadata"], ["voice"])
    progress.settle("next", None, ["pictures"])
    assert progress.first_picture == 2


def test_a_picture_is_skipped() -> None:
    progress = WorkProgress(first_picture=4, in_first_picture=["pixels"])
    progress.skip_picture(4)
    assert (progress.first_picture, progress.in_first_picture) == (5, [])


def test_it_survives_the_way_to_a_child() -> None:
    progress = WorkProgress(["a"], 3, ["b"], True, ["c"], [("d", None), ("e", 2)])
    plain = progress.to_dict()
    plain["broken"] = [list(one) for one in plain["broken"]]  # as JSON gives them back
    assert WorkProgress.from_dict(plain) == progress
