"""Deeds on announced lists and on who of them came."""
