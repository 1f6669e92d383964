"""Views of the journey, by noun."""
