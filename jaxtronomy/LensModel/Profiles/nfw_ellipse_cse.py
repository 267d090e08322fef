r"""Navarro-Frenk-White profile with an elliptical convergence, as a sum of cored steep ellipsoids.

Oguri 2021 (https://arxiv.org/abs/2106.11464): the amplitudes and core radii, in units of Rs, of the terms approximate
the round profile, the convergence to a per cent or better. The elliptical radius is product-averaged.
"""

import jax
import jax.numpy as jnp

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Kernel

from . import nfw, nfw_ellipse_potential
from .base_profile import CENTRE, ELLIPTICITY, LensProfileBase
from .cored_steep_ellipsoid import sum_of_cse

__all__ = ["NFW_ELLIPSE_CSE"]

# Oguri 2021, table 1: core radius [Rs] and amplitude
_FINE = (
    (1.082411e-06, 1.648988e-18),
    (8.786566e-06, 6.274458e-16),
    (3.292868e-06, 3.646620e-17),
    (1.860019e-05, 3.459206e-15),
    (3.274231e-05, 2.457389e-14),
    (6.232485e-05, 1.059319e-13),
    (9.256333e-05, 4.211597e-13),
    (1.546762e-04, 1.142832e-12),
    (2.097321e-04, 4.391215e-12),
    (3.391140e-04, 1.556500e-11),
    (5.178790e-04, 6.951271e-11),
    (8.636736e-04, 3.147466e-10),
    (1.405152e-03, 1.379109e-09),
    (2.193855e-03, 3.829778e-09),
    (3.179572e-03, 1.384858e-08),
    (4.970987e-03, 5.370951e-08),
    (7.631970e-03, 1.804384e-07),
    (1.119413e-02, 5.788608e-07),
    (1.827267e-02, 3.205256e-06),
    (2.945251e-02, 1.102422e-05),
    (4.562723e-02, 4.093971e-05),
    (6.782509e-02, 1.282206e-04),
    (1.596987e-01, 4.575541e-04),
    (1.127751e-01, 7.995270e-04),
    (2.169469e-01, 5.013701e-03),
    (3.423835e-01, 1.403508e-02),
    (5.194527e-01, 5.230727e-02),
    (8.623185e-01, 1.898907e-01),
    (1.382737e00, 3.643448e-01),
    (2.034929e00, 7.203734e-01),
    (3.402979e00, 1.717667e00),
    (5.594276e00, 2.217566e00),
    (8.052345e00, 3.187447e00),
    (1.349045e01, 8.194898e00),
    (2.603825e01, 1.765210e01),
    (4.736823e01, 1.974319e01),
    (6.559320e01, 2.783688e01),
    (1.087932e02, 4.482311e01),
    (1.477673e02, 5.598897e01),
    (2.495341e02, 1.426485e02),
    (4.305999e02, 2.279833e02),
    (7.760206e02, 5.401335e02),
    (2.143057e03, 9.743682e02),
    (1.935749e03, 1.775124e03),
)
_COARSE = (
    (4.041628e-06, 1.434960e-16),
    (3.086267e-05, 5.232413e-14),
    (1.298542e-04, 2.666660e-12),
    (4.131977e-04, 7.961761e-11),
    (1.271373e-03, 2.306895e-09),
    (3.912641e-03, 6.742968e-08),
    (1.208331e-02, 1.991691e-06),
    (3.740521e-02, 5.904388e-05),
    (1.153247e-01, 1.693069e-03),
    (3.472038e-01, 4.039850e-02),
    (1.017550e00, 5.665072e-01),
    (3.253031e00, 3.683242e00),
    (1.190315e01, 1.582481e01),
    (4.627701e01, 6.340984e01),
    (1.842613e02, 2.576763e02),
    (8.206569e02, 1.422619e03),
)


def expansion(kernel, table, potential_unit):
    """A sum of cored steep ellipsoids whose cores are given in units of a scale radius.

    :param kernel: kernel of a sum of ellipsoids
    :param table: rows of core radius and amplitude
    :param potential_unit: function of the two parameters before the ellipticity -> scale radius, unit of the potential
    """
    cores, amplitudes = zip(*table)

    def scaled(function, order):
        def evaluated(x, y, first, second, e1, e2):
            scale, unit = potential_unit(first, second)
            rows = (jnp.array(row, x.dtype) for row in (amplitudes, cores))
            values = function(x / scale, y / scale, *rows, e1, e2)
            return jax.tree.map(lambda value: unit / scale**order * value, values)

        return evaluated

    return Kernel(scaled(kernel.potential, 0), scaled(kernel.deflection, 1), scaled(kernel.hessian, 2))


def _unit(Rs, alpha_Rs):
    """Scale radius and unit of the potential, 4 rho0 Rs^3."""
    return Rs, 4 * nfw.alpha2rho0(alpha_Rs, Rs) * Rs**3


_KERNELS = {True: centred(expansion(sum_of_cse, _FINE, _unit)), False: centred(expansion(sum_of_cse, _COARSE, _unit))}


class NFW_ELLIPSE_CSE(LensProfileBase):
    __doc__ = __doc__

    profile_name = "NFW_ELLIPSE_CSE"
    parameters = (nfw.RS, nfw.ALPHA_RS, *ELLIPTICITY, *CENTRE)

    def __init__(self, high_accuracy=True):
        """
        :param high_accuracy: True for 44 terms, False for 16
        """
        self.kernel = _KERNELS[bool(high_accuracy)]
        super().__init__(high_accuracy=bool(high_accuracy))

    mass_3d_lens = method(nfw_ellipse_potential.mass_3d_lens)
