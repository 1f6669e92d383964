"""Deeds about households and people, by noun: arrivals, people, steps, papers, covid, consent, guests."""
