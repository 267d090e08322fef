"""Fast fits of quadruple image positions."""
