"""What is in a site before anything is migrated: asked of the same registries and rules that migrate it."""
