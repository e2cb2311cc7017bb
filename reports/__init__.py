"""Re-reads both sides and the metrics; writes the verdict."""
