"""One recording or film in hand: what the extractors of sound and films find in it, as data frames."""
