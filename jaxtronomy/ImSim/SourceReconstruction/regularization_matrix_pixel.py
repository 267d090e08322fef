r"""Regularisation of a pixelated source: matrices U of penalties :math:`a^T U a` on its amplitudes a.

Pixels are in row-major order; amplitudes outside of the grid are zero. The penalties of squared first differences
(gradient) and second differences (curvature) along both axes are sums of those along one, so that
:math:`U = 1 \otimes U_x + U_y \otimes 1`.
"""

import numpy as np

__all__ = ["pixelated_regularization_matrix"]

#: elements of the matrix of one axis on the diagonal, next to it, ...
STENCILS = {"gradient": (2, -1), "curvature": (6, -4, 1)}


def pixelated_regularization_matrix(xlen, ylen, regularization_type):
    """Matrix of a quadratic penalty on the amplitudes of a rectangle of pixels.

    :param xlen: number of pixels along x
    :param ylen: number of pixels along y
    :param regularization_type: 'zeroth_order' (amplitudes), 'gradient' or 'curvature'
    :return: matrix (xlen ylen, xlen ylen)
    :raises TypeError: for a length that is no integer
    :raises ValueError: for another type
    """
    for name, length in (("xlen", xlen), ("ylen", ylen)):
        if not isinstance(length, int):
            raise TypeError(f"{name} must be an integer, not {length!r} of type {type(length).__name__}.")
    if regularization_type == "zeroth_order":
        return np.identity(xlen * ylen)
    if regularization_type not in STENCILS:
        raise ValueError(
            f"Unsupported regularization_type: {regularization_type!r}; allowed are 'zeroth_order', "
            f"{', '.join(map(repr, STENCILS))}."
        )
    stencil = STENCILS[regularization_type]
    return np.kron(np.identity(ylen), _banded(xlen, stencil)) + np.kron(_banded(ylen, stencil), np.identity(xlen))


def _banded(n, stencil):
    """Symmetric matrix with the elements of the stencil on its diagonals."""
    distance = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    return np.array([*stencil, 0.0])[np.minimum(distance, len(stencil))]
