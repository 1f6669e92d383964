"""Forms of the journey, by noun."""
