"""The pictures of a study on a plane, those of alike content side by side."""
