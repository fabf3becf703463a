"""The command line of tidymedia."""
