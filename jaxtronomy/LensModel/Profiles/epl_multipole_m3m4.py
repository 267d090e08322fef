r"""Elliptical power law with multipoles of order 3 and 4 (Van de Vyver et al. 2022, A&A 659, A127).

The sum of :mod:`~jaxtronomy.LensModel.Profiles.epl` and of :mod:`~jaxtronomy.LensModel.Profiles.multipole`, whose
amplitudes are :math:`a_m\theta_E/\sqrt q` about circles or :math:`a_m\theta_E` about ellipses, at angles from the
major axis.  As in lenstronomy, the reference ellipses of the latter lie along the x-axis.
"""

import math

import jax.numpy as jnp

from jaxtronomy.core.frames import centred, ellipticity_to_phi_q
from jaxtronomy.core.kernel import total
from jaxtronomy.core.parameters import Parameter

from .base_profile import CENTRE, ELLIPTICITY, GAMMA, THETA_E, LensProfileBase
from .epl import epl
from .multipole import elliptical_multipole, multipole

__all__ = ["EPL_MULTIPOLE_M3M4", "EPL_MULTIPOLE_M3M4_ELL"]

M3 = (Parameter("a3_a", -0.2, 0.2), Parameter("delta_phi_m3", -math.pi / 6, math.pi / 6, unit="rad"))
M4 = (Parameter("a4_a", -0.2, 0.2), Parameter("delta_phi_m4", -math.pi / 8, math.pi / 8, unit="rad"))


def with_multipoles(orders, elliptical):
    """Power law and multipoles of these orders; amplitude and angle of each follow the power law's parameters.

    :param orders: tuple of orders
    :param elliptical: whether they perturb ellipses (True) or circles
    """

    def split(theta_E, gamma, e1, e2, *waves):
        phi, q = ellipticity_to_phi_q(e1, e2)
        scale = theta_E if elliptical else theta_E / jnp.sqrt(q)
        yield theta_E, gamma, e1, e2
        for m, amplitude, angle in zip(orders, waves[::2], waves[1::2]):
            shape = (amplitude * scale, phi + angle)
            yield (m, *shape, q, theta_E) if elliptical else (m, *shape, theta_E)

    kernel = elliptical_multipole if elliptical else multipole
    return total(epl, *[kernel] * len(orders), split=split)


class EPL_MULTIPOLE_M3M4_ELL(LensProfileBase):
    """Elliptical power law with elliptical multipoles of order 3 and 4."""

    parameters = (THETA_E, GAMMA, *ELLIPTICITY, *M3, *M4, *CENTRE)
    param_names = [p.name for p in (THETA_E, GAMMA, *ELLIPTICITY, *CENTRE, *M3, *M4)]
    kernel = centred(with_multipoles((3, 4), elliptical=True))


class EPL_MULTIPOLE_M3M4(LensProfileBase):
    """Elliptical power law with multipoles of order 3 and 4 about circles."""

    parameters = EPL_MULTIPOLE_M3M4_ELL.parameters
    param_names = EPL_MULTIPOLE_M3M4_ELL.param_names
    kernel = centred(with_multipoles((3, 4), elliptical=False))
