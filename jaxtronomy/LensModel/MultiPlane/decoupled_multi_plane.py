r"""Multi-plane lensing with fixed deflections in front of and behind the main lens (Gilman et al. 2024).

With the comoving position :math:`\mathbf x(\theta)` at the main lens, the angle :math:`\boldsymbol\alpha_f(\theta)` of
the ray that arrives there and the effective deflection :math:`\boldsymbol\alpha_b(\theta)` behind it held fixed, the
source position is :math:`\boldsymbol\beta = [\mathbf x + T_{ds}(\boldsymbol\alpha_f - \hat{\boldsymbol\alpha}(\mathbf x
/ T_d) + \boldsymbol\alpha_b)] / T_s`.
"""

import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.lensing import LensMap
from jaxtronomy.core.tree import freeze
from jaxtronomy.Cosmo.background import Background
from jaxtronomy.LensModel.MultiPlane.multi_plane import MultiPlane
from jaxtronomy.LensModel.Profiles.base_profile import deflection as main_deflection
from jaxtronomy.LensModel.single_plane import SinglePlane

__all__ = ["MultiPlaneDecoupled"]

_FIELDS = (
    "x0_interp",
    "y0_interp",
    "alpha_x_interp_foreground",
    "alpha_y_interp_foreground",
    "alpha_x_interp_background",
    "alpha_y_interp_background",
)


def constant(x, y, *values):
    """Fields that are the same everywhere."""
    return values


def bilinear(x, y, first, spacing, *tables):
    """Fields on a regular grid, linear between the points and beyond the edges.

    :param x: position [arcsec]
    :param y: position [arcsec]
    :param first: first coordinates along both axes [arcsec]
    :param spacing: spacing along both axes [arcsec]
    :param tables: values, first axis x
    """
    n, m = tables[0].shape
    u, v = (x - first[0]) / spacing[0], (y - first[1]) / spacing[1]
    i, j = jnp.clip(jnp.floor(u), 0, n - 2), jnp.clip(jnp.floor(v), 0, m - 2)
    a, b = u - i, v - j
    i, j = i.astype(int), j.astype(int)
    return tuple(
        (1 - a) * ((1 - b) * t[i, j] + b * t[i, j + 1]) + a * ((1 - b) * t[i + 1, j] + b * t[i + 1, j + 1])
        for t in tables
    )


def nearest(x, y, points, *values):
    """Fields at the nearest of some points.

    :param x: position [arcsec]
    :param y: position [arcsec]
    :param points: positions of the points [2, n] [arcsec]
    :param values: values at the points
    """
    column = (points.shape[1],) + (1,) * jnp.ndim(x)
    distance = (x[None] - points[0].reshape(column)) ** 2 + (y[None] - points[1].reshape(column)) ** 2
    index = jnp.argmin(distance, axis=0)
    return tuple(v[index] for v in values)


class Field:
    """A field on the sky as a function of a pair of coordinates, NumPy or JAX.

    :param rule: :func:`constant`, :func:`bilinear` or :func:`nearest`
    :param where: what the rule needs to know beside the values
    :param values: values of the field
    """

    def __init__(self, rule, where, values):
        self.rule = rule
        self.where = tuple(np.asarray(w, dtype=float) for w in where)
        self.values = np.asarray(values, dtype=float)

    def __call__(self, *coordinates):
        if self.rule is constant:
            return self.values
        if len(coordinates) == 1:
            coordinates = coordinates[0]
        return _RULES[self.rule](*coordinates, *self.where, self.values)[0]

    def _structure(self):
        """What distinguishes two fields."""
        return self.rule, freeze([*self.where, self.values])


_RULES = {rule: elementwise(rule) for rule in (bilinear, nearest)}


def _map(rule):
    """The lens mapping with the fields of one rule."""

    def deflection(terms, x, y, lens, source, between, factor, *fields):
        x_lens, y_lens, front_x, front_y, back_x, back_y = rule(x, y, *fields)
        f_x, f_y = main_deflection(terms, x_lens / lens, y_lens / lens)
        beta_x = (x_lens + (front_x - factor * f_x + back_x) * between) / source
        beta_y = (y_lens + (front_y - factor * f_y + back_y) * between) / source
        return x - beta_x, y - beta_y

    return LensMap(deflection)


_MAPS = {rule: _map(rule) for rule in (constant, bilinear, nearest)}


class MultiPlaneDecoupled(MultiPlane):
    """A main lens with fixed deflections in front of it and behind it.

    The six interpolations are functions of a tuple of coordinates; those that
    :func:`~jaxtronomy.LensModel.Util.decouple_multi_plane_util.decoupled_multiplane_class_setup` makes are part of the
    compiled program, and everything that follows from the mapping can be differentiated and traced.
    """

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
        x0_interp=None,
        y0_interp=None,
        alpha_x_interp_foreground=None,
        alpha_y_interp_foreground=None,
        alpha_x_interp_background=None,
        alpha_y_interp_background=None,
        z_split=None,
        use_jax=False,
    ):
        """
        :param z_source: redshift of the source
        :param lens_model_list: model names of the main lens
        :param lens_redshift_list: redshift of each lens model
        :param cosmo: astropy cosmology, None: astropy's default or that of ``cosmology_model``
        :param observed_convention_index: as for :class:`~jaxtronomy.LensModel.MultiPlane.multi_plane.MultiPlane`
        :param ignore_observed_positions: as for MultiPlane
        :param z_source_convention: as for MultiPlane
        :param z_lens_convention: as for MultiPlane
        :param cosmo_interp: as for MultiPlane
        :param z_interp_stop: as for MultiPlane
        :param num_z_interp: as for MultiPlane
        :param profile_kwargs_list: constructor options of each profile (None: defaults)
        :param distance_ratio_sampling: as for MultiPlane
        :param cosmology_sampling: as for MultiPlane
        :param cosmology_model: as for MultiPlane
        :param x0_interp: comoving position of the rays at the main lens, as a function of the angles on the sky
        :param y0_interp: the same, y
        :param alpha_x_interp_foreground: angle of the rays that arrive at the main lens
        :param alpha_y_interp_foreground: the same, y
        :param alpha_x_interp_background: effective deflection behind the main lens
        :param alpha_y_interp_background: the same, y
        :param z_split: redshift of the main lens
        :param use_jax: accepted for compatibility; every profile is native
        """
        interpolations = (
            x0_interp,
            y0_interp,
            alpha_x_interp_foreground,
            alpha_y_interp_foreground,
            alpha_x_interp_background,
            alpha_y_interp_background,
        )
        self.kwargs_multiplane_model = dict(zip(_FIELDS, interpolations)) | {"z_split": z_split}
        self._z_split = z_split
        super().__init__(
            z_source,
            lens_model_list,
            lens_redshift_list,
            cosmo=cosmo,
            observed_convention_index=observed_convention_index,
            ignore_observed_positions=ignore_observed_positions,
            z_source_convention=z_source_convention,
            z_lens_convention=z_lens_convention,
            cosmo_interp=cosmo_interp,
            z_interp_stop=z_interp_stop,
            num_z_interp=num_z_interp,
            profile_kwargs_list=profile_kwargs_list,
            distance_ratio_sampling=distance_ratio_sampling,
            cosmology_sampling=cosmology_sampling,
            cosmology_model=cosmology_model,
        )
        self._main_deflector = SinglePlane(lens_model_list, profile_kwargs_list=profile_kwargs_list)
        self._set_split_distances(self.kwargs_class["cosmo"])

    def _set_split_distances(self, cosmo):
        """Distances to the main lens and from there to the source."""
        distance = Background(cosmo)
        z, z_source = self._z_split, self._z_source
        self._reduced_to_phys = distance.d_xy(0, z_source) / distance.d_xy(z, z_source)
        self._Ts, self._Td = distance.T_xy(0, z_source), distance.T_xy(0, z)
        self._Tds = distance.T_xy(z, z_source)

    def set_background_cosmo(self, cosmo):
        """Use another cosmology; the fixed deflections stay as they are.

        :param cosmo: astropy cosmology
        """
        super().set_background_cosmo(cosmo)
        self._set_split_distances(cosmo)

    @property
    def _fields(self):
        """The six interpolations."""
        return [self.kwargs_multiplane_model[name] for name in _FIELDS]

    @property
    def _rule(self):
        """The common rule of the interpolations, None if they are foreign functions or differ."""
        fields = self._fields
        if not all(isinstance(f, Field) for f in fields) or len({f.rule for f in fields}) > 1:
            return None
        if fields[0].rule is constant and any(f.values.size > 1 for f in fields):
            return None
        same = all(np.array_equal(a, b) for f in fields for a, b in zip(f.where, fields[0].where))
        return fields[0].rule if same else None

    @property
    def lens_map(self):
        """The lens mapping as pure functions; None if an interpolation is a foreign function."""
        rule = self._rule
        return None if rule is None else _MAPS[rule]

    def _structure(self):
        """What distinguishes two lens models in the programs of larger models."""
        numbers = [self._Td, self._Ts, self._Tds, self._reduced_to_phys]
        return self._main_deflector._structure(), freeze([float(n) for n in numbers]), freeze(self._fields)

    def plan(self, kwargs, k=None, check_convention=True):
        """What the pure functions of :attr:`lens_map` take.

        :param kwargs: parameters of each lens model
        :param k: accepted and ignored, as in lenstronomy
        :param check_convention: accepted for compatibility
        :return: profiles, their parameters, and distances and fields as further arguments of the programs
        """
        profiles, kwargs, _ = self._main_deflector.plan(kwargs)
        fields = self._fields
        values = [f.values.reshape(()) if f.rule is constant else f.values for f in fields]
        extra = (self._Td, self._Ts, self._Tds, self._reduced_to_phys, *fields[0].where, *values)
        return profiles, kwargs, extra

    def geo_shapiro_delay(self, *args, **kwargs):
        """Not defined for decoupled planes.

        :raises NotImplementedError: always
        """
        raise NotImplementedError("decoupled planes have no time delays.")

    def arrival_time(self, *args, **kwargs):
        """Not defined for decoupled planes.

        :raises NotImplementedError: always
        """
        raise NotImplementedError("decoupled planes have no time delays.")

    def ray_shooting_partial_comoving(self, *args, **kwargs):
        """Not defined for decoupled planes.

        :raises NotImplementedError: always
        """
        raise NotImplementedError("decoupled planes have no partial rays.")

    def ray_shooting(self, theta_x, theta_y, kwargs_lens, *args, **kwargs):
        """Source position of an image position.

        :param theta_x: position [arcsec]
        :param theta_y: position [arcsec]
        :param kwargs_lens: parameters of each lens model of the main lens
        :return: source-plane position x, y [arcsec]
        """
        if self.lens_map is not None:
            return self._evaluate(self.lens_map.ray_shooting, theta_x, theta_y, kwargs_lens)
        x, y, front_x, front_y, back_x, back_y = (f((theta_x, theta_y)) for f in self._fields)
        f_x, f_y = self._main_deflector.alpha(x / self._Td, y / self._Td, kwargs_lens)
        scale = self._reduced_to_phys
        beta_x = (x + (front_x - scale * f_x + back_x) * self._Tds) / self._Ts
        return beta_x, (y + (front_y - scale * f_y + back_y) * self._Tds) / self._Ts

    def alpha(self, theta_x, theta_y, kwargs_lens, check_convention=True, k=None):
        """Effective deflection, the difference between image and source position.

        :param theta_x: position [arcsec]
        :param theta_y: position [arcsec]
        :param kwargs_lens: parameters of each lens model of the main lens
        :param check_convention: accepted for compatibility
        :param k: accepted and ignored, as in lenstronomy
        :return: deflection x, y [arcsec]
        """
        beta_x, beta_y = self.ray_shooting(theta_x, theta_y, kwargs_lens)
        return theta_x - beta_x, theta_y - beta_y

    def hessian(self, theta_x, theta_y, kwargs_lens, k=None, diff=0.00000001, check_convention=True):
        """Derivatives of the effective deflection.

        :param theta_x: position [arcsec]
        :param theta_y: position [arcsec]
        :param kwargs_lens: parameters of each lens model of the main lens
        :param k: accepted and ignored, as in lenstronomy
        :param diff: width of the differences [arcsec] if an interpolation is a foreign function, else ignored
        :param check_convention: accepted for compatibility
        :return: f_xx, f_xy, f_yx, f_yy
        """
        if self.lens_map is not None:
            return self._evaluate(self.lens_map.hessian, theta_x, theta_y, kwargs_lens)
        here, right, above = (
            self.alpha(theta_x + a, theta_y + b, kwargs_lens) for a, b in ((0, 0), (diff, 0), (0, diff))
        )
        (f_xx, f_yx), (f_xy, f_yy) = (tuple((m - h) / diff for m, h in zip(moved, here)) for moved in (right, above))
        return f_xx, f_xy, f_yx, f_yy

    def set_static(self, kwargs):
        """The parameters as they are.

        :param kwargs: parameters of each lens model
        :return: kwargs
        """
        return kwargs
