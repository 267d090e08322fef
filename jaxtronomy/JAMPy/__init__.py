"""Axisymmetric kinematics through JamPy."""
