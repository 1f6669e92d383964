"""Tags of the hearings office."""
