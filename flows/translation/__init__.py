"""Translation runs: what a site lacks in other languages, made from memory and engines."""
