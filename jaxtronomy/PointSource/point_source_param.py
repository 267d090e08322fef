"""Parameters of the point sources, as dictionaries and as part of the sampled vector."""

import numpy as np

from jaxtronomy.Sampling.param_group import ArrayParam, ModelParamGroup, SingleParam

__all__ = ["PointSourceParam"]

_LENSED = ("LENSED_POSITION", "SOURCE_POSITION")


class SourcePositionParam(SingleParam):
    """Position of a source [arcsec]."""

    param_names = ["ra_source", "dec_source"]
    _kwargs_lower = {"ra_source": -100, "dec_source": -100}
    _kwargs_upper = {"ra_source": 100, "dec_source": 100}


class LensedPosition(ArrayParam):
    """Positions of images [arcsec]."""

    _kwargs_lower = {"ra_image": -100, "dec_image": -100}
    _kwargs_upper = {"ra_image": 100, "dec_image": 100}

    def __init__(self, num_images):
        """
        :param num_images: number of images
        """
        super().__init__(int(num_images) > 0)
        self.param_names = {"ra_image": int(num_images), "dec_image": int(num_images)}


class SourceAmp(SingleParam):
    """Amplitude of a source."""

    param_names = ["source_amp"]
    _kwargs_lower = {"source_amp": 0}
    _kwargs_upper = {"source_amp": 100}


class ImageAmp(ArrayParam):
    """Amplitudes of images."""

    _kwargs_lower = {"point_amp": 0}
    _kwargs_upper = {"point_amp": 100}

    def __init__(self, num_point_sources):
        """
        :param num_point_sources: number of images
        """
        super().__init__(int(num_point_sources) > 0)
        self.param_names = {"point_amp": int(num_point_sources)}


class PointSourceParam:
    """Parameters of a list of point sources."""

    def __init__(
        self,
        model_list,
        kwargs_fixed,
        num_point_source_list=None,
        linear_solver=True,
        fixed_magnification_list=None,
        kwargs_lower=None,
        kwargs_upper=None,
    ):
        """
        :param model_list: 'UNLENSED', 'LENSED_POSITION' or 'SOURCE_POSITION' for each point source
        :param kwargs_fixed: parameters of each point source that are held fixed
        :param num_point_source_list: number of images of each
        :param linear_solver: True if the amplitudes are solved for, and not sampled
        :param fixed_magnification_list: True for those whose flux ratios are those of the lens model
        :param kwargs_lower: lower limits of each, None: the defaults
        :param kwargs_upper: upper limits of each, None: the defaults
        :raises ValueError: unknown type
        """
        self.model_list = model_list
        self._num_point_sources_list = num_point_source_list or [1] * len(model_list)
        self._fixed_magnification_list = fixed_magnification_list or [False] * len(model_list)
        self._linear_solver = linear_solver
        self.kwargs_fixed = self.add_fix_linear(kwargs_fixed) if linear_solver is True else kwargs_fixed
        self.param_groups = [self._groups(i, model) for i, model in enumerate(model_list)]
        self.lower_limit = self._limits("kwargs_lower") if kwargs_lower is None else kwargs_lower
        self.upper_limit = self._limits("kwargs_upper") if kwargs_upper is None else kwargs_upper

    def _groups(self, i, model):
        """The groups of parameters of one point source: positions and amplitudes."""
        number = self._num_point_sources_list[i]
        if model not in ("UNLENSED", *_LENSED):
            raise ValueError(f"point source {i}: {model!r} is not one of UNLENSED, {', '.join(_LENSED)}.")
        position = SourcePositionParam(True) if model == "SOURCE_POSITION" else LensedPosition(number)
        return [position, SourceAmp(True) if self._has_source_amp(i) else ImageAmp(number)]

    def _has_source_amp(self, i):
        """Whether the amplitude of a point source is that of its source."""
        return bool(self._fixed_magnification_list[i]) and self.model_list[i] in _LENSED

    def _limits(self, name):
        """The default limits."""
        limits = []
        for groups in self.param_groups:
            limits.append({})
            for group in groups:
                limits[-1].update(getattr(group, name))
        return limits

    def get_params(self, args, i):
        """The parameters from the sampled vector.

        :param args: sampled vector
        :param i: where the point sources begin
        :return: parameters of each point source, where the next kind begins
        """
        kwargs_list = []
        for groups, fixed in zip(self.param_groups, self.kwargs_fixed):
            kwargs, i = ModelParamGroup.compose_get_params(groups, args, i, kwargs_fixed=fixed)
            kwargs_list.append(kwargs)
        return kwargs_list, i

    def set_params(self, kwargs_list):
        """The sampled values.

        :param kwargs_list: parameters of each point source
        :return: list of numbers
        """
        args = []
        for groups, kwargs, fixed in zip(self.param_groups, kwargs_list, self.kwargs_fixed):
            args += ModelParamGroup.compose_set_params(groups, kwargs, kwargs_fixed=fixed)
        return args

    def num_param(self):
        """Number of sampled values and their names.

        :return: number, list of names
        """
        number, names = 0, []
        for groups, fixed in zip(self.param_groups, self.kwargs_fixed):
            n, own = ModelParamGroup.compose_num_params(groups, kwargs_fixed=fixed)
            number, names = number + n, names + own
        return number, names

    def add_fix_linear(self, kwargs_fixed):
        """Fix the linear amplitudes.

        :param kwargs_fixed: parameters of each point source that are held fixed; changed
        :return: kwargs_fixed
        """
        for k, fixed in zip(range(len(self.model_list)), kwargs_fixed):
            if self._fixed_magnification_list[k] is True and self.model_list[k] in _LENSED:
                fixed["source_amp"] = 1
            else:
                fixed["point_amp"] = np.ones(self._num_point_sources_list[k])
        return kwargs_fixed

    def num_param_linear(self):
        """Number of linear amplitudes.

        :return: number, 0 if they are sampled
        """
        if self._linear_solver is not True:
            return 0
        own = [1 if self._has_source_amp(k) else n for k, n in enumerate(self._num_point_sources_list)]
        return sum(own[: len(self.model_list)])
