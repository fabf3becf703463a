"""What an extractor says of itself where it says nothing."""

import pytest

from tidymedia.extractors.base import Availability, Extractor, MediumExtractor, PictureExtractor, SoundExtractor
from tidymedia.extractors.registry import BUILT_IN, extractor_types, make_extractor
from tidymedia.media.kinds import Kind
from tidymedia.media.picture import ANALYSIS


@pytest.mark.parametrize("base", [MediumExtractor, PictureExtractor, SoundExtractor])
def test_a_base_is_no_extractor(base: type[Extractor]) -> None:
    with pytest.raises(TypeError, match="abstract"):
        base(base.parameters_type())


def test_defaults() -> None:
    pictures = make_extractor("pictures")
    assert pictures.availability() == Availability(True)
    assert (pictures.model, pictures.model_hash, pictures.needs) == (None, "", ())
    assert pictures.size is ANALYSIS  # type: ignore[attr-defined]
    assert Kind.AUDIO not in pictures.kinds


@pytest.mark.parametrize("name", list(BUILT_IN))
def test_each_of_ours_declares_what_the_contract_asks_for(name: str) -> None:
    extractor = extractor_types()[name]
    assert extractor.version >= 1
    assert extractor.relative_cost > 0
    assert extractor.kinds
    for table in extractor.tables:
        names = [column.name for column in table.all_columns()]
        assert len(names) == len(set(names)), table.name
