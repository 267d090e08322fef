"""Samplers and optimisers."""
