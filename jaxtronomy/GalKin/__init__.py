"""Stellar kinematics from the Jeans equation."""
