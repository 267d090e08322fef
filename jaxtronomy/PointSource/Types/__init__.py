"""Kinds of point sources."""
