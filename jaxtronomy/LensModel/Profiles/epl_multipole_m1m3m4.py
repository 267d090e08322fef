"""Elliptical power law with multipoles of order 1, 3 and 4.

See :mod:`~jaxtronomy.LensModel.Profiles.epl_multipole_m3m4`; multipoles as in Paugnat & Gilman 2025.
"""

import math

from jaxtronomy.core.frames import centred
from jaxtronomy.core.parameters import Parameter

from .base_profile import CENTRE, ELLIPTICITY, GAMMA, THETA_E, LensProfileBase
from .epl_multipole_m3m4 import M3, M4, with_multipoles

__all__ = ["EPL_MULTIPOLE_M1M3M4", "EPL_MULTIPOLE_M1M3M4_ELL"]

M1 = (Parameter("a1_a", -0.2, 0.2), Parameter("delta_phi_m1", -math.pi, math.pi, unit="rad"))


class EPL_MULTIPOLE_M1M3M4_ELL(LensProfileBase):
    """Elliptical power law with elliptical multipoles of order 1, 3 and 4."""

    parameters = (THETA_E, GAMMA, *ELLIPTICITY, *M1, *M3, *M4, *CENTRE)
    param_names = [p.name for p in (THETA_E, GAMMA, *ELLIPTICITY, *CENTRE, *M1, *M3, *M4)]
    kernel = centred(with_multipoles((1, 3, 4), elliptical=True))


class EPL_MULTIPOLE_M1M3M4(LensProfileBase):
    """Elliptical power law with multipoles of order 1, 3 and 4 about circles."""

    parameters = EPL_MULTIPOLE_M1M3M4_ELL.parameters
    param_names = EPL_MULTIPOLE_M1M3M4_ELL.param_names
    kernel = centred(with_multipoles((1, 3, 4), elliptical=False))
