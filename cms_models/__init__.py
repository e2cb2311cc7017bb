"""The Postgres CMS: both schemas, the load and the state of what was loaded."""
