"""Measuring the product beside floors, in one run."""
