"""Lensing by mass maps at several redshifts."""

import numpy as np

from jaxtronomy.Cosmo.lens_cosmo import LensCosmo
from jaxtronomy.LensModel import convergence_integrals
from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.Util import constants as const
from jaxtronomy.Util import util

__all__ = ["LightCone", "MassSlice"]


class LightCone:
    """Mass maps at several redshifts as a multi-plane lens model of interpolated potentials and deflections."""

    def __init__(self, mass_map_list, grid_spacing_list, redshift_list):
        """
        :param mass_map_list: masses of the pixels of each map [M_sun]
        :param grid_spacing_list: side of a pixel of each map [Mpc, physical]
        :param redshift_list: redshift of each map
        """
        maps = zip(mass_map_list, grid_spacing_list, redshift_list)
        self._mass_slice_list = [MassSlice(*m) for m in maps]
        self._mass_map_list = mass_map_list
        self._grid_spacing_list = grid_spacing_list
        self._redshift_list = redshift_list

    def cone_instance(self, z_source, cosmo, multi_plane=True, kwargs_interp=None):
        """The lens model of all maps.

        :param z_source: redshift of the source
        :param cosmo: astropy cosmology
        :param multi_plane: True for multi-plane ray tracing
        :param kwargs_interp: constructor options of each interpolated profile, None: defaults
        :return: :class:`~jaxtronomy.LensModel.lens_model.LensModel`, parameters of each lens model
        """
        lens_model = LensModel(
            lens_model_list=["INTERPOL"] * len(self._mass_map_list),
            lens_redshift_list=self._redshift_list,
            multi_plane=multi_plane,
            z_source_convention=z_source,
            cosmo=cosmo,
            z_source=z_source,
            profile_kwargs_list=kwargs_interp,
        )
        return lens_model, [s.interpol_instance(z_source, cosmo) for s in self._mass_slice_list]


class MassSlice:
    """A mass map at one redshift; its integrals are computed once, for any cosmology."""

    def __init__(self, mass_map, grid_spacing, redshift):
        """
        :param mass_map: masses of the pixels [n, n] [M_sun]
        :param grid_spacing: side of a pixel [Mpc, physical]
        :param redshift: redshift
        :raises ValueError: a map that is not square
        """
        nx, ny = np.shape(mass_map)
        if nx != ny:
            raise ValueError(f"the mass map has to be square, not of shape ({nx}, {ny}).")
        self._mass_map = mass_map
        self._grid_spacing = grid_spacing
        self._redshift = redshift
        self._f_x_mass, self._f_y_mass = convergence_integrals.deflection_from_kappa_grid(mass_map, grid_spacing)
        self._f_mass = convergence_integrals.potential_from_kappa_grid(mass_map, grid_spacing)
        self._x_axes_mpc, self._y_axes_mpc = util.get_axes(*util.make_grid(num_pix=nx, delta_pix=grid_spacing))

    def interpol_instance(self, z_source, cosmo):
        """Parameters of an 'INTERPOL' lens model.

        :param z_source: redshift of the source
        :param cosmo: astropy cosmology
        :return: axes [arcsec], potential [arcsec^2] and deflections [arcsec]
        """
        lens = LensCosmo(z_lens=self._redshift, z_source=z_source, cosmo=cosmo)
        mpc_per_arcsec = lens.dd * const.arcsec
        # the integrals have the mass of a pixel in place of its convergence
        per_mass = 1 / lens.sigma_crit_angle / self._grid_spacing**2
        return {
            "grid_interp_x": self._x_axes_mpc / mpc_per_arcsec,
            "grid_interp_y": self._y_axes_mpc / mpc_per_arcsec,
            "f_": self._f_mass * per_mass,
            "f_x": self._f_x_mass * per_mass * mpc_per_arcsec,
            "f_y": self._f_y_mass * per_mass * mpc_per_arcsec,
        }
