r"""Potentials and deflections of convergence maps, by Fourier transforms.

.. math::
    \psi(\boldsymbol\theta) = \frac1\pi\int \kappa(\boldsymbol\theta')\ln|\boldsymbol\theta - \boldsymbol\theta'|\,
    d^2\theta', \qquad
    \boldsymbol\alpha(\boldsymbol\theta) = \frac1\pi\int \kappa(\boldsymbol\theta')
    \frac{\boldsymbol\theta - \boldsymbol\theta'}{|\boldsymbol\theta - \boldsymbol\theta'|^2}\,d^2\theta'

on the grid of the map, with nothing outside of it.
"""

import jax
import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.compile import to_numpy
from jaxtronomy.core.fft import convolve, kernel_transform, transform_shape
from jaxtronomy.core.jit import jit
from jaxtronomy.Util import image_util, kernel_util, util

__all__ = [
    "deflection_from_kappa_grid",
    "deflection_from_kappa_grid_adaptive",
    "deflection_kernel",
    "potential_from_kappa_grid",
    "potential_from_kappa_grid_adaptive",
    "potential_kernel",
]

_convolve = jit(convolve, static_argnames=("size",))


def _convolved(image, kernel):
    """An image convolved with a kernel of odd size, in its own shape."""
    shape = jnp.shape(image)
    out = _convolve(
        jnp.asarray(image, dtype=float), kernel_transform(kernel, shape), size=transform_shape(shape, kernel.shape)
    )
    return out if isinstance(image, jax.Array) else to_numpy(out)


def _adaptive(fine, coarse, kernel, grid_spacing, factor, size):
    """The integral in two parts: near by on the fine grid, far away on the coarse one."""
    kernel_coarse, kernel_fine = kernel_util.split_kernel(kernel, size, factor, normalized=False)
    near = image_util.re_size(_convolved(fine, kernel_fine) * grid_spacing**2, factor)
    far = _convolved(coarse, kernel_coarse) * (grid_spacing * factor) ** 2
    return (near + far) / np.pi


def potential_from_kappa_grid(kappa, grid_spacing):
    """Lensing potential of a convergence map.

    :param kappa: convergence [n, n]
    :param grid_spacing: side of a pixel [arcsec]
    :return: potential [n, n] [arcsec^2]
    """
    kernel = potential_kernel(2 * len(kappa) + 1, grid_spacing)
    return _convolved(kappa, kernel) / np.pi * grid_spacing**2


def potential_from_kappa_grid_adaptive(kappa_high_res, grid_spacing, low_res_factor, high_res_kernel_size):
    """Lensing potential of a convergence map on a coarser grid, far away matter at its resolution.

    :param kappa_high_res: convergence [n, n]
    :param grid_spacing: side of a pixel of it [arcsec]
    :param low_res_factor: side of a coarse pixel in fine ones
    :param high_res_kernel_size: side of the region that is integrated on the fine grid, in coarse pixels
    :return: potential on the coarse grid [arcsec^2]
    """
    coarse = image_util.re_size(kappa_high_res, low_res_factor)
    kernel = potential_kernel(2 * len(kappa_high_res) + 1, grid_spacing)
    return _adaptive(kappa_high_res, coarse, kernel, grid_spacing, low_res_factor, high_res_kernel_size)


def deflection_from_kappa_grid(kappa, grid_spacing):
    """Deflection angles of a convergence map.

    :param kappa: convergence [n, n]
    :param grid_spacing: side of a pixel [arcsec]
    :return: deflection x, y [n, n] [arcsec]
    """
    kernels = deflection_kernel(2 * len(kappa) + 1, grid_spacing)
    return tuple(_convolved(kappa, kernel) / np.pi * grid_spacing**2 for kernel in kernels)


def deflection_from_kappa_grid_adaptive(kappa_high_res, grid_spacing, low_res_factor, high_res_kernel_size):
    """Deflection angles of a convergence map on a coarser grid, far away matter at its resolution.

    :param kappa_high_res: convergence [n, n]
    :param grid_spacing: side of a pixel of it [arcsec]
    :param low_res_factor: side of a coarse pixel in fine ones
    :param high_res_kernel_size: side of the region that is integrated on the fine grid, in coarse pixels
    :return: deflection x, y on the coarse grid [arcsec]
    """
    coarse = image_util.re_size(kappa_high_res, low_res_factor)
    kernel_x, kernel_y = deflection_kernel(2 * len(kappa_high_res) + 1, grid_spacing)
    options = (grid_spacing, low_res_factor, high_res_kernel_size)
    f_x, f_y = (_adaptive(kappa_high_res, coarse, k, *options) for k in (kernel_x, kernel_y))
    return f_x, f_y


def _offsets(num_pix, delta_pix):
    """Coordinates of the kernel's pixels and their squared distance, at least that of half a pixel."""
    x, y = util.make_grid(num_pix=num_pix, delta_pix=delta_pix)
    return x, y, np.maximum(x**2 + y**2, (delta_pix / 2) ** 2)


def potential_kernel(num_pix, delta_pix):
    """Potential of a point, times pi, zero in the corners.

    :param num_pix: side of the kernel in pixels
    :param delta_pix: side of a pixel [arcsec]
    :return: kernel
    """
    _, _, square = _offsets(num_pix, delta_pix)
    return util.array2image(np.log(square / square.max()) / 2)


def deflection_kernel(num_pix, delta_pix):
    """Deflection by a point, times pi.

    :param num_pix: side of the kernel in pixels, an odd number
    :param delta_pix: side of a pixel [arcsec]
    :return: kernels for x and y
    """
    x, y, square = _offsets(num_pix, delta_pix)
    return util.array2image(x / square), util.array2image(y / square)
