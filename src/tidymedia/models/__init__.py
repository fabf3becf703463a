"""Pre-trained networks: what they are, where their weights lie, and how they are run."""
