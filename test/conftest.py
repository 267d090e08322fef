"""Strict settings for the whole suite."""

import jax

import jaxtronomy  # noqa: F401  precision, CPU settings and the compilation cache are set at import

jax.config.update("jax_numpy_rank_promotion", "raise")
