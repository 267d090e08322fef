"""Pixelated source reconstruction."""
