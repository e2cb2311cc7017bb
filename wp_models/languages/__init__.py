"""What plugins for several languages keep in the source, one file per plugin; their sense is made in transforms."""
