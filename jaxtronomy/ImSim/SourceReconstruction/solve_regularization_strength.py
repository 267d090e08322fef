r"""The strength of a regularisation that maximises the evidence (Suyu et al. 2006, section 2.2).

See https://arxiv.org/abs/astro-ph/0601493. With normal equations :math:`M a = b` and the penalty
:math:`\lambda\, a^T U a`, the evidence E has

.. math::
    2 \frac{d \ln E}{d\lambda} = \frac{N}{\lambda} - \mathrm{tr}\left[(M + \lambda U)^{-1} U\right] - a^T U a,
    \qquad a = (M + \lambda U)^{-1} b .
"""

import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise

__all__ = ["d_log_evi_d_lambda", "solve_optimal_lambda"]


@elementwise
def _slope(strength, U, M, b):
    solved = jnp.linalg.solve(M + strength * U, jnp.concatenate([U, b[:, None]], axis=1))
    amplitudes = solved[:, -1]
    return len(b) / strength - jnp.trace(solved[:, :-1]) - amplitudes @ U @ amplitudes


def d_log_evi_d_lambda(l, U, M, b):
    """Twice the derivative of the logarithm of the evidence by the strength.

    :param l: strength of the regularisation
    :param U: matrix of the regularisation
    :param M: matrix of the normal equations
    :param b: vector of the normal equations
    :return: derivative
    """
    return _slope(l, U, M, b)


def solve_optimal_lambda(
    derivative_function,
    U,
    M,
    b,
    initial_lower_bound,
    initial_upper_bound,
    tolerance=1e-7,
    max_iterations=20,
    check_initial_bounds=True,
):
    """The strength at which the derivative of the evidence vanishes, by bisection.

    :param derivative_function: :func:`d_log_evi_d_lambda`, or a function like it; it falls with the strength
    :param U: matrix of the regularisation
    :param M: matrix of the normal equations
    :param b: vector of the normal equations
    :param initial_lower_bound: strength at which the derivative is positive
    :param initial_upper_bound: strength at which it is negative
    :param tolerance: width of the last interval
    :param max_iterations: most steps
    :param check_initial_bounds: whether the signs at the bounds are checked
    :return: middle of the last interval
    :raises ValueError: for bounds in the wrong order, or derivatives of the wrong sign there
    """
    lower, upper = initial_lower_bound, initial_upper_bound
    if check_initial_bounds:
        if not lower < upper:
            raise ValueError(
                f"`initial_lower_bound` must be strictly less than `initial_upper_bound`, not {lower} and {upper}."
            )
        for name, bound, sign in (("lower", lower, 1), ("upper", upper, -1)):
            slope = derivative_function(bound, U, M, b)
            if slope * sign <= 0:
                raise ValueError(
                    f"Derivative at `initial_{name}_bound` ({bound}) is {slope} (expected {'>' if sign > 0 else '<'} "
                    "0): the maximum of the evidence is not between the bounds."
                )
    for _ in range(max_iterations):
        if abs(upper - lower) < tolerance:
            break
        middle = (lower + upper) / 2
        slope = derivative_function(middle, U, M, b)
        if slope < 0:
            upper = middle
        elif slope > 0:
            lower = middle
        else:
            return middle
    return (lower + upper) / 2
