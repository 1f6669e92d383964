"""Deeds of this room: clients are registered, renewed and closed; what they send is done once."""
