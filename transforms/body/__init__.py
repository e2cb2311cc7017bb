"""From stored post_content to clean HTML, text and blocks."""
