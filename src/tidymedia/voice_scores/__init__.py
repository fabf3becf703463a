"""Voices compared with themselves: measures standardized within speakers."""
