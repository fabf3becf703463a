"""Study: the object that users hold."""
