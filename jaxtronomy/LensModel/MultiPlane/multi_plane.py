"""Lens models in many planes, seen from z = 0 to one source."""

import warnings

import numpy as np
from jax import lax

from jaxtronomy.core.compile import apply, evaluate, namespace
from jaxtronomy.core.lensing import LensMap
from jaxtronomy.core.ray_tracing import Distances, trace, unlensed_centres
from jaxtronomy.core.tree import freeze, structure
from jaxtronomy.LensModel.MultiPlane.multi_plane_base import MULTI_PLANE, MultiPlaneBase, arrival_time
from jaxtronomy.Util.cosmo_util import get_astropy_cosmology

__all__ = ["LensedLocation", "MultiPlane", "PhysicalLocation"]


def _centres(terms, theta_x, theta_y, step, plane, factor, planes, observed):
    """Positions of lenses without the deflection in front of them."""
    return unlensed_centres(terms, theta_x, theta_y, Distances(step, plane, factor), planes, observed=observed)


def _seen_from(terms, x, y, start, step, plane, factor, last, distance):
    """Deflection between two redshifts of rays that start at x times ``start``."""
    position = start * x
    # lenstronomy starts all rays at this height as well
    position = lax.stop_gradient(position)
    end_x, end_y, _, _ = trace(terms, position, position, x, y, Distances(step, plane, factor), last)
    return x - end_x / distance, y - end_y / distance


SEEN_FROM = LensMap(_seen_from)


class MultiPlane:
    """A list of lens models in many planes, with positions of some of them as they are observed (lensed).

    The deflections are reduced ones, for a source at ``z_source_convention``.
    """

    lens_map = MULTI_PLANE

    def __init__(
        self,
        z_source,
        lens_model_list,
        lens_redshift_list,
        cosmo=None,
        observed_convention_index=None,
        ignore_observed_positions=False,
        z_source_convention=None,
        z_lens_convention=None,
        cosmo_interp=False,
        z_interp_stop=None,
        num_z_interp=100,
        profile_kwargs_list=None,
        distance_ratio_sampling=False,
        cosmology_sampling=False,
        cosmology_model="FlatLambdaCDM",
        use_jax=False,
    ):
        """
        :param z_source: redshift of the source
        :param lens_model_list: model names
        :param lens_redshift_list: redshift of each lens model
        :param cosmo: astropy cosmology, None: astropy's default or that of ``cosmology_model``
        :param observed_convention_index: list of indices of the lens models whose ``center_x, center_y`` are observed
            (lensed) positions
        :param ignore_observed_positions: True to take them as unlensed ones all the same
        :param z_source_convention: source redshift to which the deflection angles refer, None: ``z_source``
        :param z_lens_convention: lens redshift of the effective time-delay distance, when distance ratios are sampled;
            None: the first plane
        :param cosmo_interp: interpolate the distances
        :param z_interp_stop: highest redshift of that interpolation, None: the highest source redshift
        :param num_z_interp: number of redshifts of that interpolation
        :param profile_kwargs_list: constructor options of each profile (None: defaults)
        :param distance_ratio_sampling: True if the distance ratios between planes are sampled
        :param cosmology_sampling: True if the cosmology is sampled
        :param cosmology_model: name of the sampled cosmology
        :param use_jax: accepted for compatibility; every profile is native
        :raises ValueError: an interpolation that ends in front of the source
        :raises TypeError: ``observed_convention_index`` is no list
        """
        if cosmology_sampling:
            for name, given in (("distance_ratio_sampling", distance_ratio_sampling), ("cosmo_interp", cosmo_interp)):
                if given:
                    warnings.warn(
                        f"cosmology_sampling=True and {name}=True cannot be set simultaneously. Setting {name}=False.",
                        stacklevel=2,
                    )
            distance_ratio_sampling = cosmo_interp = False
        if cosmo is None:
            cosmo = _default_cosmology(cosmology_model)
        self.cosmology_sampling = cosmology_sampling
        self.cosmology_model = cosmology_model
        self.distance_ratio_sampling = distance_ratio_sampling
        self.kwargs_class = {
            "z_source": z_source,
            "lens_model_list": lens_model_list,
            "lens_redshift_list": lens_redshift_list,
            "cosmo": cosmo,
            "observed_convention_index": observed_convention_index,
            "ignore_observed_positions": ignore_observed_positions,
            "z_source_convention": z_source_convention,
            "z_lens_convention": z_lens_convention,
            "cosmo_interp": cosmo_interp,
            "z_interp_stop": z_interp_stop,
            "num_z_interp": num_z_interp,
            "profile_kwargs_list": profile_kwargs_list,
            "distance_ratio_sampling": distance_ratio_sampling,
            "cosmology_sampling": cosmology_sampling,
            "cosmology_model": cosmology_model,
        }
        if z_source_convention is None:
            z_source_convention = z_source
        farthest = max(z_source, z_source_convention)
        if z_interp_stop is None:
            z_interp_stop = farthest
        if z_interp_stop < farthest:
            raise ValueError(
                f"z_interp_stop = {z_interp_stop} is in front of z_source = {z_source} or "
                f"z_source_convention = {z_source_convention}."
            )
        self._z_source_convention = z_source_convention
        if z_lens_convention is None:
            z_lens_convention = np.min(lens_redshift_list) if len(lens_redshift_list) else 0
        self._z_lens_convention = z_lens_convention
        self._multi_plane_base = MultiPlaneBase(
            lens_model_list,
            lens_redshift_list,
            z_source_convention,
            cosmo=cosmo,
            cosmo_interp=cosmo_interp,
            z_interp_stop=z_interp_stop,
            num_z_interp=num_z_interp,
            profile_kwargs_list=profile_kwargs_list,
            use_jax=use_jax,
        )
        self._set_source_distances(z_source)
        self._observed_convention_index = observed_convention_index
        if observed_convention_index is None:
            self._convention = PhysicalLocation()
        elif isinstance(observed_convention_index, list):
            self._convention = LensedLocation(self._multi_plane_base, observed_convention_index)
        else:
            raise TypeError(f"observed_convention_index has to be a list, not {observed_convention_index!r}.")
        self.ignore_observed_positions = ignore_observed_positions

    def _structure(self):
        """What distinguishes two lens models in the programs of larger models: distances are constants there."""
        numbers = [self._z_source, self._T_z_source, self._T_ij_start, self._T_ij_stop]
        observed = [self._observed_convention_index, self.ignore_observed_positions]
        return structure(self._multi_plane_base), freeze([float(n or 0) for n in numbers]), freeze(observed)

    def _set_source_distances(self, z_source):
        """Distances to the source."""
        self._z_source = z_source
        self._T_ij_start, self._T_ij_stop = self._multi_plane_base.transverse_distance_start_stop(0, z_source)
        self._T_z_source = self._multi_plane_base._cosmo_bkg.T_xy(0, z_source)

    def update_source_redshift(self, z_source):
        """Trace to another source redshift; the deflection angles still refer to ``z_source_convention``.

        :param z_source: redshift of the source
        """
        if z_source != self._z_source:
            self.kwargs_class["z_source"] = z_source
            self._set_source_distances(z_source)

    def set_background_cosmo(self, cosmo):
        """Use another cosmology; nothing is compiled anew.

        :param cosmo: astropy cosmology
        """
        self.kwargs_class["cosmo"] = cosmo
        self._multi_plane_base.set_background_cosmo(cosmo)
        self._set_source_distances(self._z_source)

    @property
    def multi_plane_base(self):
        """The planes without the source."""
        return self._multi_plane_base

    @property
    def func_list(self):
        """Profile of each lens model."""
        return self._multi_plane_base.func_list

    @property
    def param_name_list(self):
        """Parameter names of each lens model."""
        return self._multi_plane_base.param_name_list

    @property
    def z_source(self):
        """Redshift of the source."""
        return self._z_source

    @property
    def z_source_convention(self):
        """Source redshift to which the deflection angles refer."""
        return self._z_source_convention

    @property
    def z_lens_convention(self):
        """Lens redshift of the effective time-delay distance."""
        return self._z_lens_convention

    @property
    def T_ij_start(self):
        """Transverse comoving distance to the first lens [Mpc]."""
        return self._T_ij_start

    @T_ij_start.setter
    def T_ij_start(self, T_ij_start):
        self._T_ij_start = T_ij_start

    @property
    def T_ij_stop(self):
        """Transverse comoving distance from the last lens to the source [Mpc]."""
        return self._T_ij_stop

    @T_ij_stop.setter
    def T_ij_stop(self, T_ij_stop):
        self._T_ij_stop = T_ij_stop

    def model_info(self):
        """Print the lens models and their parameters."""
        self._multi_plane_base.model_info()

    def check_parameters(self, kwargs_list):
        """Check that every lens model is given its parameters and no others.

        :param kwargs_list: parameters of each lens model
        :raises ValueError: otherwise, naming the model and the parameter
        """
        self._multi_plane_base.check_parameters(kwargs_list)

    def observed2flat_convention(self, kwargs_lens):
        """Parameters with all centres where they are without lensing.

        :param kwargs_lens: parameters of each lens model
        :return: new parameters
        """
        return self._convention(kwargs_lens)

    def _unlensed(self, kwargs_lens, check_convention=True):
        """Parameters with all centres where they are without lensing, unless that is not asked for."""
        if check_convention and not self.ignore_observed_positions:
            return self._convention(kwargs_lens)
        return kwargs_lens

    def plan(self, kwargs, k=None, check_convention=True):
        """What the pure functions of :attr:`lens_map` take.

        :param kwargs: parameters of each lens model
        :param k: has to be None
        :param check_convention: False if the centres are where they are without lensing
        :return: profiles, sorted by redshift, their parameters, and the distances as further arguments of the programs
        """
        self._check_raise(k=k)
        kwargs = self._unlensed(kwargs, check_convention)
        profiles, kwargs, distances, last, shapiro = self._multi_plane_base.path(
            kwargs, 0, self._z_source, T_ij_start=self._T_ij_start, T_ij_end=self._T_ij_stop
        )
        return profiles, kwargs, (*distances, last, self._T_z_source, shapiro)

    def _evaluate(self, op, x, y, kwargs, check_convention=True, k=None):
        profiles, kwargs, extra = self.plan(kwargs, k, check_convention)
        return evaluate(op, profiles, kwargs, (x, y), extra, kind="lens model")

    def ray_shooting(self, theta_x, theta_y, kwargs_lens, check_convention=True, k=None):
        """Source position of an image position.

        :param theta_x: position [arcsec]
        :param theta_y: position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param check_convention: False if the centres are where they are without lensing
        :param k: has to be None
        :return: source-plane position x, y [arcsec]
        """
        return self._evaluate(self.lens_map.ray_shooting, theta_x, theta_y, kwargs_lens, check_convention, k)

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
        check_convention=True,
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
        :param check_convention: False if the centres are where they are without lensing
        :return: comoving position x, y and angles at the end
        """
        kwargs_lens = self._unlensed(kwargs_lens, check_convention)
        return self._multi_plane_base.ray_shooting_partial_comoving(
            x, y, alpha_x, alpha_y, z_start, z_stop, kwargs_lens, include_z_start, T_ij_start, T_ij_end
        )

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
        check_convention=True,
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
        :param check_convention: False if the centres are where they are without lensing
        :return: position x, y on the sky and angles at the end [arcsec]
        """
        kwargs_lens = self._unlensed(kwargs_lens, check_convention)
        return self._multi_plane_base.ray_shooting_partial(
            theta_x, theta_y, alpha_x, alpha_y, z_start, z_stop, kwargs_lens, include_z_start, T_ij_start, T_ij_end
        )

    def transverse_distance_start_stop(self, z_start, z_stop, include_z_start=False):
        """Distances at the ends of a part of the planes.

        :param z_start: redshift of the start
        :param z_stop: redshift of the end
        :param include_z_start: whether the lenses at ``z_start`` belong to it
        :return: distance to the first lens (None without lenses), distance from the last lens to the end [Mpc]
        """
        return self._multi_plane_base.transverse_distance_start_stop(z_start, z_stop, include_z_start)

    def arrival_time(self, theta_x, theta_y, kwargs_lens, check_convention=True):
        """Arrival time relative to a straight ray through the origin; negative: earlier.

        :param theta_x: image position [arcsec]
        :param theta_y: image position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param check_convention: False if the centres are where they are without lensing
        :return: arrival time [days]
        """
        return self._evaluate(arrival_time, theta_x, theta_y, kwargs_lens, check_convention)

    def geo_shapiro_delay(self, theta_x, theta_y, kwargs_lens, check_convention=True):
        """Geometric and gravitational (Shapiro) delay relative to a straight ray through the origin.

        :param theta_x: image position [arcsec]
        :param theta_y: image position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param check_convention: False if the centres are where they are without lensing
        :return: geometric and gravitational delay [days]
        """
        kwargs_lens = self._unlensed(kwargs_lens, check_convention)
        return self._multi_plane_base.geo_shapiro_delay(
            theta_x, theta_y, kwargs_lens, self._z_source, T_z_stop=self._T_z_source, T_ij_end=self._T_ij_stop
        )

    def alpha(self, theta_x, theta_y, kwargs_lens, check_convention=True, k=None):
        """Effective deflection, the difference between image and source position.

        :param theta_x: position [arcsec]
        :param theta_y: position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param check_convention: False if the centres are where they are without lensing
        :param k: has to be None
        :return: deflection x, y [arcsec]
        """
        return self._evaluate(self.lens_map.deflection, theta_x, theta_y, kwargs_lens, check_convention, k)

    def hessian(self, theta_x, theta_y, kwargs_lens, k=None, diff=0.00000001, check_convention=True):
        """Derivatives of the effective deflection.

        :param theta_x: position [arcsec]
        :param theta_y: position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param k: has to be None
        :param diff: accepted for compatibility; the derivatives are exact
        :param check_convention: False if the centres are where they are without lensing
        :return: f_xx, f_xy, f_yx, f_yy
        """
        return self._evaluate(self.lens_map.hessian, theta_x, theta_y, kwargs_lens, check_convention, k)

    def hessian_z1z2(self, z1, z2, theta_x, theta_y, kwargs_lens, diff=0.00000001):
        """Hessian of the planes between an observer at redshift z1 and a source at z2.

        As in lenstronomy, the rays start at the transverse position of ``theta_x`` in both coordinates.

        :param z1: redshift of the observer
        :param z2: redshift of the source
        :param theta_x: position and direction of the ray [arcsec]
        :param theta_y: direction of the ray [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param diff: accepted for compatibility; the derivatives are exact
        :return: f_xx, f_xy, f_yx, f_yy
        """
        distance = self._multi_plane_base._cosmo_bkg
        profiles, kwargs, path, last, _ = self._multi_plane_base.path(self._unlensed(kwargs_lens), z1, z2)
        extra = (distance.T_xy(0, z1), *path, last, distance.T_xy(z1, z2))
        return evaluate(SEEN_FROM.hessian, profiles, kwargs, (theta_x, theta_y), extra, kind="lens model")

    def co_moving2angle_z1_z2(self, x, y, z1, z2):
        """Angle under which a comoving position at z2 is seen from z1.

        :param x: comoving position [Mpc, times the unit of the angles]
        :param y: comoving position
        :param z1: redshift of the observer
        :param z2: redshift of the position
        :return: angles x, y
        """
        distance = self._multi_plane_base._cosmo_bkg.T_xy(z1, z2)
        return x / distance, y / distance

    def co_moving2angle_source(self, x, y):
        """Angle under which a comoving position at the source is seen.

        :param x: comoving position [Mpc, times the unit of the angles]
        :param y: comoving position
        :return: angles x, y
        """
        return x / self._T_z_source, y / self._T_z_source

    def set_static(self, kwargs):
        """Parameters for repeated calls, with all centres where they are without lensing; no parameter is stored.

        From now on, until :meth:`set_dynamic`, centres are taken to be such.

        :param kwargs: parameters of each lens model
        :return: the parameters to call with
        """
        kwargs = self.observed2flat_convention(kwargs)
        self.ignore_observed_positions = True
        return kwargs

    def set_dynamic(self):
        """The inverse of :meth:`set_static`."""
        self.ignore_observed_positions = False

    @staticmethod
    def _check_raise(k=None):
        """Raise if a subset of the lens models is asked for."""
        if k is not None:
            raise ValueError(
                f"multiple planes do not take a subset of the lens models, k = {k}; make a LensModel of it."
            )


def _default_cosmology(cosmology_model):
    """Astropy's default, or the standard parameters of another model."""
    if cosmology_model == "FlatLambdaCDM":
        from astropy.cosmology import default_cosmology

        return default_cosmology.get()
    return get_astropy_cosmology(cosmology_model=cosmology_model)


class PhysicalLocation:
    """Centres are where they are without lensing."""

    def __call__(self, kwargs_lens):
        """The parameters as they are.

        :param kwargs_lens: parameters of each lens model
        :return: kwargs_lens
        """
        return kwargs_lens


class LensedLocation:
    """Some centres are observed positions, lensed by what is in front of them.

    As in lenstronomy, the comoving position is divided by the distance at the place of the lens model's index in the
    list of sorted distances: keep the lens models sorted by redshift.
    """

    def __init__(self, multiplane_instance, observed_convention_index):
        """
        :param multiplane_instance: :class:`~jaxtronomy.LensModel.MultiPlane.multi_plane_base.MultiPlaneBase`
        :param observed_convention_index: indices of these lens models
        :raises ValueError: an index without a lens model, or of one that has no centre
        """
        parameters = multiplane_instance.param_name_list
        for i in observed_convention_index:
            if not 0 <= i < len(parameters):
                raise ValueError(f"observed_convention_index has lens model {i}, and there are {len(parameters)}.")
            if "center_x" not in parameters[i] or "center_y" not in parameters[i]:
                raise ValueError(
                    f"observed_convention_index has lens model {i}, which has no center_x and center_y; its parameters "
                    f"are {parameters[i]}."
                )
        self._multiplane = multiplane_instance
        redshifts = [multiplane_instance._lens_redshift_list[i] for i in observed_convention_index]
        self._inds = [observed_convention_index[i] for i in np.argsort(redshifts)]

    def __call__(self, kwargs_lens):
        """Parameters with all centres where they are without lensing.

        :param kwargs_lens: parameters of each lens model
        :return: new parameters
        """
        planes = self._multiplane
        places = {int(index): place for place, index in enumerate(planes.sorted_redshift_index)}
        profiles, kwargs, distances, _, _ = planes.path(kwargs_lens, 0, planes.z_source_convention, T_ij_end=0.0)
        observed = [[kwargs_lens[i][name] for i in self._inds] for name in ("center_x", "center_y")]
        plane = [planes.T_z_list[i] for i in self._inds]
        arguments = tuple(namespace(v).asarray(v, dtype=float) for v in (*observed, *distances, plane))
        x, y = apply(
            _centres, profiles, kwargs, arguments, kind="lens model", observed=tuple(places[i] for i in self._inds)
        )
        new = [dict(k) for k in kwargs_lens]
        for i, x_i, y_i in zip(self._inds, x, y):
            new[i]["center_x"], new[i]["center_y"] = x_i, y_i
        return new
