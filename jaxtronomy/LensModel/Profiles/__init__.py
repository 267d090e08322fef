"""Lens profiles, one module each."""
