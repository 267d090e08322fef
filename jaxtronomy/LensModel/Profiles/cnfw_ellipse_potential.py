r"""Cored Navarro-Frenk-White profile with elliptical iso-potential contours.

The potential is that of :class:`~jaxtronomy.LensModel.Profiles.cnfw.CNFW` at the radius
:math:`r'^2 = (1-\epsilon)x'^2 + (1+\epsilon)y'^2` with :math:`\epsilon = 1 - q`, at most 0.99 (the other elliptical
potentials have :math:`(1-q^2)/(1+q^2)`). The Hessian is exact, where lenstronomy takes differences of the deflection.
"""

import jax.numpy as jnp

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import centred, reparametrised
from jaxtronomy.core.numerics import safe_hypot

from . import cnfw
from .base_profile import CENTRE, ELLIPTICITY, LensProfileBase

__all__ = ["CNFWEllipsePotential"]


def _convert(Rs, alpha_Rs, r_core, e1, e2):
    """The ellipticity whose (1-q^2)/(1+q^2) is 1 - q of this one."""
    scale = 2 / (1 + safe_hypot(e1, e2))
    size = scale * safe_hypot(e1, e2)
    scale = scale * jnp.where(size > 0.99, 0.99 / jnp.maximum(size, 0.99), 1.0)
    size = jnp.minimum(size, 0.99)
    half = scale / (1 + jnp.sqrt(1 - size * size))
    return Rs, alpha_Rs, r_core, half * e1, half * e2


def density_lens(R, Rs, alpha_Rs, r_core, e1=0, e2=0):
    """3d density at radius R [arcsec] of the round profile."""
    return cnfw.density_lens(R, Rs, alpha_Rs, r_core)


def mass_3d_lens(R, Rs, alpha_Rs, r_core, e1=0, e2=0):
    """Mass inside the sphere of radius R [arcsec] of the round profile."""
    return cnfw.mass_3d_lens(R, Rs, alpha_Rs, r_core)


class CNFWEllipsePotential(LensProfileBase):
    __doc__ = __doc__

    parameters = (cnfw.RS, cnfw.ALPHA_RS, cnfw.R_CORE, *ELLIPTICITY, *CENTRE)
    kernel = centred(reparametrised(cnfw.ROUND.elliptical_potential(), _convert))
    density_lens = method(density_lens)
    mass_3d_lens = method(mass_3d_lens)
