"""Dates, slugs, PHP data, text."""
