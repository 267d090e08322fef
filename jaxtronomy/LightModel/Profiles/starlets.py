"""An image given by its starlet coefficients (Starck, Fadili & Murtagh 2007).

See :mod:`.starlets_util` for the transform.
"""

import math

import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.parameters import Parameter

from .interpolation import CENTRE, SCALE, interpolate
from .profile_base import LightProfileBase
from .starlets_util import inverse_transform, reconstruct, transform

__all__ = ["SLIT_Starlets"]


def side(n_pixels):
    """Pixels per side of a square image.

    :raises ValueError: where the number of pixels is no square
    """
    n = math.isqrt(int(n_pixels))
    if n * n != n_pixels:
        raise ValueError(f"n_pixels is {n_pixels}; starlets need a square image.")
    return n


class SLIT_Starlets(LightProfileBase):
    """A square image of ``n_pixels`` pixels of size ``scale``, interpolated bilinearly, by its starlet coefficients.

    ``amp`` are the coefficients of the ``n_scales`` planes, in one dimension or as [n_scales, n, n], which says for
    itself how many there are. The transform is part of the program; no other package takes part, and no option chooses
    one.
    """

    parameters = (
        Parameter("amp", [0], [1e8], unit="flux / arcsec^2"),
        Parameter("n_scales", 2, 20, static=True),
        Parameter("n_pixels", 5, 1e10, static=True),
        SCALE,
        *CENTRE,
    )
    param_names_latex = {r"$I_0$", r"$n_{\rm scales}$", r"$n_{\rm pix}$", r"scale", r"$x_0$", r"$y_0$"}
    is_set = True
    linear_needs = ("n_scales", "n_pixels")
    not_sampled = ("n_scales", "n_pixels", "scale", "center_x", "center_y")
    positive = False

    def __init__(
        self, thread_count=1, fast_inverse=True, second_gen=False, show_pysap_plots=False, force_no_pysap=False
    ):
        """
        :param thread_count: accepted; plays no part
        :param fast_inverse: True to add the planes, for starlets of the first generation
        :param second_gen: True for starlets of the second generation
        :param show_pysap_plots: accepted; plays no part
        :param force_no_pysap: accepted; plays no part
        """
        self.use_pysap = False
        self._fast_inverse, self._second_gen = bool(fast_inverse), bool(second_gen)
        super().__init__(fast_inverse=self._fast_inverse, second_gen=self._second_gen)

    def surface_brightness(self, x, y, amp, n_scales, n_pixels, scale, center_x, center_y):
        """Surface brightness, pure: for use inside programs.

        :raises ValueError: for the wrong number of coefficients, or their wrong shape
        """
        if jnp.ndim(amp) == 3:
            planes = amp
        elif jnp.ndim(amp) != 1:
            raise ValueError(f"starlet coefficients of shape {jnp.shape(amp)} given; 1 or 3 dimensions are allowed.")
        elif jnp.size(amp) != n_scales * n_pixels:
            raise ValueError(f"{jnp.size(amp)} starlet coefficients given for {n_scales} scales of {n_pixels} pixels.")
        else:
            planes = jnp.reshape(amp, (n_scales, side(n_pixels), side(n_pixels)))
        image = reconstruct(planes, self._fast_inverse, self._second_gen)
        return interpolate((x - center_x) / scale, (y - center_y) / scale, image)

    def basis(self, x, y, *parameters):
        """The responses to single coefficients are too many to list.

        :raises ValueError: always
        """
        raise ValueError("starlets cannot be split into linear components.")

    def num_amplitudes(self, kwargs):
        """Number of coefficients."""
        return int(kwargs["n_scales"] * kwargs["n_pixels"])

    def function_2d(self, coeffs, n_scales, n_pixels):
        """Image of its coefficients.

        :param coeffs: coefficients [n_scales, n, n]
        :param n_scales: plays no part
        :param n_pixels: plays no part
        :return: image [n, n]
        """
        return inverse_transform(coeffs, fast=self._fast_inverse, second_gen=self._second_gen)

    def decomposition(self, image, n_scales):
        """Coefficients of an image.

        :param image: square image, in one or two dimensions
        :param n_scales: number of planes
        :return: coefficients in one dimension
        :raises ValueError: for an image of another shape
        """
        if jnp.ndim(image) not in (1, 2):
            raise ValueError(f"the image has {jnp.ndim(image)} dimensions; 1 or 2 are allowed.")
        n = side(jnp.size(image))
        return self.decomposition_2d(image.reshape(n, n), n_scales).reshape(-1)

    def decomposition_2d(self, image, n_scales):
        """Coefficients of an image.

        :param image: image [n, n]
        :param n_scales: number of planes
        :return: coefficients [n_scales, n, n]
        """
        return transform(image, n_scales, second_gen=self._second_gen)

    @staticmethod
    def _coeffs2pysap(coeffs):
        """The planes as the list that pySAP takes."""
        return list(coeffs)

    @staticmethod
    def _pysap2coeffs(coeffs):
        """The planes that pySAP gives, in one array."""
        return np.asarray(coeffs)

    def delete_cache(self):
        """Accepted for compatibility: nothing is cached."""
