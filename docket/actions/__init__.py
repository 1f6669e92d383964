"""Deeds of the hearings office."""
