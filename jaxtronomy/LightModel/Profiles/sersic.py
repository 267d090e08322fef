r"""Sersic profiles (Sersic 1963; core: Trujillo et al. 2004): round, elliptical, with a core.

.. math::
    I(R) = I_e \exp\left(-b_n \left[(R/R_e)^{1/n} - 1\right]\right), \qquad R^2 = q\,x'^2 + y'^2/q

and, with a core,

.. math::
    I(R) = I_b \left[1 + (R_b/R)^\alpha\right]^{\gamma/\alpha}
           \exp\left(-b_n \left[\left((R^\alpha + R_b^\alpha)/R_e^\alpha\right)^{1/(n\alpha)} - 1\right]\right).
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.frames import phi_q_to_ellipticity
from jaxtronomy.core.numerics import exp, log, power
from jaxtronomy.core.parameters import Parameter
from jaxtronomy.LensModel.Profiles.sersic_utils import (
    SersicUtil,
    b_n,
    elliptical_sersic,
    quadratic_form,
    sersic,
    squared_distance,
)

from .profile_base import AMP, CENTRE, ELLIPTICITY, LightProfileBase

__all__ = ["CoreSersic", "Sersic", "SersicElliptic", "SersicElliptic_qPhi"]

R_SERSIC = Parameter("R_sersic", 0, 100, unit="arcsec")
N_SERSIC = Parameter("n_sersic", 0.5, 8)
CUT = Parameter("max_R_frac", default=1000.0, hidden=True)


class SersicLight(SersicUtil, LightProfileBase):
    """What the Sersic light profiles share: the law as a function of the squared distance."""

    def _law(self, x, y, R_sersic, n_sersic, e1, e2, center_x, center_y, max_R_frac):
        form = quadratic_form(e1, e2, self._sersic_major_axis)
        numbers = R_sersic, n_sersic, max_R_frac, self._smoothing
        return elliptical_sersic(x, y, (center_x, center_y), form, *numbers)


class Sersic(SersicLight):
    """Round Sersic profile; ``amp`` is the surface brightness at the half-light radius R_sersic."""

    parameters = (AMP, R_SERSIC, N_SERSIC, *CENTRE, CUT)

    def kernel(self, x, y, R_sersic, n_sersic, center_x, center_y, max_R_frac):
        """Surface brightness for unit amplitude, pure."""
        r2 = (x - center_x) ** 2 + (y - center_y) ** 2
        return sersic(r2, R_sersic, n_sersic, max_R_frac, self._smoothing)


class SersicElliptic(SersicLight):
    """Elliptical Sersic profile; ``amp`` is the surface brightness at the half-light radius R_sersic."""

    parameters = (AMP, R_SERSIC, N_SERSIC, *ELLIPTICITY, *CENTRE, CUT)

    def kernel(self, x, y, *parameters):
        """Surface brightness for unit amplitude, pure."""
        return self._law(x, y, *parameters)


class SersicElliptic_qPhi(SersicLight):
    """Elliptical Sersic profile described by axis ratio q and position angle phi."""

    parameters = (
        AMP,
        R_SERSIC,
        N_SERSIC,
        Parameter("q", 0, 1.0),
        Parameter("phi", -math.pi, math.pi, unit="rad"),
        *CENTRE,
        CUT(default=100.0),
    )
    positive = False  # lenstronomy leaves it out of its check

    def __init__(self, *args, **kwargs):
        """
        :param args: options of :class:`SersicElliptic`
        :param kwargs: options of :class:`SersicElliptic`
        """
        super().__init__(*args, **kwargs)

    def kernel(self, x, y, R_sersic, n_sersic, q, phi, *rest):
        """Surface brightness for unit amplitude, pure."""
        return self._law(x, y, R_sersic, n_sersic, *phi_q_to_ellipticity(phi, q), *rest)


class CoreSersic(SersicLight):
    """Elliptical Sersic profile with a power-law core of slope gamma inside the break radius Rb.

    ``alpha`` is the sharpness of the transition. ``max_R_frac`` is accepted and plays no part, as in lenstronomy.
    """

    parameters = (
        AMP,
        R_SERSIC,
        Parameter("Rb", 0, 100, unit="arcsec"),
        N_SERSIC,
        Parameter("gamma", 0, 10),
        *ELLIPTICITY,
        *CENTRE,
        Parameter("alpha", default=3.0, hidden=True),
        CUT,
    )

    def kernel(self, x, y, R_sersic, Rb, n_sersic, gamma, e1, e2, center_x, center_y, alpha, max_R_frac):
        """Surface brightness for unit amplitude, pure."""
        r2 = squared_distance(x - center_x, y - center_y, e1, e2, self._sersic_major_axis)
        log_r = (alpha / 2) * log(jnp.maximum(r2, self._smoothing**2))
        log_sum = log(exp(log_r) + power(Rb, alpha))  # of R^alpha + R_b^alpha
        scaled = exp((log_sum - alpha * log(R_sersic)) / (alpha * n_sersic))
        return exp((gamma / alpha) * (log_sum - log_r) - b_n(n_sersic) * (scaled - 1))

    def total_flux(self, *args, **kwargs):
        """The flux has no closed form.

        :raises ValueError: always (lenstronomy gives the flux of the profile without its core)
        """
        raise ValueError("the flux of the light profile CoreSersic has no closed form.")
