"""Which vectors of speech belong to one speaker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["SpeakerRules", "speakers_of"]

# Clusters are sought among at most so many vectors, spread over the recording; the rest joins the nearest one.
_MOST_VECTORS = 1500

# So many clusters are made first, and those that lie near each other are put together.
_FIRST_CLUSTERS = 20

_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class SpeakerRules:
    """When two clusters are one speaker.

    Parameters
    ----------
    speakers : int
        How many speakers there are; 0 where that is to be found.
    max_speakers : int
        How many may be found at most.
    min_distance : float
        How far two speakers lie apart at least, as 1 minus the cosine of their mean vectors.
    min_seconds : float
        How long someone speaks at least to be a speaker of their own.
    """

    speakers: int
    max_speakers: int
    min_distance: float
    min_seconds: float


def speakers_of(vectors: NDArray[np.float32], seconds: NDArray[np.float64], rules: SpeakerRules) -> NDArray[np.int64]:
    """Give each vector the number of its speaker.

    First 20 clusters are made by Ward's method. Then the two whose mean vectors are most alike become one, and so on,
    until all lie far enough apart or as many are left as there are speakers; a cluster that is too short goes first.
    Last, every vector joins the nearest mean, three times over.

    Parameters
    ----------
    vectors : numpy.ndarray
        Array of shape (n, dimensions), each of length 1.
    seconds : numpy.ndarray
        How much speech each stands for.
    rules : SpeakerRules
        When two clusters are one speaker.

    Returns
    -------
    numpy.ndarray
        A number from 0 for each vector, in the order in which speakers appear.
    """
    import numpy as np

    if len(vectors) < 2:
        return np.zeros(len(vectors), np.int64)
    few = np.unique(np.linspace(0, len(vectors) - 1, min(len(vectors), _MOST_VECTORS)).astype(int))
    seen, weight = vectors[few].astype(np.float64), seconds[few] * (seconds.sum() / seconds[few].sum())
    labels = _merged(seen, weight, _first(seen, max(rules.speakers, _FIRST_CLUSTERS)), rules)
    means = _means(seen, labels)
    for _ in range(_ROUNDS):
        nearest = (vectors @ means.T).argmax(1)
        means = _means(vectors, np.unique(nearest, return_inverse=True)[1])
    nearest = (vectors @ means.T).argmax(1)
    _, first, inverse = np.unique(nearest, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[inverse], np.int64)


def _first(vectors: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    import numpy as np
    from sklearn.cluster import AgglomerativeClustering

    if count >= len(vectors):
        return np.arange(len(vectors))
    return np.asarray(AgglomerativeClustering(count, linkage="ward").fit_predict(vectors), np.int64)


def _merged(
    vectors: NDArray[np.float64], weight: NDArray[np.float64], labels: NDArray[np.int64], rules: SpeakerRules
) -> NDArray[np.int64]:
    import numpy as np

    labels = labels.copy()
    while (count := int(labels.max()) + 1) > max(1, rules.speakers):
        means = _means(vectors, labels)
        apart = 1 - means @ means.T
        np.fill_diagonal(apart, np.inf)
        one, other = divmod(int(apart.argmin()), count)
        lengths = np.bincount(labels, weight, count)
        shortest = int(lengths.argmin())
        if lengths[shortest] < rules.min_seconds and (rules.speakers or apart[one, other] > rules.min_distance):
            one, other = shortest, int(apart[shortest].argmin())
        elif not rules.speakers and apart[one, other] > rules.min_distance and count <= rules.max_speakers:
            break
        one, other = min(one, other), max(one, other)
        labels[labels == other] = one
        labels[labels > other] -= 1
    return labels


def _means(vectors: NDArray[np.floating], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    import numpy as np

    sums = np.zeros((int(labels.max()) + 1, vectors.shape[1]))
    np.add.at(sums, labels, vectors)
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12), np.float64)
