"""The lens model: the class that scripts use."""

import warnings

import numpy as np

from jaxtronomy.core.compile import evaluate, to_numpy
from jaxtronomy.core.lensing import LensMap
from jaxtronomy.core.tree import structure
from jaxtronomy.Cosmo.lens_cosmo import LensCosmo
from jaxtronomy.LensModel.single_plane import SinglePlane
from jaxtronomy.Util import constants as const

__all__ = ["LensModel"]

_LOS = ("LOS", "LOS_MINIMAL")
_LOS_FLEXION = ("LOS_FLEXION", "LOS_FLEXION_MINIMAL")
_METHODS = ("square", "cross")
_FLEXION_STEP = 0.0001


class LensModel:
    """A list of lens models, in one plane, with line-of-sight corrections or in many planes.

    An instance holds no compiled state and no parameters: it can be copied and pickled, and equal ones share their
    programs. Every method takes and returns what it was given: NumPy arrays and numbers, or JAX arrays inside ``jit``,
    ``grad`` and ``vmap``.
    """

    def __init__(
        self,
        lens_model_list,
        z_lens=None,
        z_source=None,
        lens_redshift_list=None,
        cosmo=None,
        multi_plane=False,
        observed_convention_index=None,
        z_source_convention=None,
        z_lens_convention=None,
        cosmo_interp=False,
        z_interp_stop=None,
        num_z_interp=100,
        profile_kwargs_list=None,
        decouple_multi_plane=False,
        kwargs_multiplane_model=None,
        distance_ratio_sampling=False,
        cosmology_sampling=False,
        cosmology_model="FlatLambdaCDM",
        use_jax=False,
    ):
        """
        :param lens_model_list: model names
        :param z_lens: redshift of the deflector; in a single plane only time delays and rescaled sources need it
        :param z_source: redshift of the source; multiple planes need it
        :param lens_redshift_list: redshift of each lens model; multiple planes need it
        :param cosmo: astropy cosmology, None: astropy's default or that of ``cosmology_model``
        :param multi_plane: True for multi-plane ray tracing
        :param observed_convention_index: indices of the lens models whose centres are observed (lensed) positions
        :param z_source_convention: source redshift to which the deflection angles refer, None: ``z_source``
        :param z_lens_convention: lens redshift of the effective time-delay distance, when distance ratios are sampled;
            None: the first plane
        :param cosmo_interp: interpolate the distances of many planes
        :param z_interp_stop: highest redshift of that interpolation, None: the highest source redshift
        :param num_z_interp: number of redshifts of that interpolation
        :param profile_kwargs_list: constructor options of each profile (None: defaults)
        :param decouple_multi_plane: True for the decoupled approximation of multiple planes
        :param kwargs_multiplane_model: the interpolations of that approximation,
            see :class:`~jaxtronomy.LensModel.MultiPlane.decoupled_multi_plane.MultiPlaneDecoupled`
        :param distance_ratio_sampling: True if the distance ratios between planes are sampled
        :param cosmology_sampling: True if the cosmology is sampled
        :param cosmology_model: name of the sampled cosmology
        :param use_jax: accepted for compatibility; every profile is native
        :raises ValueError: options that contradict each other, naming them
        """
        self.lens_model_list = lens_model_list
        self.z_lens = z_lens
        self.profile_kwargs_list = profile_kwargs_list or [{} for _ in lens_model_list]
        self._z_source_convention = z_source if z_source_convention is None else z_source_convention
        self.z_source = z_source_convention if z_source is None else z_source
        self.redshift_list = lens_redshift_list
        if cosmo is not None and cosmology_sampling is True:
            warnings.warn(
                "Astropy Cosmology is provided. Make sure your cosmology model is consistent with the cosmology_model "
                "argument for cosmology sampling.",
                stacklevel=2,
            )
        self._cosmo = cosmo
        self.cosmology_sampling = cosmology_sampling
        self.cosmology_model = cosmology_model
        self.multi_plane = multi_plane
        self._decouple_multi_plane = decouple_multi_plane
        los, los_flexion = self._line_of_sight(lens_model_list)
        self._los_effects = los is not None
        self._set_cosmology()
        if multi_plane is True:
            self._check_multi_plane(los, los_flexion)
            options = {
                "lens_model_list": lens_model_list,
                "lens_redshift_list": lens_redshift_list,
                "cosmo": self.cosmo,
                "observed_convention_index": observed_convention_index,
                "z_source_convention": self._z_source_convention,
                "cosmo_interp": cosmo_interp,
                "z_interp_stop": z_interp_stop,
                "num_z_interp": num_z_interp,
                "profile_kwargs_list": self.profile_kwargs_list,
                "use_jax": use_jax,
            }
            if decouple_multi_plane:
                from jaxtronomy.LensModel.MultiPlane.decoupled_multi_plane import MultiPlaneDecoupled

                self.lens_model = MultiPlaneDecoupled(self.z_source, **options, **(kwargs_multiplane_model or {}))
                self.type = "MultiPlaneDecoupled"
            else:
                from jaxtronomy.LensModel.MultiPlane.multi_plane import MultiPlane

                with warnings.catch_warnings():
                    # whoever gave the cosmology has been told above, if there is a reason
                    warnings.filterwarnings("ignore", message="Cosmology is provided")
                    self.lens_model = MultiPlane(
                        self.z_source,
                        **options,
                        z_lens_convention=z_lens_convention,
                        distance_ratio_sampling=distance_ratio_sampling,
                        cosmology_sampling=cosmology_sampling,
                        cosmology_model=cosmology_model,
                    )
                self.type = "MultiPlane"
            return
        options = {
            "lens_redshift_list": lens_redshift_list,
            "z_source_convention": self._z_source_convention,
            "profile_kwargs_list": self.profile_kwargs_list,
        }
        if los is not None:
            from jaxtronomy.LensModel.LineOfSight.single_plane_los import SinglePlaneLOS

            self.lens_model = SinglePlaneLOS(lens_model_list, index_los=los, **options)
            self.type = "SinglePlaneLOS"
        elif los_flexion is not None:
            from jaxtronomy.LensModel.LineOfSight.single_plane_los_flexion import SinglePlaneLOSFlexion

            self.lens_model = SinglePlaneLOSFlexion(lens_model_list, index_los_flexion=los_flexion, **options)
            self.type = "SinglePlaneLOSFlexion"
        else:
            self.lens_model = SinglePlane(lens_model_list, use_jax=use_jax, **options)
            self.type = "SinglePlane"
            if self.z_source != self._z_source_convention:
                self._rescale(self.z_source)

    def _structure(self):
        """What distinguishes two lens models in the programs of larger models."""
        return self.type, structure(self.lens_model), self._ddt_scaling

    @staticmethod
    def _line_of_sight(models):
        """Indices of the line-of-sight corrections, without and with flexion (None where there is none)."""
        los = [i for i, name in enumerate(models) if name in _LOS]
        flexion = [i for i, name in enumerate(models) if name in _LOS_FLEXION]
        if len(los) > 1:
            raise ValueError(f"lens models {los} are line-of-sight corrections; there can be only one.")
        if len(flexion) > 1:
            raise ValueError(f"lens models {flexion} are line-of-sight flexion corrections; there can be only one.")
        if los and flexion:
            raise ValueError("LOS is part of LOS_FLEXION: a lens model list can hold only one of them.")
        return (los or [None])[0], (flexion or [None])[0]

    def _check_multi_plane(self, los, los_flexion):
        """Raise what multiple planes cannot do without or with."""
        if self.redshift_list is None:
            raise ValueError("multi_plane=True needs lens_redshift_list, the redshift of each lens model.")
        if self.z_source is None:
            raise ValueError("multi_plane=True needs z_source, the redshift of the source.")
        if los is not None or los_flexion is not None:
            name = self.lens_model_list[los_flexion if los is None else los]
            raise ValueError(f"the line-of-sight correction {name} and multi_plane=True exclude each other.")

    @property
    def cosmo(self):
        """The (astropy) cosmology."""
        if self._cosmo is None:
            if self.cosmology_model == "FlatLambdaCDM":
                from astropy.cosmology import default_cosmology

                self._cosmo = default_cosmology.get()
            else:
                from jaxtronomy.Util.cosmo_util import get_astropy_cosmology

                self._cosmo = get_astropy_cosmology(cosmology_model=self.cosmology_model)
        return self._cosmo

    @cosmo.setter
    def cosmo(self, cosmo):
        self._cosmo = cosmo

    def _set_cosmology(self):
        """Distances of lens and source, where both redshifts are known."""
        self._ddt_scaling = 1
        if self.z_lens is None or self.z_source is None:
            return
        self._lensCosmo = LensCosmo(self.z_lens, self.z_source, cosmo=self.cosmo)
        if self.z_source != self._z_source_convention:
            self._ddt_scaling = self._lensCosmo.background.ddt_scaling(
                self.z_lens, self._z_source_convention, self.z_source
            )

    def _rescale(self, z_source):
        """Set the factor between deflections for ``z_source`` and for the source redshift of the convention."""
        if self.z_lens is None:
            raise ValueError(
                f"z_source = {z_source} differs from z_source_convention = {self._z_source_convention}: "
                "z_lens is needed to scale the deflections."
            )
        self.lens_model.change_redshift_scaling(
            self._lensCosmo.beta_double_source_plane(self.z_lens, z_source, self._z_source_convention)
        )

    def _time_delay_distance(self):
        """Time-delay distance [Mpc]."""
        if not hasattr(self, "_lensCosmo"):
            raise ValueError("LensModel has no z_lens and z_source, which time delays need.")
        return self._lensCosmo.ddt

    def _evaluate(self, op, x, y, kwargs, k, *first):
        """A pure function of the lens mapping, picked from it by ``op``."""
        lens_map = self.lens_model.lens_map
        if lens_map is None:
            return self._without_program(op, x, y, kwargs, first)
        profiles, kwargs, extra = self.lens_model.plan(kwargs, k)
        return evaluate(op(lens_map), profiles, kwargs, (x, y), (*first, *extra), kind="lens model")

    def _without_program(self, op, x, y, kwargs, first):
        """The same for a mapping that is a foreign function: by differences, outside of any program."""
        lens = self.lens_model
        lens_map = LensMap(lambda terms, u, v: lens.alpha(u, v, kwargs), lambda terms, u, v: lens.hessian(u, v, kwargs))
        return to_numpy(op(lens_map)(None, np.asarray(x, dtype=float), np.asarray(y, dtype=float), *first))

    def info(self):
        """Print the lens models and their parameters."""
        self.lens_model.model_info()

    def check_parameters(self, kwargs_list):
        """Check that every lens model is given its parameters and no others.

        :param kwargs_list: parameters of each lens model
        :raises ValueError: otherwise, naming the model and the parameter
        """
        self.lens_model.check_parameters(kwargs_list)

    def ray_shooting(self, x, y, kwargs, k=None):
        """Source position of an image position.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs: parameters of each lens model
        :param k: only these models (index, indices or bools)
        :return: source-plane position x, y [arcsec]
        """
        return self.lens_model.ray_shooting(x, y, kwargs, k=k)

    def fermat_potential(self, x_image, y_image, kwargs_lens, x_source=None, y_source=None):
        """Fermat potential; a lower value arrives earlier.

        With multiple planes it is the effective one, the arrival time over the time-delay distance of ``z_lens`` and
        ``z_source``.

        :param x_image: image position [arcsec]
        :param y_image: image position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param x_source: source position [arcsec], None: that of the image by ray shooting (not with multiple planes)
        :param y_source: source position [arcsec]
        :return: Fermat potential [arcsec^2]
        :raises ValueError: multiple planes without ``z_lens``
        """
        if not self.multi_plane:
            return self.lens_model.fermat_potential(x_image, y_image, kwargs_lens, x_source, y_source)
        if not hasattr(self, "_lensCosmo"):
            raise ValueError("with multiple planes, z_lens and z_source define the effective Fermat potential.")
        delay = self.lens_model.arrival_time(x_image, y_image, kwargs_lens)
        return delay / const.delay_arcsec2days(1, self._lensCosmo.ddt)

    def arrival_time(self, x_image, y_image, kwargs_lens, kappa_ext=0, x_source=None, y_source=None):
        """Arrival time relative to an undeflected ray through the origin; negative: earlier.

        :param x_image: image position [arcsec]
        :param y_image: image position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param kappa_ext: external convergence that is not part of the lens model, a factor 1 - kappa_ext
        :param x_source: source position [arcsec], None: that of the image by ray shooting (not with multiple planes)
        :param y_source: source position [arcsec]
        :return: arrival time [days]
        :raises ValueError: a single plane without ``z_lens`` or ``z_source``
        """
        if self.multi_plane:
            delay = self.lens_model.arrival_time(x_image, y_image, kwargs_lens)
        else:
            distance = self._time_delay_distance()
            fermat = self.lens_model.fermat_potential(x_image, y_image, kwargs_lens, x_source, y_source)
            delay = const.delay_arcsec2days(fermat, distance)
        return delay * (1 - kappa_ext)

    def potential(self, x, y, kwargs, k=None):
        """Lensing potential (not with multiple planes).

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs: parameters of each lens model
        :param k: only these models
        :return: potential [arcsec^2]
        :raises ValueError: multiple planes, which have none
        """
        if self.multi_plane:
            raise ValueError("multiple planes have no lensing potential; see fermat_potential and arrival_time.")
        return self.lens_model.potential(x, y, kwargs, k=k)

    def alpha(self, x, y, kwargs, k=None, diff=None):
        """Deflection angles.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs: parameters of each lens model
        :param k: only these models
        :param diff: take differences of the potential over this width [arcsec] (not with multiple planes); None: exact
        :return: deflection x, y [arcsec]
        :raises ValueError: ``diff`` with multiple planes, which have no potential
        """
        if diff is None:
            return self.lens_model.alpha(x, y, kwargs, k=k)
        if self.multi_plane:
            raise ValueError("diff takes differences of the lensing potential, which multiple planes do not have.")
        return self._evaluate(lambda m: m.alpha_differences, x, y, kwargs, k, diff)

    def hessian(self, x, y, kwargs, k=None, diff=None, diff_method="square"):
        """Derivatives of the deflection.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs: parameters of each lens model
        :param k: only these models
        :param diff: take differences of the deflection over this width [arcsec]; None: exact
        :param diff_method: differences between the corners of a "square" or on a "cross"
        :return: f_xx, f_xy, f_yx, f_yy
        :raises ValueError: unknown ``diff_method``
        """
        if diff is None:
            return self.lens_model.hessian(x, y, kwargs, k=k)
        method = self._method(diff, diff_method)
        return self._evaluate(lambda m: getattr(m, f"hessian_{method}"), x, y, kwargs, k, diff)

    @staticmethod
    def _method(diff, diff_method):
        """The method of differences, None for exact derivatives."""
        if diff is None:
            return None
        if diff_method not in _METHODS:
            raise ValueError(f"diff_method = {diff_method!r} is not one of {_METHODS}.")
        return diff_method

    def _of_hessian(self, name, x, y, kwargs, k, diff, diff_method):
        method = self._method(diff, diff_method)
        width = () if diff is None else (diff,)
        return self._evaluate(lambda m: m.of_hessian(name, method), x, y, kwargs, k, *width)

    def kappa(self, x, y, kwargs, k=None, diff=None, diff_method="square"):
        """Convergence, half the Laplacian of the potential.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs: parameters of each lens model
        :param k: only these models
        :param diff: take differences of the deflection over this width [arcsec]; None: exact
        :param diff_method: differences between the corners of a "square" or on a "cross"
        :return: convergence
        """
        return self._of_hessian("kappa", x, y, kwargs, k, diff, diff_method)

    def curl(self, x, y, kwargs, k=None, diff=None, diff_method="square"):
        """Curl of the deflection, f_xy - f_yx; only multiple planes and line-of-sight corrections have one.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs: parameters of each lens model
        :param k: only these models
        :param diff: take differences of the deflection over this width [arcsec]; None: exact
        :param diff_method: differences between the corners of a "square" or on a "cross"
        :return: curl
        """
        return self._of_hessian("curl", x, y, kwargs, k, diff, diff_method)

    def gamma(self, x, y, kwargs, k=None, diff=None, diff_method="square"):
        """Shear, (f_xx - f_yy) / 2 and f_xy.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs: parameters of each lens model
        :param k: only these models
        :param diff: take differences of the deflection over this width [arcsec]; None: exact
        :param diff_method: differences between the corners of a "square" or on a "cross"
        :return: gamma1, gamma2
        """
        return self._of_hessian("gamma", x, y, kwargs, k, diff, diff_method)

    def magnification(self, x, y, kwargs, k=None, diff=None, diff_method="square"):
        """Signed magnification, 1 / det(1 - Hessian); infinite on a critical curve.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs: parameters of each lens model
        :param k: only these models
        :param diff: take differences of the deflection over this width [arcsec]; None: exact
        :param diff_method: differences between the corners of a "square" or on a "cross"
        :return: magnification
        """
        return self._of_hessian("magnification", x, y, kwargs, k, diff, diff_method)

    def flexion(self, x, y, kwargs, k=None, diff=_FLEXION_STEP, hessian_diff=False):
        """Third derivatives.

        With the default arguments they are exact. Any other ``diff`` takes differences of the Hessian over that width.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs: parameters of each lens model
        :param k: only these models
        :param diff: width of the differences [arcsec]
        :param hessian_diff: if True, the Hessian as well by differences, over ``diff / 4``
        :return: f_xxx, f_xxy, f_xyy, f_yyy
        """
        if hessian_diff is True:
            return self._evaluate(lambda m: m.flexion_differences_only, x, y, kwargs, k, diff)
        if diff == _FLEXION_STEP and self.lens_model.lens_map is not None:
            return self._evaluate(lambda m: m.flexion, x, y, kwargs, k)
        return self._evaluate(lambda m: m.flexion_differences, x, y, kwargs, k, diff)

    def hessian_z1z2(self, z1, z2, theta_x, theta_y, kwargs_lens, diff=0.00000001):
        """Hessian of the planes between an observer at redshift z1 and a source at z2.

        :param z1: redshift of the observer
        :param z2: redshift of the source
        :param theta_x: position and direction of the ray [arcsec]
        :param theta_y: position and direction of the ray [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param diff: accepted for compatibility; the derivatives are exact
        :return: f_xx, f_xy, f_yx, f_yy
        :raises ValueError: a single plane, or z1 not below z2
        """
        if self.multi_plane is False:
            raise ValueError("hessian_z1z2 needs multi_plane=True.")
        if z1 >= z2:
            raise ValueError(f"the observer at z1 = {z1} has to be in front of the source at z2 = {z2}.")
        return self.lens_model.hessian_z1z2(z1, z2, theta_x, theta_y, kwargs_lens, diff=diff)

    def set_static(self, kwargs):
        """Parameters for repeated calls: with multiple planes, all centres become unlensed ones; else nothing changes.

        No parameter is stored, so that a later call with others is never stale.

        :param kwargs: parameters of each lens model
        :return: the parameters to call with
        """
        return self.lens_model.set_static(kwargs)

    def set_dynamic(self):
        """The inverse of :meth:`set_static`."""
        self.lens_model.set_dynamic()

    def change_source_redshift(self, z_source):
        """Trace to another source redshift; the deflection angles still refer to ``z_source_convention``.

        :param z_source: redshift of the source, None: leave as it is
        :raises NotImplementedError: line-of-sight corrections and decoupled planes
        """
        if z_source is None or z_source == self.z_source:
            return
        if self.multi_plane is True:
            if self._decouple_multi_plane:
                raise NotImplementedError("MultiPlaneDecoupled does not support a change of the source redshift.")
            self.lens_model.update_source_redshift(z_source)
        else:
            if self._los_effects is True:
                raise NotImplementedError("SinglePlaneLOS does not support a change of the source redshift.")
            self._rescale(z_source)
        self.z_source = z_source
        self._set_cosmology()

    def update_cosmology(self, cosmo):
        """Use another cosmology; nothing is compiled anew.

        :param cosmo: astropy cosmology
        """
        self.cosmo = cosmo
        self._set_cosmology()
        if self.multi_plane is True:
            self.lens_model.set_background_cosmo(cosmo)
        elif self.z_lens is not None and self.z_source is not None and self.type == "SinglePlane":
            self._rescale(self.z_source)

    @property
    def ddt_scaling(self):
        """Time-delay distance to ``z_source`` over that to ``z_source_convention``."""
        return self._ddt_scaling
