"""Quantities derived from a fitted model."""
