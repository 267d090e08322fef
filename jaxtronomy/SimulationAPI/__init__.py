"""Observations simulated from a description of the instrument."""
