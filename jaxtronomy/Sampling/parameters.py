"""Between the vector that is sampled and the parameters of the models."""

import copy

import numpy as np

from jaxtronomy.core.compile import namespace
from jaxtronomy.core.parameters import Entries
from jaxtronomy.core.tree import Model, freeze, structure, to_leaves, unwrap
from jaxtronomy.ImSim.image2source_mapping import Image2SourceMapping
from jaxtronomy.LensModel.lens_param import LensParam
from jaxtronomy.LightModel.light_model import LightModel
from jaxtronomy.LightModel.light_param import LightParam
from jaxtronomy.PointSource.point_source_param import PointSourceParam
from jaxtronomy.Sampling.special_param import SpecialParam
from jaxtronomy.Util import class_creator

__all__ = ["Param"]

MASS_PARAMETERS = ("theta_E", "alpha_Rs", "alpha_1", "sigma0", "k_eff")  # what a mass scaling multiplies
GROUPS = (
    ("kwargs_lens", "lens_params"),
    ("kwargs_source", "source_params"),
    ("kwargs_lens_light", "lens_light_params"),
    ("kwargs_ps", "point_source_params"),
    ("kwargs_special", "special_params"),
    ("kwargs_extinction", "extinction_params"),
    ("kwargs_tracer_source", "tracer_source_params"),
)


class Param(Model):
    """What is sampled, what is fixed, what is joint, and what follows from constraints.

    The order of things is: point sources; lens light joint with them and with itself; lens models joint with light,
    with each other, and scaled; the solver that makes the lens reproduce the image positions; sources joint with the
    point sources and with each other.

    A joint setting is ``[i, k, names]``: component k takes the parameters ``names`` of component i. ``names`` is a
    list, or a dictionary from the name in k to the name in i.

    :meth:`args2kwargs` may be part of a program: fixed values are among its arguments.
    """

    _arrays = ("_fixed",)

    def __init__(
        self,
        kwargs_model,
        kwargs_fixed_lens=None,
        kwargs_fixed_source=None,
        kwargs_fixed_lens_light=None,
        kwargs_fixed_ps=None,
        kwargs_fixed_special=None,
        kwargs_fixed_extinction=None,
        kwargs_fixed_tracer_source=None,
        kwargs_lower_lens=None,
        kwargs_lower_source=None,
        kwargs_lower_lens_light=None,
        kwargs_lower_ps=None,
        kwargs_lower_special=None,
        kwargs_lower_extinction=None,
        kwargs_lower_tracer_source=None,
        kwargs_upper_lens=None,
        kwargs_upper_source=None,
        kwargs_upper_lens_light=None,
        kwargs_upper_ps=None,
        kwargs_upper_special=None,
        kwargs_upper_extinction=None,
        kwargs_upper_tracer_source=None,
        kwargs_lens_init=None,
        linear_solver=True,
        joint_lens_with_lens=[],  # noqa: B006
        joint_lens_light_with_lens_light=[],  # noqa: B006
        joint_source_with_source=[],  # noqa: B006
        joint_lens_with_light=[],  # noqa: B006
        joint_source_with_point_source=[],  # noqa: B006
        joint_lens_light_with_point_source=[],  # noqa: B006
        joint_extinction_with_lens_light=[],  # noqa: B006
        joint_lens_with_source_light=[],  # noqa: B006
        joint_source_light_with_tracer=None,
        mass_scaling_list=None,
        point_source_offset=False,
        general_scaling=None,
        num_point_source_list=None,
        image_plane_source_list=None,
        solver_type="NONE",
        Ddt_sampling=None,
        source_size=False,
        num_tau0=0,
        lens_redshift_sampling_indexes=None,
        source_redshift_sampling_indexes=None,
        source_grid_offset=False,
        kinematic_sampling=None,
        num_shapelet_lens=0,
        log_sampling_lens=[],  # noqa: B006
        distance_ratio_sampling=False,
        cosmology_sampling=False,
        solver_param_module=None,
        _jax=False,
    ):
        """
        :param kwargs_model: arguments of :func:`~jaxtronomy.Util.class_creator.create_class_instances`
        :param kwargs_fixed_lens: fixed parameters of each lens model; likewise ``kwargs_fixed_source``,
            ``kwargs_fixed_lens_light``, ``kwargs_fixed_ps``, ``kwargs_fixed_special`` (one dictionary),
            ``kwargs_fixed_extinction``, ``kwargs_fixed_tracer_source``
        :param kwargs_lower_lens: lower limits, likewise for the others; None: defaults
        :param kwargs_upper_lens: upper limits, likewise for the others; None: defaults
        :param kwargs_lens_init: lens parameters from which the solver takes what it does not solve for
        :param linear_solver: whether amplitudes are solved for rather than sampled
        :param joint_lens_with_lens: joint settings of two lens models
        :param joint_lens_light_with_lens_light: joint settings of two lens light models
        :param joint_source_with_source: joint settings of two source models
        :param joint_lens_with_light: joint settings of a lens light model and a lens model
        :param joint_source_with_point_source: ``[i_point_source, k_source]``: the source is where the point source is
        :param joint_lens_light_with_point_source: ``[i_point_source, k_lens_light]``
        :param joint_extinction_with_lens_light: joint settings of a lens light model and a dust model
        :param joint_lens_with_source_light: joint settings of a source model and a lens model
        :param joint_source_light_with_tracer: joint settings of a source model and a tracer model
        :param mass_scaling_list: for each lens model the group whose scaling it takes (1, 2, ...) or False
        :param point_source_offset: whether images may be shifted from where the lens model is evaluated
        :param general_scaling: lens parameter -> for each lens model its group (1, 2, ...) or False
        :param num_point_source_list: number of images of each point source model
        :param image_plane_source_list: for each source model, whether its centre is given in the image plane
        :param solver_type: constraint solver, see :class:`~jaxtronomy.LensModel.Solver.solver.Solver`
        :param Ddt_sampling: whether the time-delay distance is sampled
        :param source_size: whether the size of the source is sampled
        :param num_tau0: number of normalisations of the optical depth
        :param lens_redshift_sampling_indexes: for each lens model, which sampled redshift it takes (-1: none)
        :param source_redshift_sampling_indexes: the same for each source model
        :param source_grid_offset: whether the offset of a pixelated source plane is sampled
        :param kinematic_sampling: whether anisotropy, inclination and distances are sampled
        :param num_shapelet_lens: number of coefficients of shapelet lens models
        :param log_sampling_lens: ``[[i, names], ...]``: lens parameters whose decimal logarithm is sampled
        :param distance_ratio_sampling: taken from ``kwargs_model``
        :param cosmology_sampling: taken from ``kwargs_model``
        :param solver_param_module: conversions for a solver of type CUSTOM
        :raises ValueError: settings that contradict each other
        """
        self._kwargs_model = kwargs_model
        self._lens_model_list = kwargs_model.get("lens_model_list") or []
        self._lens_redshift_list = kwargs_model.get("lens_redshift_list")
        self._source_light_model_list = kwargs_model.get("source_light_model_list") or []
        self._source_redshift_list = kwargs_model.get("source_redshift_list")
        self._lens_light_model_list = kwargs_model.get("lens_light_model_list") or []
        self._point_source_model_list = kwargs_model.get("point_source_model_list") or []
        self._fixed_magnification_list = kwargs_model.get("fixed_magnification_list")
        self._optical_depth_model_list = kwargs_model.get("optical_depth_model_list") or []
        self._tracer_source_model_list = kwargs_model.get("tracer_source_model_list") or []
        self._linear_solver = linear_solver
        self._lens_redshift_sampling_indexes = lens_redshift_sampling_indexes
        self._source_redshift_sampling_indexes = source_redshift_sampling_indexes
        sampled = [i for i in (lens_redshift_sampling_indexes, source_redshift_sampling_indexes) if i is not None]
        self._num_z_sampling = max((int(np.max(indices)) + 1 for indices in sampled), default=0)

        self._joint_lens_with_lens = joint_lens_with_lens
        self._joint_lens_light_with_lens_light = joint_lens_light_with_lens_light
        self._joint_source_with_source = joint_source_with_source
        self._joint_lens_with_light = joint_lens_with_light
        self._joint_lens_with_source_light = joint_lens_with_source_light
        self._joint_extinction_with_lens_light = joint_extinction_with_lens_light
        self._joint_source_light_with_tracer = joint_source_light_with_tracer or []
        self._joint_source_with_point_source = _with_centre(joint_source_with_point_source)
        self._joint_lens_light_with_point_source = _with_centre(joint_lens_light_with_point_source)
        self._log_sampling_lens = log_sampling_lens
        self._mass_scaling_list = _given(mass_scaling_list, [False] * len(self._lens_model_list))
        self._mass_scaling = 1 in self._mass_scaling_list
        self._num_scale_factor = int(np.max(self._mass_scaling_list)) if self._mass_scaling else 0
        self._general_scaling_masks = dict(general_scaling or {})
        self._check_general_scaling()
        self._point_source_offset = point_source_offset
        num_point_source_list = _given(num_point_source_list, [1] * len(self._point_source_model_list))
        self._num_images = num_point_source_list[0] if num_point_source_list else 0
        self._image_plane_source_list = _given(image_plane_source_list, [False] * len(self._source_light_model_list))
        for i_source, *_ in joint_lens_with_source_light:
            if self._image_plane_source_list[i_source]:
                raise ValueError(
                    f"source model {i_source} has its centre in the image plane (image_plane_source_list) and gives "
                    "parameters to a lens model (joint_lens_with_source_light); only one of the two is possible."
                )

        self._lens_model_class, self._source_model_class, *_ = class_creator.create_class_instances(
            all_models=True, **kwargs_model
        )
        self._image2SourceMapping = Image2SourceMapping(self._lens_model_class, self._source_model_class)
        self._solver_type = solver_type
        self._solver = solver_type not in ("NONE", None)
        if self._solver:
            from jaxtronomy.LensModel.Solver.solver import Solver

            self._solver_module = Solver(
                solver_type=solver_type,
                lensModel=self._lens_model_class,
                num_images=self._num_images,
                parameter_module=solver_param_module,
            )

        fixed_lens = self._add_fixed_lens(_or_empty(kwargs_fixed_lens, self._lens_model_list), kwargs_lens_init)
        for joint in (joint_lens_with_lens, joint_lens_with_source_light, joint_lens_with_light):
            fixed_lens = self._fix_joint_param(fixed_lens, joint)
        fixed_source = _or_empty(kwargs_fixed_source, self._source_light_model_list)
        for joint in (joint_source_with_source, self._joint_source_with_point_source):
            fixed_source = self._fix_joint_param(fixed_source, joint)
        fixed_lens_light = _or_empty(kwargs_fixed_lens_light, self._lens_light_model_list)
        for joint in (joint_lens_light_with_lens_light, self._joint_lens_light_with_point_source):
            fixed_lens_light = self._fix_joint_param(fixed_lens_light, joint)
        fixed_extinction = self._fix_joint_param(
            _or_empty(kwargs_fixed_extinction, self._optical_depth_model_list), joint_extinction_with_lens_light
        )
        fixed_tracer = self._fix_joint_param(
            _or_empty(kwargs_fixed_tracer_source, self._tracer_source_model_list), self._joint_source_light_with_tracer
        )
        kwargs_logsampling_lens = self._update_log_sampling([[] for _ in self._lens_model_list], log_sampling_lens)

        self.lens_params = LensParam(
            self._lens_model_list,
            fixed_lens,
            kwargs_logsampling=kwargs_logsampling_lens,
            num_images=self._num_images,
            solver_type=self._solver_type,
            kwargs_lower=kwargs_lower_lens,
            kwargs_upper=kwargs_upper_lens,
            num_shapelet_lens=num_shapelet_lens,
            profile_kwargs_list=kwargs_model.get("lens_profile_kwargs_list"),
        )
        self.lens_light_params = LightParam(
            self._lens_light_model_list,
            fixed_lens_light,
            param_type="lens_light",
            linear_solver=linear_solver,
            kwargs_lower=kwargs_lower_lens_light,
            kwargs_upper=kwargs_upper_lens_light,
            profile_kwargs_list=kwargs_model.get("lens_light_profile_kwargs_list"),
        )
        self.source_params = LightParam(
            self._source_light_model_list,
            fixed_source,
            param_type="source_light",
            linear_solver=linear_solver,
            kwargs_lower=kwargs_lower_source,
            kwargs_upper=kwargs_upper_source,
            profile_kwargs_list=kwargs_model.get("source_light_profile_kwargs_list"),
        )
        self.point_source_params = PointSourceParam(
            self._point_source_model_list,
            copy.deepcopy(_or_empty(kwargs_fixed_ps, self._point_source_model_list)),
            num_point_source_list=num_point_source_list,
            linear_solver=linear_solver,
            fixed_magnification_list=self._fixed_magnification_list,
            kwargs_lower=kwargs_lower_ps,
            kwargs_upper=kwargs_upper_ps,
        )
        self.extinction_params = LightParam(
            self._optical_depth_model_list,
            fixed_extinction,
            kwargs_lower=kwargs_lower_extinction,
            kwargs_upper=kwargs_upper_extinction,
            linear_solver=False,
        )
        pixelated = len(self._source_light_model_list) == 1 and self._source_light_model_list[0].startswith("SLIT_")
        self.special_params = SpecialParam(
            Ddt_sampling=Ddt_sampling,
            mass_scaling=self._mass_scaling,
            general_scaling_params=self._general_scaling_masks,
            distance_ratio_sampling=kwargs_model.get("distance_ratio_sampling"),
            num_lens_planes=len(set(self._lens_redshift_list or ())),
            cosmology_sampling=kwargs_model.get("cosmology_sampling"),
            cosmology_model=kwargs_model.get("cosmology_model", "FlatLambdaCDM"),
            kwargs_fixed=kwargs_fixed_special,
            num_scale_factor=self._num_scale_factor,
            kwargs_lower=kwargs_lower_special,
            kwargs_upper=kwargs_upper_special,
            point_source_offset=point_source_offset,
            num_images=self._num_images,
            source_size=source_size,
            num_tau0=num_tau0,
            num_z_sampling=self._num_z_sampling,
            source_grid_offset=source_grid_offset and pixelated,
            kinematic_sampling=kinematic_sampling,
        )
        self.tracer_source_params = LightParam(
            self._tracer_source_model_list,
            fixed_tracer,
            kwargs_lower=kwargs_lower_tracer_source,
            kwargs_upper=kwargs_upper_tracer_source,
            linear_solver=False,
        )
        self._fixed = None

    # as an argument of programs ---------------------------------------------------------------------------------------

    def with_fixed(self):
        """A copy whose fixed values are arguments of the programs that it is part of."""
        model = copy.copy(self)
        model._fixed = {
            name: to_leaves(getattr(self, group).kwargs_fixed, self._static_names) for name, group in GROUPS
        }
        return model

    @property
    def _static_names(self):
        """Names of the parameters that shape programs."""
        profiles = [*getattr(self._lens_model_class.lens_model, "func_list", ()), *self._source_model_class.func_list]
        profiles += LightModel([*self._lens_light_model_list, *self._optical_depth_model_list]).func_list
        return frozenset(p.name for f in profiles for p in f.parameters if p.static)

    def _structure(self):
        names = tuple(freeze(_names(getattr(self, group).kwargs_fixed)) for _, group in GROUPS)
        settings = {
            k: v
            for k, v in vars(self).items()
            if k.startswith(("_joint", "_log", "_mass", "_general", "_num", "_image_plane", "_solver_type", "_linear"))
        }
        models = (structure(self._lens_model_class), structure(self._source_model_class))
        lists = (self._lens_light_model_list, self._point_source_model_list, self._optical_depth_model_list)
        return names, freeze(settings), models, freeze(lists), tuple(self.num_param()[1])

    def __getstate__(self):
        return {k: v for k, v in self.__dict__.items() if k != "_flat"}

    # public methods ---------------------------------------------------------------------------------------------------

    @property
    def num_point_source_images(self):
        """Number of images of the first point source model."""
        return self._num_images

    @property
    def linear_solver(self):
        """Whether amplitudes are solved for rather than sampled."""
        return self._linear_solver

    def args2kwargs(self, args, bijective=False):
        """The parameters of the models from the vector that is sampled.

        :param args: sampled values
        :param bijective: True for the parameters as they are sampled (image-plane centres, unscaled lenses)
        :return: dictionary with ``kwargs_lens``, ``kwargs_source``, ``kwargs_lens_light``, ``kwargs_ps``,
            ``kwargs_special``, ``kwargs_extinction``, ``kwargs_tracer_source``
        """
        traced = namespace(args) is not np
        args = Entries(args) if traced else np.atleast_1d(args)
        i, lists = 0, {}
        for name, group in GROUPS:
            bounds = {"impose_bound": not traced} if name == "kwargs_special" else {}
            lists[name], i = getattr(self, group).get_params(args, i, **bounds)
        if self._fixed is not None:
            for name in lists:
                _overlay(lists[name], unwrap(self._fixed[name]))
        lens, source, lens_light = (lists[k] for k in ("kwargs_lens", "kwargs_source", "kwargs_lens_light"))
        points, special = lists["kwargs_ps"], lists["kwargs_special"]
        self._update_lens_model(special)
        lens_light = self._update_lens_light_joint_with_point_source(lens_light, points)
        lens_light = self._update_joint_param(lens_light, lens_light, self._joint_lens_light_with_lens_light)
        lens = self._update_joint_param(lens_light, lens, self._joint_lens_with_light)
        lens = self._update_joint_param(source, lens, self._joint_lens_with_source_light)
        extinction = self._update_joint_param(
            lens_light, lists["kwargs_extinction"], self._joint_extinction_with_lens_light
        )
        lens = self._update_joint_param(lens, lens, self._joint_lens_with_lens)
        lens = self.update_lens_scaling(special, lens)
        if self._solver:
            lens = self._solver_module.update_solver(lens, points[0]["ra_image"], points[0]["dec_image"])
        source = self._update_source_joint_with_point_source(lens, source, points, special, image_plane=bijective)
        source = self._update_joint_param(source, source, self._joint_source_with_source)
        tracer = self._update_joint_param(source, lists["kwargs_tracer_source"], self._joint_source_light_with_tracer)
        if bijective:
            lens = self.update_lens_scaling(special, lens, inverse=True)
        return {
            "kwargs_lens": lens,
            "kwargs_source": source,
            "kwargs_lens_light": lens_light,
            "kwargs_ps": points,
            "kwargs_special": special,
            "kwargs_extinction": extinction,
            "kwargs_tracer_source": tracer,
        }

    def kwargs2args(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_special=None,
        kwargs_extinction=None,
        kwargs_tracer_source=None,
    ):
        """The vector that is sampled, from the parameters of the models.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_lens_light: parameters of each lens light model
        :param kwargs_ps: parameters of each point source model
        :param kwargs_special: further parameters
        :param kwargs_extinction: parameters of each dust model
        :param kwargs_tracer_source: parameters of each tracer model
        :return: 1d array
        """
        args = self.lens_params.set_params(_or_empty(kwargs_lens, self._lens_model_list))
        args += self.source_params.set_params(_or_empty(kwargs_source, self._source_light_model_list))
        args += self.lens_light_params.set_params(_or_empty(kwargs_lens_light, self._lens_light_model_list))
        args += self.point_source_params.set_params(_or_empty(kwargs_ps, self._point_source_model_list))
        args += self.special_params.set_params(kwargs_special)
        args += self.extinction_params.set_params(_or_empty(kwargs_extinction, self._optical_depth_model_list))
        args += self.tracer_source_params.set_params(_or_empty(kwargs_tracer_source, self._tracer_source_model_list))
        return np.array(args, dtype=float)

    def param_limits(self):
        """Limits of the vector that is sampled.

        :return: lower limits, upper limits
        """
        return tuple(
            self.kwargs2args(**{name: getattr(getattr(self, group), limit) for name, group in GROUPS})
            for limit in ("lower_limit", "upper_limit")
        )

    def num_param(self):
        """Number and names of the values that are sampled.

        :return: number, list of names
        """
        parts = [getattr(self, group).num_param() for _, group in GROUPS]
        return sum(p[0] for p in parts), [name for p in parts for name in p[1]]

    def num_param_linear(self):
        """Number of amplitudes that are solved for."""
        return sum(
            group.num_param_linear() for group in (self.source_params, self.lens_light_params, self.point_source_params)
        )

    def image2source_plane(self, kwargs_source, kwargs_lens, kwargs_special=None, image_plane=False):
        """Source parameters with centres that are given in the image plane mapped to the source plane.

        :param kwargs_source: parameters of each source model
        :param kwargs_lens: parameters of each lens model
        :param kwargs_special: further parameters
        :param image_plane: True to leave them in the image plane
        :return: copy of ``kwargs_source``
        """
        result = [dict(kwargs) for kwargs in kwargs_source]
        for i, kwargs in enumerate(result):
            if self._image_plane_source_list[i] and not image_plane and "center_x" in kwargs:
                kwargs["center_x"], kwargs["center_y"] = self._image2SourceMapping.image2source(
                    kwargs["center_x"], kwargs["center_y"], kwargs_lens, index_source=i, kwargs_special=kwargs_special
                )
        return result

    def _update_source_joint_with_point_source(
        self, kwargs_lens_list, kwargs_source_list, kwargs_ps, kwargs_special, image_plane=False
    ):
        """Sources at the mean of where the images of their point source come from."""
        result = self.image2source_plane(
            kwargs_source_list, kwargs_lens_list, image_plane=image_plane, kwargs_special=kwargs_special
        )
        for i_point, k_source, names in self._joint_source_with_point_source:
            point = kwargs_ps[i_point]
            if "ra_source" in point:
                x, y = point["ra_source"], point["dec_source"]
            else:
                x, y = self._image2SourceMapping.image2source(
                    point["ra_image"],
                    point["dec_image"],
                    kwargs_lens_list,
                    index_source=k_source,
                    kwargs_special=kwargs_special,
                )
            xp = namespace(x, y)
            centre = {"center_x": x, "center_y": y}
            for name in names:
                result[k_source][name] = xp.mean(centre[name]) if name in centre else point[name]
        return result

    def _update_lens_light_joint_with_point_source(self, kwargs_lens_light_list, kwargs_ps):
        """Lens light at the mean position of a point source."""
        for i_point, k_light, names in self._joint_lens_light_with_point_source:
            point = kwargs_ps[i_point]
            if "ra_image" not in point:
                raise ValueError(
                    f"lens light model {k_light} cannot be joint with point source model {i_point}, which is given in "
                    "the source plane."
                )
            xp = namespace(point)
            for name, key in (("center_x", "ra_image"), ("center_y", "dec_image")):
                if name in names:
                    kwargs_lens_light_list[k_light][name] = xp.mean(point[key])
        return kwargs_lens_light_list

    @staticmethod
    def _update_joint_param(kwargs_list_1, kwargs_list_2, joint_setting_list):
        """The second list with the parameters that it takes from the first."""
        for i, k, names in joint_setting_list:
            if not isinstance(names, list | dict):
                raise TypeError(f"joint setting {[i, k, names]}: parameter names have to be a list or a dictionary.")
            pairs = names.items() if isinstance(names, dict) else zip(names, names)
            for to, source in pairs:
                kwargs_list_2[k][to] = kwargs_list_1[i][source]
        return kwargs_list_2

    @staticmethod
    def _update_log_sampling(kwargs_logsampling_lens, log_sampling_lens):
        """For each lens model, the parameters whose logarithm is sampled."""
        for i, names in log_sampling_lens:
            if not isinstance(names, list):
                raise TypeError(f"log_sampling_lens {[i, names]}: parameter names have to be a list.")
            kwargs_logsampling_lens[i] = names
        return kwargs_logsampling_lens

    @staticmethod
    def _fix_joint_param(kwargs_list_2, joint_setting_list):
        """A copy of the fixed parameters in which those taken from elsewhere are fixed (to 0, until they are taken)."""
        fixed = copy.deepcopy(kwargs_list_2)
        for _, k, names in joint_setting_list:
            for name in names:
                fixed[k][name] = 0
        return fixed

    def _check_general_scaling(self):
        """Every scaled parameter has to be one of its lens models'."""
        for name, groups in self._general_scaling_masks.items():
            if len(groups) != len(self._lens_model_list):
                raise ValueError(
                    f"general_scaling of {name!r} has {len(groups)} entries, one for each of the "
                    f"{len(self._lens_model_list)} lens models is needed."
                )

    def update_lens_scaling(self, kwargs_special, kwargs_lens, inverse=False):
        """Lens parameters with the mass scalings and the general scalings applied.

        :param kwargs_special: holds the scalings
        :param kwargs_lens: parameters of each lens model
        :param inverse: True to undo the scalings
        :return: copy of ``kwargs_lens``
        """
        result = [dict(kwargs) for kwargs in kwargs_lens]
        if self._mass_scaling:
            for kwargs, group in zip(result, self._mass_scaling_list):
                name = next((n for n in MASS_PARAMETERS if n in kwargs), None)
                if group is not False and name is not None:
                    factor = kwargs_special["scale_factor"][group - 1]
                    kwargs[name] = kwargs[name] / factor if inverse else kwargs[name] * factor
        for name, groups in self._general_scaling_masks.items():
            for kwargs, group in zip(result, groups):
                if group is not False:
                    factor = kwargs_special[f"{name}_scale_factor"][group - 1]
                    power = kwargs_special[f"{name}_scale_pow"][group - 1]
                    value = kwargs[name]
                    kwargs[name] = (value / factor) ** (1 / power) if inverse else factor * value**power
        return result

    def _add_fixed_lens(self, kwargs_fixed, kwargs_init):
        """The fixed lens parameters, with those that the solver solves for."""
        kwargs_fixed = copy.deepcopy(kwargs_fixed)
        if not self._solver:
            return kwargs_fixed
        if kwargs_init is None:
            raise ValueError(f"solver_type {self._solver_type!r} needs kwargs_lens_init.")
        return self._solver_module.add_fixed_lens(kwargs_fixed, kwargs_init)

    def update_kwargs_model(self, kwargs_special):
        """The model options with the redshifts that are sampled.

        :param kwargs_special: holds ``z_sampling``
        :return: ``kwargs_model``, whether anything changed
        """
        if self._num_z_sampling == 0:
            return self._kwargs_model, False
        samples = kwargs_special.get("z_sampling")
        kwargs_model = copy.deepcopy(self._kwargs_model)
        for key, indices in (
            ("lens_redshift_list", self._lens_redshift_sampling_indexes),
            ("source_redshift_list", self._source_redshift_sampling_indexes),
        ):
            redshifts = copy.deepcopy(getattr(self, f"_{key}"))
            if redshifts is not None and indices is not None:
                redshifts = [samples[i] if i > -1 else z for z, i in zip(redshifts, indices)]
            kwargs_model[key] = redshifts
        return kwargs_model, True

    def _update_lens_model(self, kwargs_special):
        """The lens model at the redshifts that are sampled."""
        kwargs_model, changed = self.update_kwargs_model(kwargs_special)
        if changed:
            self._lens_model_class, self._source_model_class, *_ = class_creator.create_class_instances(
                all_models=True, **kwargs_model
            )
            self._image2SourceMapping = Image2SourceMapping(self._lens_model_class, self._source_model_class)

    def check_solver(self, kwargs_lens, kwargs_ps):
        """How far apart the images come from, where a solver makes them come from one point.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_ps: parameters of each point source model
        :return: largest distance [arcsec]
        """
        if not self._solver:
            return 0
        images = kwargs_ps[0]["ra_image"], kwargs_ps[0]["dec_image"]
        return np.max(self._solver_module.check_solver(*images, kwargs_lens))

    @property
    def fixed_kwargs_list(self):
        """The fixed parameters of lens, source, lens light, point sources, special, dust and tracer."""
        return tuple(getattr(self, group).kwargs_fixed for _, group in GROUPS)

    def print_setting(self):
        """Print what is sampled, fixed, joint and solved for."""
        number, names = self.num_param()
        rule = "==================="
        print("The following model options are chosen:")
        print("Lens models:", self._lens_model_list)
        print("Source models:", self._source_light_model_list)
        print("Lens light models:", self._lens_light_model_list)
        print("Point source models:", self._point_source_model_list)
        print(rule)
        print("The following parameters are being fixed:")
        print("Lens:", self.lens_params.kwargs_fixed)
        print("Source:", self.source_params.kwargs_fixed)
        print("Lens light:", self.lens_light_params.kwargs_fixed)
        print("Point source:", self.point_source_params.kwargs_fixed)
        print("Tracer Source:", self.tracer_source_params.kwargs_fixed)
        print(rule)
        print("Joint parameters for different models")
        print("Joint lens with lens:", self._joint_lens_with_lens)
        print("Joint lens light with lens light:", self._joint_lens_light_with_lens_light)
        print("Joint source with source:", self._joint_source_with_source)
        print("Joint lens with light:", self._joint_lens_with_light)
        print("Joint source with point source:", self._joint_source_with_point_source)
        print("Joint lens light with point source:", self._joint_lens_light_with_point_source)
        print("Joint source light with tracer source:", self._joint_source_light_with_tracer)
        print("Mass scaling:", self._num_scale_factor, "groups")
        print("General lens scaling:", self._general_scaling_masks)
        print(rule)
        print("Number of non-linear parameters being sampled: ", number)
        print("Parameters being sampled: ", names)
        print("Number of linear parameters being solved for: ", self.num_param_linear())
        print(rule)
        print("The log10 of following parameters is being sampled:")
        print("Lens:", self.lens_params.kwargs_logsampling)


def _or_empty(kwargs_list, models):
    """The list, or an empty dictionary for each model."""
    return [{} for _ in models] if kwargs_list is None else kwargs_list


def _given(setting, default):
    """A setting, which may be an array, as a list; the default where there is none."""
    return default if setting is None else list(setting)


def _with_centre(settings):
    """Joint settings, the centre where no parameters are named."""
    return [[*setting, ["center_x", "center_y"]] if len(setting) == 2 else list(setting) for setting in settings]


def _names(fixed):
    """Keys of a dictionary, or of each dictionary of a list."""
    return sorted(fixed) if isinstance(fixed, dict) else [sorted(f) for f in fixed or ()]


def _overlay(target, values):
    """Write values into a dictionary, or into each dictionary of a list, where it has them."""
    if isinstance(target, dict):
        target.update({k: v for k, v in values.items() if k in target})
        return
    for kwargs, update in zip(target, values):
        _overlay(kwargs, update)
