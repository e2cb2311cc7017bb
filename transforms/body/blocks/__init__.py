"""One file per family of blocks."""
