"""Helpers of the lens models."""
