"""Pixel grids, supersampling and convolution."""
