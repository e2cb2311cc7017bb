"""Assessments: a source read as a migration would read it, and nothing written but a report."""
