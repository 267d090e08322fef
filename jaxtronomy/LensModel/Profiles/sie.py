r"""Singular isothermal ellipsoid (Kormann, Schneider & Bartelmann 1994, A&A 284, 285).

.. math::
    \kappa = \frac{\theta_E}{2\rho}, \qquad \rho^2 = q x'^2 + y'^2/q

It is the :mod:`~jaxtronomy.LensModel.Profiles.nie` with a core of 1e-10 arcsec, as in lenstronomy.
"""

from jax import lax

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import bounded_ellipticity, centred, reparametrised
from jaxtronomy.core.kernel import Kernel

from . import sis
from .base_profile import CENTRE, ELLIPTICITY, THETA_E, LensProfileBase
from .epl import epl
from .nie import bounded_deflection, flattening, nie

__all__ = ["SIE"]

S_SCALE = 1e-10  # [arcsec]


def deflection(x, y, theta_E, e1, e2, center_x=0.0, center_y=0.0):
    """That of the NIE, whose core here is too small for a derivative by it to matter."""
    e1, e2 = bounded_ellipticity(e1, e2)
    core = lax.stop_gradient(S_SCALE * flattening(e1, e2))
    return bounded_deflection(x, y, theta_E, e1, e2, core, center_x, center_y)


cored = reparametrised(nie, lambda theta_E, e1, e2: (theta_E, e1, e2, S_SCALE))
sie = Kernel(cored.psi, deflection, cored.second)


def mass_3d(r, rho0, e1=0, e2=0):
    """Mass inside the sphere of radius r [arcsec], as if it were round."""
    return sis.mass_3d(r, rho0)


def mass_3d_lens(r, theta_E, e1=0, e2=0):
    """Mass inside the sphere of radius r [arcsec], as if it were round."""
    return sis.mass_3d_lens(r, theta_E)


def mass_2d(r, rho0, e1=0, e2=0):
    """Mass inside the projected radius r [arcsec], as if it were round."""
    return sis.mass_2d(r, rho0)


def mass_2d_lens(r, theta_E, e1=0, e2=0):
    """Mass inside the projected radius r [arcsec], as if it were round."""
    return sis.mass_2d_lens(r, theta_E)


def grav_pot(x, y, rho0, e1=0, e2=0, center_x=0, center_y=0):
    """3d gravitational potential, up to a constant: mass over radius, as if it were round."""
    return sis.grav_pot(x, y, rho0, center_x, center_y)


def density(r, rho0, e1=0, e2=0):
    """3d density at radius r [arcsec], rho0 / r^2."""
    return sis.density(r, rho0)


def density_lens(r, theta_E, e1=0, e2=0):
    """3d density at radius r [arcsec] whose projection is the round convergence."""
    return sis.density_lens(r, theta_E)


def density_2d(x, y, rho0, e1=0, e2=0, center_x=0, center_y=0):
    """Projected density of the 3d density normalisation rho0, as if it were round."""
    return sis.density_2d(x, y, rho0, center_x, center_y)


class SIE(LensProfileBase):
    __doc__ = __doc__

    parameters = (THETA_E, *ELLIPTICITY, *CENTRE)
    kernel = centred(sie, deflection)
    theta2rho = staticmethod(elementwise(sis.theta2rho))
    density = staticmethod(elementwise(density))
    density_2d = staticmethod(elementwise(density_2d))
    mass_3d = staticmethod(elementwise(mass_3d))
    mass_2d = method(mass_2d)
    grav_pot = method(grav_pot)
    density_lens = method(density_lens)
    mass_3d_lens = method(mass_3d_lens)
    mass_2d_lens = method(mass_2d_lens)

    def __init__(self, NIE=True):
        """
        :param NIE: True for the isothermal ellipsoid with a tiny core, False for the elliptical power law of slope 2
        """
        if not NIE:
            self.kernel = centred(reparametrised(epl, lambda theta_E, e1, e2: (theta_E, 2.0, e1, e2)))
        super().__init__(NIE=NIE)
