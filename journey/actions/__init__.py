"""Actions of the journey, by noun."""
