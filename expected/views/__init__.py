"""Pages of the expected list."""
