"""One file per translation plugin."""
