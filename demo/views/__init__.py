"""Doors of this room, served only while it measures."""
