"""Cosmology: distances, angles and masses."""
