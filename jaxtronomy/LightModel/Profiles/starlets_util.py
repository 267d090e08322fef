r"""The starlet transform: isotropic undecimated wavelets by repeated smoothing with a B3 spline.

Starck, Fadili & Murtagh (2007, IEEE Trans. Image Process. 16, 297). At scale j the image is convolved along both axes
with the taps (1, 4, 6, 4, 1)/16 at a spacing of 2^j pixels (a trous), its edge pixels repeated outwards:

.. math::
    c_{j+1} = h_j * c_j, \qquad w_j = c_j - c_{j+1}\ \text{(first)}, \qquad w_j = c_j - h_j * c_{j+1}\ \text{(second)}

for the first and the second generation; the last plane is the smooth remainder. The first is inverted by the sum of all
planes, the second by :math:`c_j = h_j * c_{j+1} + w_j`.
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise

__all__ = ["inverse_transform", "transform"]

TAPS = (1 / 16, 1 / 4, 3 / 8, 1 / 4, 1 / 16)


def smoothed(image, spacing):
    """The image convolved with the B3 spline of this spacing along both axes."""
    for axis in (0, 1):
        size = image.shape[axis]
        width = [(2 * spacing, 2 * spacing) if a == axis else (0, 0) for a in (0, 1)]
        padded = jnp.pad(image, width, mode="edge")
        rows = [slice(i * spacing, i * spacing + size) for i in range(len(TAPS))]
        image = sum(tap * (padded[r] if axis == 0 else padded[:, r]) for tap, r in zip(TAPS, rows))
    return image


def decompose(image, n_scales, second_gen=False):
    """Planes [n_scales, n, m] of an image [n, m], pure."""
    planes = []
    for j in range(n_scales - 1):
        coarse = smoothed(image, 2**j)
        planes.append(image - (smoothed(coarse, 2**j) if second_gen else coarse))
        image = coarse
    return jnp.stack([*planes, image])


def reconstruct(planes, fast=True, second_gen=False):
    """Image of its planes, pure."""
    if fast and not second_gen:
        return jnp.sum(planes, axis=0)
    image = planes[-1]
    for j in range(len(planes) - 2, -1, -1):
        image = smoothed(image, 2**j) + planes[j]
    return image


_decompose = elementwise(decompose, static=("n_scales", "second_gen"))
_reconstruct = elementwise(reconstruct, static=("fast", "second_gen"))


def transform(img, n_scales, second_gen=False):
    """Starlet coefficients of an image.

    :param img: image
    :param n_scales: number of planes, the smooth remainder included; at least 2 and at most 1 + log2 of the width
    :param second_gen: True for starlets of the second generation
    :return: coefficients [n_scales, n, m]
    :raises ValueError: for another number of planes
    """
    most = int(math.log2(jnp.shape(img)[1])) + 1
    if not 2 <= n_scales <= most:
        raise ValueError(f"n_scales is {n_scales}; from 2 to {most} is allowed for an image of shape {jnp.shape(img)}.")
    return _decompose(img, int(n_scales), bool(second_gen))


def inverse_transform(wave, fast=True, second_gen=False):
    """Image of its starlet coefficients.

    :param wave: coefficients [n_scales, n, m]
    :param fast: True to add the planes of the first generation (the second takes no notice)
    :param second_gen: True for starlets of the second generation
    :return: image [n, m]
    """
    return _reconstruct(wave, bool(fast), bool(second_gen))
