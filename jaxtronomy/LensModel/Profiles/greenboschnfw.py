r"""Navarro-Frenk-White subhalo, tidally evolved.

.. math::
    \rho(r) = \frac{f_{te}\,\rho_0}{\left[1 + \left(\frac{r}{R_s}\frac{c_s - r_{te}}{c_s r_{te}}\right)^\delta\right]
    \frac{r}{R_s}\left(1 + \frac{r}{R_s}\right)^2}

Green & van den Bosch 2019 (https://arxiv.org/abs/1908.08537): f_te, r_te and delta are fits in the bound fraction
``f_b`` and the concentration ``c_s``. ``rho0ang`` is the density normalisation in units of the critical surface density
per arcsec. The convergence is projected at ``num_bins`` radii and handed to
:class:`~jaxtronomy.LensModel.Profiles.radial_interpolated.RadialInterpolate`.
"""

import jax.numpy as jnp

from jaxtronomy.core.compile import elementwise, method
from jaxtronomy.core.frames import centred, reparametrised
from jaxtronomy.core.kernel import Round
from jaxtronomy.core.numerics import exp, power
from jaxtronomy.core.special.quadrature import projected_density

from . import radial_interpolated as radial
from .base_profile import LensProfileBase, Parameter

__all__ = ["GreenBoschNFW"]


def rho_3d_lens(r, f_b, c_s, Rs, rho0ang):
    """3d density at radius r [arcsec]."""
    scaled, lost = c_s / 10, 1 - f_b
    f_te = power(f_b, 0.338) * power(c_s, 0.157 * power(lost, 1.337))
    r_te = c_s * power(f_b, 0.448 * power(scaled, 0.272)) * power(c_s, -0.199 * power(lost, 0.011))
    r_te = r_te * exp(-1.119 * power(scaled, 0.093) * lost)
    delta = 2.779 * power(f_b, -0.035 * power(scaled, -0.337)) * power(c_s, -0.099 * power(lost, 0.415))
    x = r / Rs
    tide = 1 + power((c_s - r_te) / (c_s * r_te) * x, delta)
    return f_te * rho0ang / (tide * x * (1 + x) ** 2)


def bins(f_b, c_s, Rs, rho0ang, r_min, r_max_factor, num_bins):
    """Convergence at the radii of the table, and the radii."""
    last = jnp.log(r_max_factor * Rs)
    first = jnp.log(jnp.asarray(r_min, last.dtype))
    r_bin = jnp.exp(first + (last - first) * jnp.linspace(0, 1, num_bins, dtype=first.dtype))
    return projected_density(lambda r: rho_3d_lens(r, f_b, c_s, Rs, rho0ang), r_bin), r_bin


_bins = elementwise(bins, static=("num_bins",))
_INTERPOLATED = centred(Round(radial.potential, radial.mean_convergence, radial.convergence).kernel())


class GreenBoschNFW(LensProfileBase):
    __doc__ = __doc__

    model_name = "GreenBoschNFW"
    parameters = (
        Parameter("f_b", 1e-5, 1.0),
        Parameter("c_s", 0.02, 1000.0),
        Parameter("Rs", 0.02, 1000.0, unit="arcsec"),
        Parameter("rho0ang", 0.0, 1e25, unit="1/arcsec"),
        Parameter("center_x", -10000.0, 10000.0, unit="arcsec"),
        Parameter("center_y", -10000.0, 10000.0, unit="arcsec"),
    )

    def __init__(self, r_min=5e-05, r_max_factor=10.0, num_bins=400, **kwargs_numerics):
        """
        :param r_min: innermost radius of the table [arcsec]
        :param r_max_factor: outermost radius of the table, in units of Rs
        :param num_bins: number of radii, which grow geometrically
        :param kwargs_numerics: options of RadialInterpolate; there are none
        """
        self.r_min, self.r_max_factor, self.num_bins = r_min, r_max_factor, num_bins

        def convert(f_b, c_s, Rs, rho0ang, center_x, center_y):
            kappa_r, r_bin = bins(f_b, c_s, Rs, rho0ang, r_min, r_max_factor, num_bins)
            return r_bin, kappa_r, center_x, center_y

        self.kernel = reparametrised(_INTERPOLATED, convert)
        super().__init__(r_min=r_min, r_max_factor=r_max_factor, num_bins=num_bins, **kwargs_numerics)

    rho_3d_lens = method(rho_3d_lens)

    def rbin_kappa_r(self, f_b, c_s, Rs, rho0ang):
        """The table.

        :param f_b: bound fraction of the mass
        :param c_s: concentration
        :param Rs: scale radius [arcsec]
        :param rho0ang: density normalisation [1/arcsec]
        :return: convergence at the radii, radii [arcsec]
        """
        return _bins(f_b, c_s, Rs, rho0ang, self.r_min, self.r_max_factor, self.num_bins)
