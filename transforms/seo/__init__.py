"""One file per SEO plugin."""
