"""One file per family of shortcodes."""
