"""Fitting sequences and the iterations around them."""
