"""A walk through a migrated site before it has a front end: read-only pages and JSON, on this machine alone."""
