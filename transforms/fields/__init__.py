"""One file per custom-field plugin."""
