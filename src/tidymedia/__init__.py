"""tidymedia: media in, tidy tables out."""
