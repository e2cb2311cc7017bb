"""Pure functions from records to rows: same input, same bytes; no I/O, no clock, no randomness."""
