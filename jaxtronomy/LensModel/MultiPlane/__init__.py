"""Lensing by several planes."""
