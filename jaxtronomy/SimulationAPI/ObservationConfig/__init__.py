"""Instruments and surveys."""
