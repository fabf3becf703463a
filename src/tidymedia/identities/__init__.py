"""Faces of one person, brought together; off unless a user asks for it."""
