"""Plots of models, lenses and chains."""
