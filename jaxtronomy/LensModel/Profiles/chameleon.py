r"""Chameleon: the difference of two isothermal ellipsoids with cores (Suyu et al. 2014, arXiv:1306.4732).

.. math::
    \kappa = \frac{\theta}{2}\left[\frac{1}{\sqrt{s_c^2 + \rho^2}} - \frac{1}{\sqrt{s_t^2 + \rho^2}}\right], \qquad
    s = \frac{2 w}{1+q}

normalised so that the round profile deflects by :math:`\alpha_1` at one arcsec.  It follows a Sersic profile closely;
sums of two or three do so better.  The cores are not smooth in the ellipticity where the profile is round.
"""

import jax.numpy as jnp

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import bounded_ellipticity, centred
from jaxtronomy.core.kernel import total
from jaxtronomy.core.numerics import safe_hypot
from jaxtronomy.core.parameters import Parameter

from . import nie as isothermal
from .base_profile import CENTRE, LensProfileBase
from .nie import nie
from .point_mass import point_mass

__all__ = ["Chameleon", "DoubleChameleon", "DoubleChameleonPointMass", "TripleChameleon"]

ALPHA_1 = Parameter("alpha_1", 0, 100, unit="arcsec")


def ratio(name):
    """An amplitude ratio."""
    return Parameter(name, 0, 100)


def shape(number=""):
    """Core, truncation and ellipticity of one profile."""
    return (
        Parameter(f"w_c{number}", 0, 100, unit="arcsec"),
        Parameter(f"w_t{number}", 0, 100, unit="arcsec"),
        Parameter(f"e1{number}", -0.8, 0.8),
        Parameter(f"e2{number}", -0.8, 0.8),
    )


def param_convert(alpha_1, w_c, w_t, e1, e2):
    """Einstein radius of the isothermal ellipsoids, both widths, and their cores; none where w_t < w_c."""
    there = w_t >= w_c
    difference = jnp.sqrt(1 + w_c * w_c) - w_c - (jnp.sqrt(1 + w_t * w_t) - w_t)
    theta_E = jnp.where(there, alpha_1 / jnp.where(there, difference, 1.0), 0.0)
    stretch = 1 + safe_hypot(*bounded_ellipticity(e1, e2))  # 2 / (1 + q)
    inner, outer = jnp.where(there, w_c, w_t), jnp.where(there, w_t, w_c)
    return (
        theta_E,
        inner,
        outer,
        jnp.where(there, stretch * w_c, 1.0),
        jnp.where(there, stretch * w_t, 1.0),
    )


def split(alpha_1, w_c, w_t, e1, e2):
    """The two isothermal ellipsoids."""
    theta_E, _, _, core, cut = param_convert(alpha_1, w_c, w_t, e1, e2)
    return (theta_E, e1, e2, core), (-theta_E, e1, e2, cut)


def split_two(alpha_1, ratio, *shapes):
    """Two profiles whose amplitudes have this ratio."""
    return (alpha_1 / (1 + 1 / ratio), *shapes[:4]), (alpha_1 / (1 + ratio), *shapes[4:])


def split_three(alpha_1, ratio12, ratio13, *shapes):
    """Three profiles whose amplitudes have these ratios."""
    first = alpha_1 / (1 + 1 / ratio12 + 1 / ratio13)
    return (first, *shapes[:4]), (first / ratio12, *shapes[4:8]), (first / ratio13, *shapes[8:])


def split_point(alpha_1, ratio_pointmass, *rest):
    """Point mass and double profile."""
    return (alpha_1 / (1 + 1 / ratio_pointmass),), (alpha_1 / (1 + ratio_pointmass), *rest)


def density_lens(r, alpha_1, w_c, w_t, e1=0, e2=0, center_x=0, center_y=0):
    """3d density at radius r [arcsec] of the spherical deflector."""
    return sum(isothermal.density_lens(r, *p) for p in split(alpha_1, w_c, w_t, e1, e2))


def mass_3d_lens(r, alpha_1, w_c, w_t, e1=0, e2=0, center_x=0, center_y=0):
    """Mass inside the sphere of radius r [arcsec] of the spherical deflector."""
    return sum(isothermal.mass_3d_lens(r, *p) for p in split(alpha_1, w_c, w_t, e1, e2))


def density_two(r, alpha_1, ratio, w_c1, w_t1, e11, e21, w_c2, w_t2, e12, e22, center_x=0, center_y=0):
    """3d density at radius r [arcsec] of the spherical deflector."""
    return sum(density_lens(r, *p) for p in split_two(alpha_1, ratio, w_c1, w_t1, e11, e21, w_c2, w_t2, e12, e22))


def mass_two(r, alpha_1, ratio, w_c1, w_t1, e11, e21, w_c2, w_t2, e12, e22, center_x=0, center_y=0):
    """Mass inside the sphere of radius r [arcsec] of the spherical deflector."""
    return sum(mass_3d_lens(r, *p) for p in split_two(alpha_1, ratio, w_c1, w_t1, e11, e21, w_c2, w_t2, e12, e22))


def density_three(
    r,
    alpha_1,
    ratio12,
    ratio13,
    w_c1,
    w_t1,
    e11,
    e21,
    w_c2,
    w_t2,
    e12,
    e22,
    w_c3,
    w_t3,
    e13,
    e23,
    center_x=0,
    center_y=0,
):
    """3d density at radius r [arcsec] of the spherical deflector."""
    shapes = (w_c1, w_t1, e11, e21, w_c2, w_t2, e12, e22, w_c3, w_t3, e13, e23)
    return sum(density_lens(r, *p) for p in split_three(alpha_1, ratio12, ratio13, *shapes))


def mass_three(
    r,
    alpha_1,
    ratio12,
    ratio13,
    w_c1,
    w_t1,
    e11,
    e21,
    w_c2,
    w_t2,
    e12,
    e22,
    w_c3,
    w_t3,
    e13,
    e23,
    center_x=0,
    center_y=0,
):
    """Mass inside the sphere of radius r [arcsec] of the spherical deflector."""
    shapes = (w_c1, w_t1, e11, e21, w_c2, w_t2, e12, e22, w_c3, w_t3, e13, e23)
    return sum(mass_3d_lens(r, *p) for p in split_three(alpha_1, ratio12, ratio13, *shapes))


chameleon = total(nie, nie, split=split)
double_chameleon = total(chameleon, chameleon, split=split_two)


class Chameleon(LensProfileBase):
    __doc__ = __doc__

    parameters = (ALPHA_1, *shape(), *CENTRE)
    kernel = centred(chameleon)
    param_convert = method(param_convert)
    density_lens = method(density_lens)
    mass_3d_lens = method(mass_3d_lens)

    def __init__(self, static=False):
        """
        :param static: accepted for compatibility: compiled profiles hold no parameters
        """
        super().__init__(static=static)


class DoubleChameleon(LensProfileBase):
    """Sum of two chameleons of common centre."""

    parameters = (ALPHA_1, ratio("ratio"), *shape(1), *shape(2), *CENTRE)
    kernel = centred(double_chameleon)
    density_lens = method(density_two)
    mass_3d_lens = method(mass_two)


class TripleChameleon(LensProfileBase):
    """Sum of three chameleons of common centre."""

    parameters = (ALPHA_1, ratio("ratio12"), ratio("ratio13"), *shape(1), *shape(2), *shape(3), *CENTRE)
    kernel = centred(total(chameleon, chameleon, chameleon, split=split_three))
    density_lens = method(density_three)
    mass_3d_lens = method(mass_three)


class DoubleChameleonPointMass(LensProfileBase):
    """Sum of two chameleons and a point mass of common centre."""

    parameters = (ALPHA_1, ratio("ratio_pointmass"), ratio("ratio_chameleon"), *shape(1), *shape(2), *CENTRE)
    param_names = ["alpha_1", "ratio_chameleon", "ratio_pointmass", *DoubleChameleon.param_names[2:]]
    kernel = centred(total(point_mass.kernel(), double_chameleon, split=split_point))
