"""Pages of the hearings office."""
