"""How many requests a run would make, and what they would cost at most."""

from __future__ import annotations

from dataclasses import dataclass

from tidymedia.services.service import ServiceExtractor

__all__ = ["Estimate", "estimate"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run would ask of one service.

    Parameters
    ----------
    service, recipient, sent : str
        The extractor, the host that it asks, and what it sends there.
    outside : bool
        Whether it leaves this machine.
    agreed : bool
        Whether the study has a consent for it, or needs none.
    requests : int
        How many requests the pictures that are known already need at most; what was answered before is not
        asked again.
    uncounted : int
        Documents, films, and files of a server, whose pictures are not counted yet.
    dollars : float or None
        What these requests cost at most, in US dollars; None where the price is not known.
    dated : str
        The date of the price.
    """

    service: str
    recipient: str
    sent: str
    outside: bool
    agreed: bool
    requests: int
    uncounted: int
    dollars: float | None
    dated: str

    def sentence(self) -> str:
        """Say it in words.

        Examples
        --------
        >>> told = Estimate("coding", "api.example.org", "pictures", True, False, 12, 1, 0.0312, "2026-11-24")
        >>> told.sentence()
        'about 12 requests, and those for 1 file whose pictures are not counted yet; at most 0.04 US dollars (...)'
        """
        files = f"{self.uncounted:,} file{'s' * (self.uncounted > 1)}"
        more = f", and those for {files} whose pictures are not counted yet" if self.uncounted else ""
        if not self.outside:
            cost = "on this machine, at no price"
        elif self.dollars is None:
            cost = "their price is not known"
        else:
            rounded = -(-round(self.dollars * 100, 6) // 1) / 100  # up to the next cent
            cost = f"at most {rounded:,.2f} US dollars (prices of {self.dated})"
        return f"about {self.requests:,} request{'s' * (self.requests != 1)}{more}; {cost}"


def estimate(extractor: ServiceExtractor, *, agreed: bool, pictures: int, uncounted: int) -> Estimate:
    """Estimate what a run would ask of a service.

    Parameters
    ----------
    extractor : ServiceExtractor
        Its extractor.
    agreed : bool
        Whether it may send.
    pictures : int
        How many pictures it would look at.
    uncounted : int
        How many files have pictures that are not counted yet.

    Returns
    -------
    Estimate
        The estimate.
    """
    highest = extractor.highest_price
    price = extractor.price
    return Estimate(
        extractor.name,
        extractor.recipient.host,
        extractor.recipient.sent,
        extractor.recipient.outside,
        agreed,
        pictures * extractor.requests_a_picture,
        uncounted,
        None if highest is None else pictures * highest,
        price.date if price is not None else "",
    )
