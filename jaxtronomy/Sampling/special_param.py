"""Parameters that belong to no model component: distances, scalings, astrometry, cosmology."""

import math
import warnings

import numpy as np

from jaxtronomy.Sampling.param_group import ArrayParam, ModelParamGroup, SingleParam

__all__ = [
    "BetaAnisotropyParam",
    "CosmologyParam",
    "DdSamplingParam",
    "DdtSamplingParam",
    "DistanceRatioBetaFactors",
    "GeneralScalingParam",
    "InclinationParam",
    "MassScalingParam",
    "PointSourceOffsetParam",
    "SourceGridOffsetParam",
    "SourceSizeParam",
    "SpecialParam",
    "Tau0ListParam",
    "ZSamplingParam",
]


class _Declared(SingleParam):
    """Single parameters declared by their limits."""

    limits: dict = {}

    def __init_subclass__(cls):
        cls.param_names = list(cls.limits)
        cls._kwargs_lower = {name: lower for name, (lower, _) in cls.limits.items()}
        cls._kwargs_upper = {name: upper for name, (_, upper) in cls.limits.items()}


class DdtSamplingParam(_Declared):
    """Time-delay distance [Mpc]."""

    limits = {"D_dt": (0, 100000)}


class DdSamplingParam(_Declared):
    """Angular diameter distance to the deflector [Mpc]."""

    limits = {"D_d": (0, 100000)}


class BetaAnisotropyParam(_Declared):
    """Cylindrical anisotropy."""

    limits = {"b_ani": (-1, 1)}


class InclinationParam(_Declared):
    """Inclination [rad]."""

    limits = {"incli": (0, math.pi / 2)}


class SourceSizeParam(_Declared):
    """Source size [arcsec]."""

    limits = {"source_size": (0, 1)}


class SourceGridOffsetParam(_Declared):
    """Offset of a pixelated source plane [arcsec]."""

    limits = {"delta_x_source_grid": (-100, 100), "delta_y_source_grid": (-100, 100)}


class MassScalingParam(ArrayParam):
    """Factors on the masses of groups of lens models."""

    _kwargs_lower = {"scale_factor": 0}
    _kwargs_upper = {"scale_factor": 1000}

    def __init__(self, num_scale_factor):
        """
        :param num_scale_factor: number of groups
        """
        super().__init__(on=int(num_scale_factor) > 0)
        self.param_names = {"scale_factor": int(num_scale_factor)}


class PointSourceOffsetParam(ArrayParam):
    """Shifts of the images of a point source [arcsec]."""

    _kwargs_lower = {"delta_x_image": -1, "delta_y_image": -1}
    _kwargs_upper = {"delta_x_image": 1, "delta_y_image": 1}

    def __init__(self, offset, num_images):
        """
        :param offset: whether the shifts are sampled
        :param num_images: number of images
        """
        super().__init__(on=offset and int(num_images) > 0)
        self.param_names = {"delta_x_image": int(num_images), "delta_y_image": int(num_images)}


class Tau0ListParam(ArrayParam):
    """Normalisations of the optical depth."""

    _kwargs_lower = {"tau0_list": 0}
    _kwargs_upper = {"tau0_list": 1000}

    def __init__(self, num_tau0):
        """
        :param num_tau0: number of normalisations
        """
        super().__init__(on=int(num_tau0) > 0)
        self.param_names = {"tau0_list": int(num_tau0)}


class ZSamplingParam(ArrayParam):
    """Redshifts."""

    _kwargs_lower = {"z_sampling": 0}
    _kwargs_upper = {"z_sampling": 1000}

    def __init__(self, num_z_sampling):
        """
        :param num_z_sampling: number of redshifts
        """
        super().__init__(on=int(num_z_sampling) > 0)
        self.param_names = {"z_sampling": int(num_z_sampling)}


class GeneralScalingParam(ArrayParam):
    """For each scaled lens parameter a factor and a power: factor * parameter**power."""

    def __init__(self, params: dict):
        """
        :param params: lens parameter -> for each lens model its group (1, 2, ...) or False
        """
        super().__init__(params)
        self.param_names, self._kwargs_lower, self._kwargs_upper = {}, {}, {}
        for name, groups in (params or {}).items():
            number = int(np.max(groups))
            if number > 0:
                for suffix, lower, upper in (("scale_factor", 0, 1000), ("scale_pow", -10, 10)):
                    self.param_names[f"{name}_{suffix}"] = number
                    self._kwargs_lower[f"{name}_{suffix}"] = lower
                    self._kwargs_upper[f"{name}_{suffix}"] = upper


class DistanceRatioBetaFactors(SingleParam):
    """Factors ``factor_beta_i_j`` on the distance ratios between each pair of lens planes."""

    def __init__(self, on, num_lens_plane: int):
        """
        :param on: whether they are sampled
        :param num_lens_plane: number of lens planes
        """
        super().__init__(on)
        self.num_lens_plane = num_lens_plane
        pairs = [(i, j) for j in range(num_lens_plane) for i in range(j)] if self.on else []
        names = [f"factor_beta_{i + 1}_{j + 1}" for i, j in pairs]
        self.param_names = dict.fromkeys(names, 1)
        self._kwargs_lower, self._kwargs_upper = dict.fromkeys(names, 0), dict.fromkeys(names, 1000)


COSMOLOGY_LIMITS = {"H0": (0, 200), "Om0": (0, 1), "Ode0": (0, 1), "w0": (-4, 2), "wa": (-5, 5)}
COSMOLOGIES = {
    "FlatLambdaCDM": ["H0", "Om0"],
    "LambdaCDM": ["H0", "Om0", "Ode0"],
    "FlatwCDM": ["H0", "Om0", "w0"],
    "wCDM": ["H0", "Om0", "w0", "Ode0"],
    "Flatw0waCDM": ["H0", "Om0", "w0", "wa"],
    "w0waCDM": ["H0", "Om0", "w0", "wa", "Ode0"],
}


class CosmologyParam(SingleParam):
    """Parameters of a cosmological model."""

    def __init__(self, on, cosmology_model="FlatLambdaCDM"):
        """
        :param on: whether they are sampled
        :param cosmology_model: name of the model
        :raises ValueError: unknown model
        """
        super().__init__(on)
        if cosmology_model not in COSMOLOGIES:
            raise ValueError(f"cosmology_model {cosmology_model!r} is not one of {', '.join(COSMOLOGIES)}.")
        self.cosmology_model = cosmology_model
        self.param_names = COSMOLOGIES[cosmology_model]
        self._kwargs_lower = {name: COSMOLOGY_LIMITS[name][0] for name in self.param_names}
        self._kwargs_upper = {name: COSMOLOGY_LIMITS[name][1] for name in self.param_names}


class SpecialParam:
    """All parameters that belong to no model component."""

    def __init__(
        self,
        Ddt_sampling=False,
        mass_scaling=False,
        num_scale_factor=1,
        general_scaling_params=None,
        kwargs_fixed=None,
        kwargs_lower=None,
        kwargs_upper=None,
        point_source_offset=False,
        source_size=False,
        num_images=0,
        num_tau0=0,
        num_z_sampling=0,
        source_grid_offset=False,
        kinematic_sampling=False,
        distance_ratio_sampling=False,
        num_lens_planes=1,
        cosmology_sampling=False,
        cosmology_model="FlatLambdaCDM",
    ):
        """
        :param Ddt_sampling: sample the time-delay distance
        :param mass_scaling: sample factors on the masses of groups of lens models
        :param num_scale_factor: number of these groups
        :param general_scaling_params: scaled lens parameters, see :class:`GeneralScalingParam`
        :param kwargs_fixed: parameters that are fixed
        :param kwargs_lower: lower limits, None: defaults
        :param kwargs_upper: upper limits, None: defaults
        :param point_source_offset: sample shifts of the images
        :param source_size: sample the size of the source
        :param num_images: number of images
        :param num_tau0: number of normalisations of the optical depth
        :param num_z_sampling: number of sampled redshifts
        :param source_grid_offset: sample the offset of a pixelated source plane
        :param kinematic_sampling: sample anisotropy, inclination and the two distances
        :param distance_ratio_sampling: sample distance ratios between planes
        :param num_lens_planes: number of lens planes
        :param cosmology_sampling: sample the cosmology
        :param cosmology_model: name of the cosmological model
        """
        if cosmology_sampling or distance_ratio_sampling:
            given = {
                "Ddt_sampling": Ddt_sampling,
                "num_z_sampling": num_z_sampling,
                "kinematic_sampling": kinematic_sampling,
            }
            for name in (name for name, value in given.items() if value):
                warnings.warn(
                    f"{name} is turned off when cosmology_sampling or distance_ratio_sampling is True.", stacklevel=2
                )
            Ddt_sampling = kinematic_sampling = False
            num_z_sampling = 0
        if cosmology_sampling and distance_ratio_sampling:
            warnings.warn("distance_ratio_sampling is turned off when cosmology_sampling is True.", stacklevel=2)
            distance_ratio_sampling = False
        self._D_dt_sampling = DdtSamplingParam(Ddt_sampling or kinematic_sampling)
        self._param_groups = [
            self._D_dt_sampling,
            DdSamplingParam(kinematic_sampling),
            BetaAnisotropyParam(kinematic_sampling),
            InclinationParam(kinematic_sampling),
            MassScalingParam(num_scale_factor if mass_scaling else 0),
            GeneralScalingParam(general_scaling_params or {}),
            PointSourceOffsetParam(point_source_offset, num_images if point_source_offset else 0),
            SourceSizeParam(source_size),
            Tau0ListParam(num_tau0),
            ZSamplingParam(num_z_sampling),
            SourceGridOffsetParam(source_grid_offset),
            DistanceRatioBetaFactors(distance_ratio_sampling, num_lens_planes),
            CosmologyParam(cosmology_sampling, cosmology_model),
        ]
        self.kwargs_fixed = kwargs_fixed or {}
        limits = [(group.kwargs_lower, group.kwargs_upper) for group in self._param_groups]
        self.lower_limit = (
            {k: v for lower, _ in limits for k, v in lower.items()} if kwargs_lower is None else kwargs_lower
        )
        self.upper_limit = (
            {k: v for _, upper in limits for k, v in upper.items()} if kwargs_upper is None else kwargs_upper
        )

    def get_params(self, args, i, impose_bound=False):
        """The parameters from a vector.

        :param args: sampled values
        :param i: where those of this class begin
        :param impose_bound: True to move them into their limits
        :return: dictionary, where those of the next class begin
        """
        limits = {"kwargs_lower": self.lower_limit, "kwargs_upper": self.upper_limit} if impose_bound else {}
        return ModelParamGroup.compose_get_params(self._param_groups, args, i, kwargs_fixed=self.kwargs_fixed, **limits)

    def set_params(self, kwargs_special):
        """The sampled values of a dictionary.

        :param kwargs_special: parameters
        :return: list of numbers
        """
        return ModelParamGroup.compose_set_params(self._param_groups, kwargs_special, kwargs_fixed=self.kwargs_fixed)

    def num_param(self):
        """Number of sampled values and their names.

        :return: number, list of names
        """
        return ModelParamGroup.compose_num_params(self._param_groups, kwargs_fixed=self.kwargs_fixed)
