"""What two networks say about the same pictures."""
