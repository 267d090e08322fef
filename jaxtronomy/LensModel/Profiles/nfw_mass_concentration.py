r"""Navarro-Frenk-White profile by mass and concentration (Navarro, Frenk & White 1997, ApJ 490, 493).

``logM`` is the decadic logarithm of M200 [M_sun] and the concentration is r200/Rs, for 200 times the critical density
at the redshift of the lens. Converting them to angles needs a cosmology and the redshifts; with
:math:`m(c) = \ln(1+c) - c/(1+c)`,

.. math::
    R_s \propto M^{1/3}/c, \qquad \alpha_{R_s} \propto M^{2/3}\,c/m(c).
"""

import math
from functools import cached_property

import jax
import jax.numpy as jnp

from jaxtronomy.core.frames import reparametrised
from jaxtronomy.core.numerics import log1p
from jaxtronomy.Cosmo.lens_cosmo import LensCosmo

from .base_profile import CENTRE, LensProfileBase, Parameter
from .nfw import NFW

__all__ = ["NFWMC"]

LOG_M = Parameter("logM", 0, 16, unit="log10(M_sun)")
CONCENTRATION = Parameter("concentration", 0.01, 1000)


class Cosmology:
    """An astropy cosmology (None: flat, H0 = 70 km/s/Mpc, Omega_m = 0.3, Omega_b = 0.05) that can be hashed."""

    def __init__(self, cosmo):
        if cosmo is None:
            from astropy.cosmology import FlatLambdaCDM

            cosmo = FlatLambdaCDM(H0=70, Om0=0.3, Ob0=0.05)
        self.cosmo = getattr(cosmo, "cosmo", cosmo)

    def __eq__(self, other):
        return isinstance(other, Cosmology) and self.cosmo == other.cosmo

    def __hash__(self):
        return hash(repr(self.cosmo))


def lens_cosmo(profile, z_lens, z_source, cosmology):
    """The conversions of a lens at these redshifts.

    :raises ValueError: a redshift is missing
    """
    for name, z in (("z_lens", z_lens), ("z_source", z_source)):
        if z is None:
            raise ValueError(f"{profile} is defined by mass and needs {name}; it was not given.")
    return LensCosmo(z_lens, z_source, cosmology.cosmo)


def _in_angles(z_lens, z_source, cosmology, profile):
    """A function from (logM, concentration, ...) to (Rs, alpha_Rs, ...)."""
    with jax.ensure_compile_time_eval():
        unit_Rs, unit_alpha = lens_cosmo(profile, z_lens, z_source, cosmology).nfw_physical2angle(1.0, 1.0)
    unit_Rs, unit_alpha = float(unit_Rs), float(unit_alpha) * (math.log(2) - 0.5)

    def convert(logM, concentration, *rest):
        size = jnp.exp(math.log(10) / 3 * logM)
        concentration = jnp.asarray(concentration)
        mass = log1p(concentration) - concentration / (1 + concentration)
        return unit_Rs * size / concentration, unit_alpha * size * size * concentration / mass, *rest

    return convert


class NFWMC(LensProfileBase):
    __doc__ = __doc__

    parameters = (LOG_M, CONCENTRATION, *CENTRE)
    _in_angles = NFW()

    def __init__(self, z_lens, z_source, cosmo=None, static=False):
        """
        :param z_lens: redshift of the lens
        :param z_source: redshift of the source, to which the deflection angles refer
        :param cosmo: astropy.cosmology instance; None for flat, H0 = 70 km/s/Mpc, Omega_m = 0.3
        :param static: accepted for compatibility: compiled profiles hold no parameters that could become stale
        """
        super().__init__(z_lens=z_lens, z_source=z_source, cosmo=Cosmology(cosmo), static=static)

    @cached_property
    def kernel(self):
        """The profile in angles, reparametrised."""
        options = self._options
        convert = _in_angles(options["z_lens"], options["z_source"], options["cosmo"], type(self).__name__)
        return reparametrised(self._in_angles.kernel, convert)

    def set_static(self, logM, concentration, *args, **kwargs):
        """Accepted for compatibility: compiled profiles hold no parameters that could become stale."""
