"""Four ways into a WordPress database, one Protocol."""
