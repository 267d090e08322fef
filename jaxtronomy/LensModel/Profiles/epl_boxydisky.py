"""Elliptical power law with a boxy or disky perturbation: the multipole of order 4 along its axes.

See :mod:`~jaxtronomy.LensModel.Profiles.epl_multipole_m3m4`; disky for positive, boxy for negative ``a4_a``
(Van de Vyver et al. 2022, A&A 659, A127).
"""

from jaxtronomy.core.frames import centred, reparametrised
from jaxtronomy.core.parameters import Parameter

from .base_profile import CENTRE, ELLIPTICITY, GAMMA, THETA_E, LensProfileBase
from .epl_multipole_m3m4 import with_multipoles

__all__ = ["EPL_BOXYDISKY", "EPL_BOXYDISKY_ELL"]

A4 = Parameter("a4_a", -0.1, 0.1)


def aligned(*p):
    """The angle of the multipole is that of the major axis."""
    return (*p, 0.0)


class EPL_BOXYDISKY_ELL(LensProfileBase):
    """Elliptical power law with a boxy or disky perturbation of its ellipses."""

    parameters = (THETA_E, GAMMA, *ELLIPTICITY, A4, *CENTRE)
    param_names = [p.name for p in (THETA_E, GAMMA, *ELLIPTICITY, *CENTRE, A4)]
    kernel = centred(reparametrised(with_multipoles((4,), elliptical=True), aligned))


class EPL_BOXYDISKY(LensProfileBase):
    """Elliptical power law with a boxy or disky perturbation of circles."""

    parameters = EPL_BOXYDISKY_ELL.parameters
    param_names = EPL_BOXYDISKY_ELL.param_names
    kernel = centred(reparametrised(with_multipoles((4,), elliptical=False), aligned))
