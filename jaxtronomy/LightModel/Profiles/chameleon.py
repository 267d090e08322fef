r"""Chameleon profiles: differences of two isothermal ellipses (Dutton et al. 2011, Suyu et al. 2014).

.. math::
    I(R) = \frac{A_0}{2}\left[\frac{1}{\sqrt{s_c^2 + R^2}} - \frac{1}{\sqrt{s_t^2 + R^2}}\right], \qquad
    s_i = \frac{2 w_i}{1 + q}

where :math:`A_0 = A / [\alpha(w_c) - \alpha(w_t)]` with :math:`\alpha(w) = \sqrt{1 + w^2} - w`: ``amp`` is the
deflection at one arcsecond of the round lens. The profile is zero for :math:`w_t < w_c`. Both differences vanish where
the widths are equal; their ratio, in which they appear, does not, and is evaluated without either.
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import ellipticity_to_phi_q
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.LensModel.Profiles.chameleon import Chameleon as ChameleonLens

from .profile_base import AMP, CENTRE, ELLIPTICITY, LightProfileBase, centred, elliptical_radius_squared

__all__ = ["Chameleon", "DoubleChameleon", "TripleChameleon"]


def widths(suffix=""):
    """The parameters ``w_c, w_t``."""
    return tuple(Parameter(f"{name}{suffix}", 0, 100, unit="arcsec") for name in ("w_c", "w_t"))


def wide_ellipticity(suffix):
    """The ellipticity of one of several components."""
    return tuple(Parameter(f"{name}{suffix}", -0.8, 0.8) for name in ("e1", "e2"))


def scales(w_c, w_t, e1, e2):
    """s_c^2, s_t^2 and A_0 (s_t^2 - s_c^2) for unit amplitude."""
    q = ellipticity_to_phi_q(e1, e2)[1]
    stretch = (2 / (1 + q)) ** 2
    root_c, root_t = jnp.sqrt(1 + w_c * w_c), jnp.sqrt(1 + w_t * w_t)
    slope = (1 / (root_c + w_c) + 1 / (root_t + w_t)) / (root_c + root_t)  # of alpha between the widths
    norm = jnp.where(w_t >= w_c, stretch * (w_c + w_t) / slope, 0.0)
    return stretch * w_c * w_c, stretch * w_t * w_t, norm


def chameleon(x, y, w_c, w_t, e1, e2):
    """Projected profile for unit amplitude."""
    s_c, s_t, norm = scales(w_c, w_t, e1, e2)
    r2 = elliptical_radius_squared(x, y, e1, e2)
    a, b = jnp.sqrt(s_c + r2), jnp.sqrt(s_t + r2)
    return norm / (2 * a * b * (a + b))


def chameleon_3d(r, w_c, w_t, e1, e2):
    """Light density at the 3d radius r of the profile with unit amplitude, as if it were round."""
    s_c, s_t, norm = scales(w_c, w_t, e1, e2)
    return norm / (2 * math.pi * (s_c + r * r) * (s_t + r * r))


def double(f, x, ratio, first, second):
    """Two components f(*x, *parameters) with unit total amplitude and this ratio of first to second."""
    return (ratio * f(*x, *first) + f(*x, *second)) / (1 + ratio)


def triple(f, x, ratio12, ratio13, first, second, third):
    """Three components with unit total amplitude and these ratios of the first to the others."""
    parts = ratio12 * ratio13 * f(*x, *first) + ratio13 * f(*x, *second) + ratio12 * f(*x, *third)
    return parts / (ratio12 * ratio13 + ratio13 + ratio12)


class Chameleon(LightProfileBase):
    """Chameleon profile."""

    parameters = (AMP, *widths(), *ELLIPTICITY, *CENTRE)
    kernel = staticmethod(centred(chameleon))
    _chameleonLens = ChameleonLens()  # the mass profile of this shape, by its name in lenstronomy

    @method
    def light_3d(r, amp, w_c, w_t, e1, e2, center_x=0, center_y=0):
        """Light density at the 3d radius r [arcsec]."""
        return amp * chameleon_3d(r, w_c, w_t, e1, e2)


class DoubleChameleon(LightProfileBase):
    """Two chameleon profiles of one centre; ``ratio`` is that of the first to the second amplitude."""

    parameters = (
        AMP,
        Parameter("ratio", 0, 100),
        *(p for i in "12" for p in (*widths(i), *wide_ellipticity(i))),
        *CENTRE,
    )
    kernel = staticmethod(centred(lambda x, y, ratio, *p: double(chameleon, (x, y), ratio, p[:4], p[4:])))

    @method
    def light_3d(r, amp, ratio, w_c1, w_t1, e11, e21, w_c2, w_t2, e12, e22, center_x=0, center_y=0):
        """Light density at the 3d radius r [arcsec]."""
        return amp * double(chameleon_3d, (r,), ratio, (w_c1, w_t1, e11, e21), (w_c2, w_t2, e12, e22))


class TripleChameleon(LightProfileBase):
    """Three chameleon profiles of one centre; the ratios are those of the first to the other amplitudes."""

    parameters = (
        AMP,
        Parameter("ratio12", 0, 100),
        Parameter("ratio13", 0, 100),
        *(p for i in "123" for p in (*widths(i), *wide_ellipticity(i))),
        *CENTRE,
    )
    kernel = staticmethod(centred(lambda x, y, r12, r13, *p: triple(chameleon, (x, y), r12, r13, p[:4], p[4:8], p[8:])))
    positive = False  # lenstronomy leaves it out of its check

    @method
    def light_3d(
        r,
        amp,
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
        """Light density at the 3d radius r [arcsec]."""
        first, second, third = (w_c1, w_t1, e11, e21), (w_c2, w_t2, e12, e22), (w_c3, w_t3, e13, e23)
        return amp * triple(chameleon_3d, (r,), ratio12, ratio13, first, second, third)
