"""Elementwise primitives with finite values and right derivatives everywhere."""

import jax
import jax.numpy as jnp

__all__ = [
    "tiny",
    "safe_sqrt",
    "safe_hypot",
    "safe_divide",
    "exp",
    "log",
    "log1p",
    "power",
    "cbrt",
    "arctan",
    "arctan2",
    "arctanh",
    "arccosh",
    "arccos",
    "arcsin",
    "sincos",
]

exp = jnp.exp
log = jnp.log
log1p = jnp.log1p
cbrt = jnp.cbrt
arctan = jnp.arctan
arctan2 = jnp.arctan2
arctanh = jnp.arctanh
arccosh = jnp.arccosh
arccos = jnp.arccos
arcsin = jnp.arcsin


def tiny(x) -> float:
    """Square root of the machine epsilon of ``x``'s dtype (1.5e-8 in float64)."""
    return float(jnp.finfo(jnp.result_type(x, float)).eps) ** 0.5


def safe_sqrt(x: jax.Array) -> jax.Array:
    """``sqrt(x)`` for ``x >= 0``, with zero (not infinite) slope at zero."""
    positive = x > 0
    return jnp.where(positive, jnp.sqrt(jnp.where(positive, x, 1.0)), 0.0)


def safe_hypot(x: jax.Array, y: jax.Array) -> jax.Array:
    """``sqrt(x**2 + y**2)``, with zero slope at the origin."""
    return safe_sqrt(x * x + y * y)


def safe_divide(a: jax.Array, b: jax.Array, fill: float = 0.0) -> jax.Array:
    """``a / b``, and ``fill`` with zero slope where ``b`` is zero."""
    regular = b != 0
    return jnp.where(regular, a / jnp.where(regular, b, 1.0), fill)


def power(x: jax.Array, a: jax.Array) -> jax.Array:
    """``x**a`` for ``x >= 0``; ``0**a`` is 0 for ``a > 0``, 1 for ``a = 0`` and infinite for ``a < 0``."""
    positive = x > 0
    at_zero = jnp.where(a > 0, 0.0, jnp.where(a == 0, 1.0, jnp.inf))
    return jnp.where(positive, exp(a * log(jnp.where(positive, x, 1.0))), at_zero)


def sincos(x: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Sine and cosine."""
    return jnp.sin(x), jnp.cos(x)
