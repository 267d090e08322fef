"""Simulated images and their linear inversion."""
