"""Pictures of a study by words and by example."""
