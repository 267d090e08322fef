"""Microlensing magnification maps."""
