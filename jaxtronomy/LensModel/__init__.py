"""Lens models: deflection, convergence, time delays and everything derived from them."""
