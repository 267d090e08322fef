"""Light cones: line-of-sight halos from simulations."""
