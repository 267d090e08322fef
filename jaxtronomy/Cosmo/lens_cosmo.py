"""Physical units of a lens: distances, masses, velocities, times."""

from functools import cached_property

import jax.numpy as jnp
import numpy as np

from ..core.compile import elementwise
from ..LensModel.Profiles.sersic_utils import SersicUtil
from ..Util import constants as const
from .background import Background
from .gnfw_param import GNFWParam, projected_mass_function
from .nfw_param import NFWParam

__all__ = ["LensCosmo"]

#: c^2 / (4 pi G) [M_sun / Mpc]
MASS_PER_LENGTH = const.c**2 / (4 * np.pi * const.G) * (const.Mpc / const.M_sun)
NFW_PROJECTED = 1 - np.log(2)  # mass projected within the scale radius, over 4 pi rho0 rs^3
ULDM = 2048 * np.sqrt(0.091) / (429 * np.pi)  # central density times core radius over surface density, of a soliton


@elementwise
def _uldm_masses(kappa_0, theta_c, radian, sigma_crit):
    """log10 of the particle [eV] and soliton [M_sun] masses; lengths in pc."""
    core = theta_c * radian
    rho0 = ULDM * kappa_0 * sigma_crit / core
    particle = 0.5 * jnp.log10(190 / rho0 * (core / 100) ** -4)
    return particle - 22, 9 + jnp.log10(160 * 1.4 / core) - 2 * particle


class LensCosmo:
    """Conversions between angles and physical units for a lens and a source.

    :param z_lens: redshift of the lens
    :param z_source: redshift of the source
    :param cosmo: astropy.cosmology instance; None for astropy's default
    """

    def __init__(self, z_lens, z_source, cosmo=None):
        self.z_lens = z_lens
        self.z_source = z_source
        self.background = Background(cosmo=cosmo)
        self.nfw_param = NFWParam(cosmo=cosmo)
        self.gnfw_param = GNFWParam(cosmo=cosmo)

    @property
    def h(self):
        """Hubble constant [100 km/s/Mpc]."""
        return self.background.cosmo.H(0).value / 100.0

    @cached_property
    def dd(self):
        """Angular diameter distance to the lens [Mpc]."""
        return self.background.d_xy(0, self.z_lens)

    @cached_property
    def ds(self):
        """Angular diameter distance to the source [Mpc]."""
        return self.background.d_xy(0, self.z_source)

    @cached_property
    def dds(self):
        """Angular diameter distance from the lens to the source [Mpc]."""
        return self.background.d_xy(self.z_lens, self.z_source)

    @property
    def ddt(self):
        """Time-delay distance [Mpc]."""
        return (1 + self.z_lens) * self.dd * self.ds / self.dds

    @property
    def sigma_crit(self):
        """Critical surface density [M_sun / Mpc^2]."""
        return self.ds / (self.dd * self.dds) * MASS_PER_LENGTH

    @property
    def sigma_crit_angle(self):
        """Critical surface density [M_sun / arcsec^2]."""
        return self.sigma_crit * (self.dd * const.arcsec) ** 2

    def phys2arcsec_lens(self, phys):
        """Angle [arcsec] of a length [Mpc] at the lens."""
        return phys / self.dd / const.arcsec

    def arcsec2phys_lens(self, arcsec):
        """Length [Mpc] at the lens of an angle [arcsec]."""
        return arcsec * const.arcsec * self.dd

    def arcsec2phys_source(self, arcsec):
        """Length [Mpc] at the source of an angle [arcsec]."""
        return arcsec * const.arcsec * self.ds

    def kappa2proj_mass(self, kappa):
        """Surface density [M_sun / Mpc^2] of a convergence."""
        return kappa * self.sigma_crit

    def mass_in_theta_E(self, theta_E):
        """Mass [M_sun] within an Einstein radius [arcsec]."""
        return self.arcsec2phys_lens(theta_E) ** 2 * np.pi * self.sigma_crit

    def mass_in_coin(self, theta_E):
        """Mass [M_sun] at the mean critical density in the double cone of an Einstein radius.

        :param theta_E: Einstein radius [arcsec]
        :return: mass [M_sun]
        """
        lens, source = self.background.T_xy(0, self.z_lens), self.background.T_xy(0, self.z_source)
        return np.pi / 3 * (lens * theta_E * const.arcsec) ** 2 * source * self.background.rho_crit

    def time_delay_units(self, fermat_pot, kappa_ext=0):
        """Time delay [days] of a Fermat potential (Suyu et al. 2010, ApJ 711, 201).

        :param fermat_pot: Fermat potential [arcsec^2]
        :param kappa_ext: convergence of other masses along the line of sight
        :return: time delay [days]
        """
        return const.delay_arcsec2days(fermat_pot, self.ddt * (1.0 - kappa_ext))

    def time_delay2fermat_pot(self, dt):
        """Fermat potential [arcsec^2] of a time delay [days]."""
        return dt / const.delay_arcsec2days(1.0, self.ddt)

    def nfw_angle2physical(self, Rs_angle, alpha_Rs):
        """Halo of the parameters of an NFW lens.

        :param Rs_angle: scale radius [arcsec]
        :param alpha_Rs: deflection at the scale radius [arcsec]
        :return: density normalisation [M_sun / Mpc^3], scale radius [Mpc], concentration, r200 [Mpc], mass [M_sun]
        """
        rho0, Rs = self._density(Rs_angle, alpha_Rs, NFW_PROJECTED)
        c = self.nfw_param.c_rho0(rho0 / self.h**2, self.z_lens)
        return rho0, Rs, c, c * Rs, self._mass(c * Rs)

    def gnfw_angle2physical(self, Rs_angle, alpha_Rs, gamma_in):
        """Halo of the parameters of a generalised NFW lens.

        :param Rs_angle: scale radius [arcsec]
        :param alpha_Rs: deflection at the scale radius [arcsec]
        :param gamma_in: inner slope
        :return: density normalisation [M_sun / Mpc^3], scale radius [Mpc], concentration, r200 [Mpc], mass [M_sun]
        """
        rho0, Rs = self._density(Rs_angle, alpha_Rs, projected_mass_function(gamma_in))
        c = self.gnfw_param.c_rho0(rho0 / self.h**2, self.z_lens, gamma_in)
        return rho0, Rs, c, c * Rs, self._mass(c * Rs)

    def _density(self, Rs_angle, alpha_Rs, projected):
        """Density normalisation [M_sun / Mpc^3] and scale radius [Mpc] of a lens."""
        Rs = self.arcsec2phys_lens(Rs_angle)
        return self.arcsec2phys_lens(alpha_Rs) * self.sigma_crit / (4 * Rs**2 * projected), Rs

    def _mass(self, r200):
        """Mass [M_sun] within r200 [Mpc]."""
        return self.nfw_param.M_r200(r200 * self.h, self.z_lens) / self.h

    def nfw_physical2angle(self, M, c):
        """Parameters of the NFW lens of a halo.

        :param M: mass within r200 [M_sun]
        :param c: concentration, r200 over the scale radius
        :return: scale radius [arcsec], deflection there [arcsec]
        """
        rho0, Rs, _ = self.nfwParam_physical(M, c)
        return self._angles(rho0, Rs, NFW_PROJECTED)

    def gnfw_physical2angle(self, M, c, gamma_in):
        """Parameters of the generalised NFW lens of a halo.

        :param M: mass within r200 [M_sun]
        :param c: concentration, r200 over the scale radius
        :param gamma_in: inner slope
        :return: scale radius [arcsec], deflection there [arcsec]
        """
        rho0, Rs, _ = self.gnfwParam_physical(M, c, gamma_in)
        return self._angles(rho0, Rs, projected_mass_function(gamma_in))

    def _angles(self, rho0, Rs, projected):
        """Scale radius [arcsec] and deflection there [arcsec] of a halo."""
        deflection = rho0 * 4 * Rs**2 * projected / self.sigma_crit
        return self.phys2arcsec_lens(Rs), self.phys2arcsec_lens(deflection)

    def nfwParam_physical(self, M, c):
        """NFW halo of a mass and a concentration.

        :param M: mass within r200 [M_sun]
        :param c: concentration, r200 over the scale radius
        :return: density normalisation [M_sun / Mpc^3], scale radius [Mpc], r200 [Mpc]
        """
        r200 = self._r200(M)
        return self.nfw_param.rho0_c(c, self.z_lens) * self.h**2, r200 / c, r200

    def gnfwParam_physical(self, M, c, gamma_in):
        """Generalised NFW halo of a mass and a concentration.

        :param M: mass within r200 [M_sun]
        :param c: concentration, r200 over the scale radius
        :param gamma_in: inner slope
        :return: density normalisation [M_sun / Mpc^3], scale radius [Mpc], r200 [Mpc]
        """
        r200 = self._r200(M)
        return self.gnfw_param.rho0_c(c, self.z_lens, gamma_in) * self.h**2, r200 / c, r200

    def _r200(self, M):
        """Radius r200 [Mpc] of a mass [M_sun]."""
        return self.nfw_param.r200_M(M * self.h, self.z_lens) / self.h

    def nfw_M_theta_r200(self, M):
        """Angle [arcsec] of the r200 of a mass [M_sun]."""
        return self.phys2arcsec_lens(self._r200(M))

    def gnfw_M_theta_r200(self, M):
        """Angle [arcsec] of the r200 of a mass [M_sun]; the inner slope plays no part."""
        return self.phys2arcsec_lens(self._r200(M))

    def sis_theta_E2sigma_v(self, theta_E):
        """Velocity dispersion [km/s] of a singular isothermal sphere of an Einstein radius [arcsec]."""
        return (theta_E * const.arcsec / (4 * np.pi) * self.ds / self.dds) ** 0.5 * const.c / 1000

    def sis_sigma_v2theta_E(self, v_sigma):
        """Einstein radius [arcsec] of a singular isothermal sphere of a velocity dispersion [km/s]."""
        return 4 * np.pi * (v_sigma * 1000.0 / const.c) ** 2 * self.dds / self.ds / const.arcsec

    def hernquist_phys2angular(self, mass, rs):
        """Parameters of the Hernquist lens of a mass.

        :param mass: total mass [M_sun]
        :param rs: scale radius [Mpc]
        :return: sigma0 (the deflection at rs is 2/3 rs sigma0), scale radius [arcsec]
        """
        return mass / (2 * np.pi * rs**2) / self.sigma_crit, self.phys2arcsec_lens(rs)

    def hernquist_angular2phys(self, sigma0, rs_angle):
        """Mass of a Hernquist lens.

        :param sigma0: normalisation (the deflection at rs is 2/3 rs sigma0)
        :param rs_angle: scale radius [arcsec]
        :return: total mass [M_sun], scale radius [Mpc]
        """
        rs = self.arcsec2phys_lens(rs_angle)
        return 2 * np.pi * sigma0 * self.sigma_crit * rs**2, rs

    def uldm_angular2phys(self, kappa_0, theta_c):
        """Masses of a soliton of ultra-light dark matter.

        :param kappa_0: central convergence
        :param theta_c: core radius [arcsec]
        :return: log10 of the mass of the particle [eV], log10 of that of the soliton [M_sun]
        """
        return _uldm_masses(kappa_0, theta_c, const.arcsec * self.dd * 1e6, self.sigma_crit * 1e-12)

    def uldm_mphys2angular(self, m_log10, M_log10):
        """Parameters of the lens of a soliton of ultra-light dark matter.

        :param m_log10: log10 of the mass of the particle [eV]
        :param M_log10: log10 of the mass of the soliton [M_sun]
        :return: central convergence, core radius [arcsec]
        """
        particle, soliton = 10.0 ** (m_log10 + 22), 10.0 ** (M_log10 - 9)
        core = 160 * 1.4 / (particle**2 * soliton)  # [pc]
        rho0 = 190 / particle**2 * (core / 100) ** -4  # [M_sun / pc^3]
        return rho0 * core / (ULDM * self.sigma_crit * 1e-12), self.phys2arcsec_lens(core * 1e-6)

    def sersic_m_star2k_eff(self, m_star, R_sersic, n_sersic):
        """Convergence at the half-light radius of a Sersic profile of a stellar mass.

        :param m_star: stellar mass [M_sun]
        :param R_sersic: half-light radius [arcsec]
        :param n_sersic: Sersic index
        :return: convergence
        """
        flux = SersicUtil().total_flux(amp=1, R_sersic=R_sersic, n_sersic=n_sersic)
        return m_star / self.sigma_crit_angle / flux

    def sersic_k_eff2m_star(self, k_eff, R_sersic, n_sersic):
        """Stellar mass of a Sersic profile of a convergence at the half-light radius.

        :param k_eff: convergence at the half-light radius
        :param R_sersic: half-light radius [arcsec]
        :param n_sersic: Sersic index
        :return: stellar mass [M_sun]
        """
        return k_eff * self.sigma_crit_angle * SersicUtil().total_flux(amp=1, R_sersic=R_sersic, n_sersic=n_sersic)

    def vel_disp_dPIED_sigma0(self, vel_disp, Ra, Rs):
        r"""Normalisation of the pseudo-Jaffe lens that is, between its radii, a singular isothermal sphere.

        There :math:`\kappa \approx \sigma_0 R_a R_s / (R_s - R_a) / R`, which is :math:`\theta_E / (2R)`.

        :param vel_disp: velocity dispersion of the sphere [km/s]
        :param Ra: core radius [arcsec]
        :param Rs: transition radius [arcsec]
        :return: sigma0
        """
        return self.sis_sigma_v2theta_E(vel_disp) / 2 * (Rs - Ra) / (Rs * Ra)

    def beta_double_source_plane(self, z_lens, z_source_1, z_source_2):
        """Ratio of the reduced deflections of two sources.

        :param z_lens: redshift of the lens
        :param z_source_1: redshift of the first source
        :param z_source_2: redshift of the second source
        :return: deflection of the first over that of the second
        """
        return self.background.beta_double_source_plane(z_lens, z_source_1, z_source_2)

    def theta_E_power_law_scaling(
        self, theta_E_convention, kappa_ext_convention, gamma_pl, z_lens, z_source_convention, z_source
    ):
        """Einstein radius of a power law and an external convergence for a source at another redshift.

        :param theta_E_convention: Einstein radius of the power law alone, for the source of the convention [arcsec]
        :param kappa_ext_convention: external convergence, for the source of the convention
        :param gamma_pl: slope of the power law
        :param z_lens: redshift of the lens
        :param z_source_convention: redshift of the source of the convention
        :param z_source: redshift of the source
        :return: Einstein radius [arcsec]
        """
        beta = self.beta_double_source_plane(z_lens, z_source, z_source_convention)
        return theta_E_convention * (beta / (1 - kappa_ext_convention * beta)) ** (1.0 / (gamma_pl - 1.0))
