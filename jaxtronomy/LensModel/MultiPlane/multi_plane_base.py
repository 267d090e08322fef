"""Lens models in many planes: the recursion along the line of sight."""

import numpy as np

from jaxtronomy.core.blocks import in_blocks
from jaxtronomy.core.compile import evaluate, namespace
from jaxtronomy.core.lensing import LensMap
from jaxtronomy.core.ray_tracing import Distances, delays, trace
from jaxtronomy.core.tree import freeze
from jaxtronomy.Cosmo.background import Background
from jaxtronomy.LensModel.profile_list_base import ProfileListBase
from jaxtronomy.Util import constants as const

__all__ = ["MultiPlaneBase"]

_DAYS = const.delay_arcsec2days(1, 1)  # delay of 1 Mpc arcsec^2


def deflection(terms, x, y, step, plane, factor, last, source, shapiro):
    """Effective deflection: the difference between image and source position."""
    path = Distances(step, plane, factor)
    end_x, end_y = in_blocks(lambda x, y: trace(terms, 0 * x, 0 * y, x, y, path, last)[:2], x, y)
    return x - end_x / source, y - end_y / source


def arrival_time(terms, x, y, step, plane, factor, last, source, shapiro):
    """Arrival time [days]."""
    geometric, gravitational = delays(terms, x, y, Distances(step, plane, factor), shapiro, last, source)
    return _DAYS * geometric + gravitational


def geo_shapiro(terms, x, y, step, plane, factor, last, source, shapiro):
    """Geometric and gravitational delay [days]."""
    geometric, gravitational = delays(terms, x, y, Distances(step, plane, factor), shapiro, last, source)
    return _DAYS * geometric, gravitational


def comoving(terms, x, y, alpha_x, alpha_y, step, plane, factor, last):
    """Comoving positions and angles at the end of a part of the path."""
    return trace(terms, x, y, alpha_x, alpha_y, Distances(step, plane, factor), last)


MULTI_PLANE = LensMap(deflection, delay=arrival_time)


class MultiPlaneBase(ProfileListBase):
    """A list of lens models in many planes.

    The deflections are reduced ones, for a source at ``z_source_convention``. Distances are arguments of the compiled
    programs: another cosmology or source redshift compiles nothing.
    """

    lens_map = MULTI_PLANE

    def __init__(
        self,
        lens_model_list,
        lens_redshift_list,
        z_source_convention,
        cosmo=None,
        cosmo_interp=False,
        z_interp_stop=None,
        num_z_interp=100,
        profile_kwargs_list=None,
        use_jax=False,
    ):
        """
        :param lens_model_list: model names
        :param lens_redshift_list: redshift of each lens model
        :param z_source_convention: source redshift to which the deflection angles refer
        :param cosmo: astropy cosmology, None: astropy's default
        :param cosmo_interp: interpolate the distances
        :param z_interp_stop: highest redshift of that interpolation, None: ``z_source_convention``
        :param num_z_interp: number of redshifts of that interpolation
        :param profile_kwargs_list: constructor options of each profile (None: defaults)
        :param use_jax: accepted for compatibility; every profile is native
        :raises ValueError: as many redshifts as lens models are needed, none negative and none behind the source
        """
        if len(lens_model_list) != len(lens_redshift_list):
            raise ValueError(f"{len(lens_redshift_list)} redshifts given for {len(lens_model_list)} lens models.")
        for i, z in enumerate(lens_redshift_list):
            if not (np.isfinite(z) and z >= 0):
                raise ValueError(f"lens model {i} is at redshift {z}; it has to be a number that is not negative.")
        if len(lens_redshift_list) > 0 and np.max(lens_redshift_list) >= z_source_convention:
            i = np.argmax(lens_redshift_list)
            raise ValueError(
                f"lens model {i} at redshift {lens_redshift_list[i]} is not in front of the source redshift of the "
                f"convention, {z_source_convention}."
            )
        self._lens_model_list = lens_model_list
        self._lens_redshift_list = lens_redshift_list
        self._z_source_convention = z_source_convention
        self._cosmo_bkg = Background(
            cosmo,
            interp=cosmo_interp,
            **({"z_stop": z_interp_stop or z_source_convention, "num_interp": num_z_interp} if cosmo_interp else {}),
        )
        super().__init__(lens_model_list, profile_kwargs_list, lens_redshift_list, z_source_convention, use_jax)
        self._sorted_redshift_index = np.argsort(lens_redshift_list) if len(lens_redshift_list) else []
        self._sorted_redshifts = np.array([lens_redshift_list[i] for i in self._sorted_redshift_index], dtype=float)
        self.set_T_zs_and_T_ijs()

    def _structure(self):
        """What distinguishes two lists of lenses in the programs of larger models: distances are constants there."""
        numbers = (self._T_ij_list, self._T_z_list, self._reduced2physical_factor, self._lens_redshift_list)
        return self._profiles, freeze([np.asarray(n, dtype=float) for n in numbers])

    def set_T_zs_and_T_ijs(self):
        """Compute the distances to the planes and between them."""
        distance = self._cosmo_bkg
        z_planes, plane_of = np.unique(self._sorted_redshifts, return_inverse=True)
        first = np.diff(self._sorted_redshifts, prepend=0) > 0
        far = [distance.T_xy(0, z) for z in z_planes]
        between = [distance.T_xy(a, b) if b > 0 else 0 for a, b in zip([0, *z_planes[:-1]], z_planes)]
        source = distance.d_xy(0, self._z_source_convention)
        factors = [source / distance.d_xy(z, self._z_source_convention) for z in z_planes]
        self._T_z_list = [far[p] if z > 0 else 0 for p, z in zip(plane_of, self._sorted_redshifts)]
        self._T_ij_list = [between[p] if new else 0 for p, new in zip(plane_of, first)]
        self._reduced2physical_factor = np.array([factors[p] for p in plane_of], dtype=float)
        per_plane = [const.delay_arcsec2days(1, distance.ddt(z, self._z_source_convention)) for z in z_planes]
        self._shapiro = np.array([per_plane[p] for p in plane_of], dtype=float)

    def set_background_cosmo(self, cosmo):
        """Use another cosmology.

        :param cosmo: astropy cosmology
        """
        self._cosmo_bkg.cosmo = cosmo
        self.set_T_zs_and_T_ijs()

    @property
    def z_source_convention(self):
        """Source redshift to which the deflection angles refer."""
        return self._z_source_convention

    @property
    def sorted_redshift_index(self):
        """Indices of the lens models, sorted by redshift."""
        return self._sorted_redshift_index

    @property
    def T_z_list(self):
        """Transverse comoving distance to each lens [Mpc], sorted by redshift."""
        return self._T_z_list

    @T_z_list.setter
    def T_z_list(self, T_z_list):
        self._T_z_list = T_z_list

    @property
    def T_ij_list(self):
        """Transverse comoving distance from each lens to the next [Mpc], sorted by redshift."""
        return self._T_ij_list

    @T_ij_list.setter
    def T_ij_list(self, T_ij_list):
        self._T_ij_list = T_ij_list

    def _between(self, z_start, z_stop, include_z_start=False):
        """Places (in the order of redshift) of the lenses behind ``z_start`` and not behind ``z_stop``."""
        z = self._sorted_redshifts
        start = np.searchsorted(z, z_start, side="left" if include_z_start else "right")
        return slice(int(start), max(int(start), int(np.searchsorted(z, z_stop, side="right"))))

    def path(self, kwargs_lens, z_start, z_stop, include_z_start=False, T_ij_start=None, T_ij_end=None):
        """The lenses between two redshifts, sorted, with the distances that :func:`~jaxtronomy.core.ray_tracing.trace`
        takes.

        :param kwargs_lens: parameters of each lens model
        :param z_start: redshift of the start
        :param z_stop: redshift of the end
        :param include_z_start: with the lenses at ``z_start``
        :param T_ij_start: distance to the first lens [Mpc], None: computed
        :param T_ij_end: distance from the last lens to the end [Mpc], None: computed
        :return: profiles, their parameters, :class:`~jaxtronomy.core.ray_tracing.Distances`, distance from the last
            lens to the end, delays of unit potential [days / arcsec^2]
        """
        part = self._between(z_start, z_stop, include_z_start)
        order = self._sorted_redshift_index[part]
        steps = list(self._T_ij_list[part])
        if steps:
            if T_ij_start is not None:
                steps[0] = T_ij_start
            elif z_start != 0:
                steps[0] = self._cosmo_bkg.T_xy(z_start, self._sorted_redshifts[part][0])
            else:
                steps[0] = self._T_ij_list[0]
        if T_ij_end is None:
            z_last = self._sorted_redshifts[part][-1] if steps else z_start
            T_ij_end = 0.0 if z_last == z_stop else self._cosmo_bkg.T_xy(z_last, z_stop)
        distances = Distances(_array(steps), _array(self._T_z_list[part]), self._reduced2physical_factor[part])
        profiles, kwargs = tuple(self._profiles[i] for i in order), [kwargs_lens[i] for i in order]
        return profiles, kwargs, distances, T_ij_end, self._shapiro[part]

    def ray_shooting_partial_comoving(
        self,
        x,
        y,
        alpha_x,
        alpha_y,
        z_start,
        z_stop,
        kwargs_lens,
        include_z_start=False,
        T_ij_start=None,
        T_ij_end=None,
    ):
        """Rays through a part of the planes, in comoving positions.

        :param x: comoving position at the start [Mpc, times the unit of the angles]
        :param y: comoving position at the start
        :param alpha_x: angle at the start [arcsec]
        :param alpha_y: angle at the start [arcsec]
        :param z_start: redshift of the start
        :param z_stop: redshift of the end; its lenses deflect
        :param kwargs_lens: parameters of each lens model
        :param include_z_start: whether the lenses at ``z_start`` deflect
        :param T_ij_start: distance to the first lens [Mpc], None: computed
        :param T_ij_end: distance from the last lens to the end [Mpc], None: computed
        :return: comoving position x, y and angles at the end
        """
        profiles, kwargs, distances, last, _ = self.path(
            kwargs_lens, z_start, z_stop, include_z_start, T_ij_start, T_ij_end
        )
        return evaluate(comoving, profiles, kwargs, (x, y, alpha_x, alpha_y), (*distances, last), kind="lens model")

    def ray_shooting_partial(
        self,
        theta_x,
        theta_y,
        alpha_x,
        alpha_y,
        z_start,
        z_stop,
        kwargs_lens,
        include_z_start=False,
        T_ij_start=None,
        T_ij_end=None,
        T_z_start=None,
        T_z_stop=None,
    ):
        """Rays through a part of the planes, in angles on the sky.

        :param theta_x: position at the start [arcsec]
        :param theta_y: position at the start [arcsec]
        :param alpha_x: angle at the start [arcsec]
        :param alpha_y: angle at the start [arcsec]
        :param z_start: redshift of the start
        :param z_stop: redshift of the end; its lenses deflect
        :param kwargs_lens: parameters of each lens model
        :param include_z_start: whether the lenses at ``z_start`` deflect
        :param T_ij_start: distance to the first lens [Mpc], None: computed
        :param T_ij_end: distance from the last lens to the end [Mpc], None: computed
        :param T_z_start: distance to the start [Mpc], None: computed
        :param T_z_stop: distance to the end [Mpc], None: computed
        :return: position x, y on the sky and angles at the end [arcsec]
        """
        start = self._cosmo_bkg.T_xy(0, z_start) if T_z_start is None else T_z_start
        stop = self._cosmo_bkg.T_xy(0, z_stop) if T_z_stop is None else T_z_stop
        x, y = _array(theta_x) * start, _array(theta_y) * start
        x, y, alpha_x, alpha_y = self.ray_shooting_partial_comoving(
            x, y, alpha_x, alpha_y, z_start, z_stop, kwargs_lens, include_z_start, T_ij_start, T_ij_end
        )
        return x / stop, y / stop, alpha_x, alpha_y

    def transverse_distance_start_stop(self, z_start, z_stop, include_z_start=False):
        """Distances at the ends of a part of the planes.

        :param z_start: redshift of the start
        :param z_stop: redshift of the end
        :param include_z_start: whether the lenses at ``z_start`` belong to it
        :return: distance to the first lens (None without lenses), distance from the last lens to the end [Mpc]
        """
        z = self._sorted_redshifts[self._between(z_start, z_stop, include_z_start)]
        if len(z) == 0:
            return None, self._cosmo_bkg.T_xy(z_start, z_stop)
        return self._cosmo_bkg.T_xy(z_start, z[0]), self._cosmo_bkg.T_xy(z[-1], z_stop)

    def geo_shapiro_delay(self, theta_x, theta_y, kwargs_lens, z_stop, T_z_stop=None, T_ij_end=None):
        """Geometric and gravitational (Shapiro) delay relative to a straight ray through the origin.

        :param theta_x: image position [arcsec]
        :param theta_y: image position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param z_stop: redshift of the source
        :param T_z_stop: distance to the source [Mpc], None: computed
        :param T_ij_end: distance from the last lens to the source [Mpc], None: computed
        :return: geometric and gravitational delay [days]; negative: earlier
        """
        profiles, kwargs, distances, last, shapiro = self.path(kwargs_lens, 0, z_stop, T_ij_end=T_ij_end)
        source = self._cosmo_bkg.T_xy(0, z_stop) if T_z_stop is None else T_z_stop
        extra = (*distances, last, source, shapiro)
        return evaluate(geo_shapiro, profiles, kwargs, (theta_x, theta_y), extra, kind="lens model")


def _array(values):
    """Numbers as an array of floats: NumPy, unless there is a JAX array among them."""
    return namespace(values).asarray(values, dtype=float)
