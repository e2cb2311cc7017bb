"""Segments, placeholders, merge."""
