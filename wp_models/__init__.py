"""What WordPress says: opened read-only, read in batches, cleaned at the door."""
