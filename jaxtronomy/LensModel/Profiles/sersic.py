r"""Sersic profile of convergence.

.. math::
    \kappa(r) = k_{\rm eff}\exp\left(-b\left[(r/R_e)^{1/n} - 1\right]\right), \qquad b = 1.9992\,n - 0.3271

Deflection and potential are those of Cardone 2004 (https://arxiv.org/abs/astro-ph/0311559), with the incomplete gamma
function and its integral. They are exact to the centre, where lenstronomy takes the profile as uniform inside 1e-4.
"""

import jax.numpy as jnp

from jaxtronomy.core.frames import centred
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import exp, power
from jaxtronomy.core.special.incomplete_gamma import gamma, gammainc, hyp2f2_sersic

from .base_profile import CENTRE, LensProfileBase, Parameter
from .sersic_utils import SersicUtil, b_n

__all__ = ["Sersic"]

N_SERSIC = Parameter("n_sersic", 0.5, 8)
R_SERSIC = Parameter("R_sersic", 0, 100, unit="arcsec")
K_EFF = Parameter("k_eff", 0, 10)
UNIFORM = 1e-6  # inside this fraction of R_sersic the convergence is uniform


def _reduced(r, n_sersic, R_sersic):
    """r / R_sersic, not quite zero; b; b (r / R_sersic)^(1/n)."""
    ratio = jnp.maximum(r / R_sersic, UNIFORM)
    b = b_n(n_sersic)
    return ratio, b, b * power(ratio, 1 / n_sersic)


def potential(r, n_sersic, R_sersic, k_eff):
    """Lensing potential [arcsec^2] at radius r [arcsec]."""
    ratio, b, bx = _reduced(r, n_sersic, R_sersic)
    return k_eff * R_sersic**2 / 2 * exp(b) * ratio * ratio * hyp2f2_sersic(2 * n_sersic, bx)


def mean_convergence(r, n_sersic, R_sersic, k_eff):
    """Mean convergence inside the projected radius r [arcsec]."""
    ratio, b, bx = _reduced(r, n_sersic, R_sersic)
    scale = 2 * n_sersic * exp(b) * power(b, -2 * n_sersic) * gamma(2 * n_sersic)
    return k_eff * scale * gammainc(2 * n_sersic, bx) / (ratio * ratio)


def convergence(r, n_sersic, R_sersic, k_eff):
    """Convergence at the projected radius r [arcsec]."""
    _, b, bx = _reduced(r, n_sersic, R_sersic)
    return k_eff * exp(b - bx)


ROUND = Round(potential, mean_convergence, convergence)


class Sersic(SersicUtil, LensProfileBase):
    __doc__ = __doc__

    parameters = (N_SERSIC, R_SERSIC, K_EFF, *CENTRE)
    kernel = centred(ROUND.kernel())


# the order in which lenstronomy samples the parameters is not that of its arguments
Sersic.param_names = ["k_eff", "R_sersic", "n_sersic", "center_x", "center_y"]
