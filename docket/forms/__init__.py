"""What the hearings office types."""
