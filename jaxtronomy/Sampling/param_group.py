"""Groups of parameters that are sampled together, as a dictionary and as part of a vector."""

import numpy as np

from jaxtronomy.core.compile import namespace

__all__ = ["ArrayParam", "ModelParamGroup", "SingleParam"]


class ModelParamGroup:
    """A group of parameters; subclasses convert between a dictionary and a flat list of numbers."""

    def num_params(self):
        """Number of sampled values and their names.

        :return: number, list of names
        :raises NotImplementedError: in this base class
        """
        raise NotImplementedError(f"{type(self).__name__} does not define num_params.")

    def set_params(self, kwargs):
        """The sampled values of a dictionary.

        :param kwargs: parameters
        :return: list of numbers
        :raises NotImplementedError: in this base class
        """
        raise NotImplementedError(f"{type(self).__name__} does not define set_params.")

    def get_params(self, args, i):
        """The parameters from a vector.

        :param args: sampled values
        :param i: where those of this group begin
        :return: dictionary, where those of the next group begin
        :raises NotImplementedError: in this base class
        """
        raise NotImplementedError(f"{type(self).__name__} does not define get_params.")

    @staticmethod
    def compose_num_params(each_group, *args, **kwargs):
        """Number of sampled values of several groups, and their names.

        :param each_group: groups; further arguments go to each ``num_params``
        :return: number, list of names
        """
        parts = [group.num_params(*args, **kwargs) for group in each_group]
        return sum(p[0] for p in parts), [name for p in parts for name in p[1]]

    @staticmethod
    def compose_set_params(each_group, param_kwargs, *args, **kwargs):
        """The sampled values of several groups.

        :param each_group: groups
        :param param_kwargs: parameters of all of them; further arguments go to each ``set_params``
        :return: list of numbers
        """
        return [value for group in each_group for value in group.set_params(param_kwargs, *args, **kwargs)]

    @staticmethod
    def compose_get_params(each_group, flat_args, i, *args, **kwargs):
        """The parameters of several groups from a vector.

        :param each_group: groups
        :param flat_args: sampled values
        :param i: where those of the first group begin; further arguments go to each ``get_params``
        :return: dictionary, where those of the next group begin
        """
        result = {}
        for group in each_group:
            part, i = group.get_params(flat_args, i, *args, **kwargs)
            result |= part
        return result, i


class _Switched(ModelParamGroup):
    """A group that is sampled or not; subclasses set ``param_names``, ``_kwargs_lower`` and ``_kwargs_upper``."""

    def __init__(self, on):
        """
        :param on: whether the group is sampled
        """
        self._on = bool(on)

    @property
    def on(self):
        """Whether the group is sampled."""
        return self._on

    def _free(self, kwargs_fixed):
        """Names of the parameters that are sampled."""
        return [name for name in self.param_names if name not in kwargs_fixed] if self._on else []


def _bounded(value, lower, upper):
    """A value moved into its limits, where there are any."""
    if lower is None and upper is None:
        return value
    xp = namespace(value)
    if lower is not None:
        value = xp.maximum(value, xp.asarray(lower))
    return value if upper is None else xp.minimum(value, xp.asarray(upper))


class SingleParam(_Switched):
    """Parameters of one value each: ``param_names`` is a list."""

    def num_params(self, kwargs_fixed):
        """Number of sampled values and their names.

        :param kwargs_fixed: parameters that are fixed
        :return: number, list of names
        """
        names = self._free(kwargs_fixed)
        return len(names), names

    def set_params(self, kwargs, kwargs_fixed):
        """The sampled values of a dictionary.

        :param kwargs: parameters
        :param kwargs_fixed: parameters that are fixed
        :return: list of numbers
        """
        return [kwargs[name] for name in self._free(kwargs_fixed)]

    def get_params(self, args, i, kwargs_fixed, kwargs_upper=None, kwargs_lower=None):
        """The parameters from a vector.

        :param args: sampled values
        :param i: where those of this group begin
        :param kwargs_fixed: parameters that are fixed
        :param kwargs_upper: upper limits to impose, or None
        :param kwargs_lower: lower limits to impose, or None
        :return: dictionary, where those of the next group begin
        """
        result = {}
        for name in self.param_names if self._on else ():
            if name in kwargs_fixed:
                result[name] = kwargs_fixed[name]
                continue
            limits = (None if k is None else k[name] for k in (kwargs_lower, kwargs_upper))
            result[name] = _bounded(args[i], *limits)
            i += 1
        return result, i

    @property
    def kwargs_lower(self):
        """Lower limits."""
        return self._kwargs_lower if self._on else {}

    @property
    def kwargs_upper(self):
        """Upper limits."""
        return self._kwargs_upper if self._on else {}


class ArrayParam(_Switched):
    """Parameters of several values: ``param_names`` is a dictionary of their numbers."""

    def num_params(self, kwargs_fixed):
        """Number of sampled values and their names.

        :param kwargs_fixed: parameters that are fixed
        :return: number, list of names
        """
        names = [name for name in self._free(kwargs_fixed) for _ in range(self.param_names[name])]
        return len(names), names

    def set_params(self, kwargs, kwargs_fixed):
        """The sampled values of a dictionary.

        :param kwargs: parameters
        :param kwargs_fixed: parameters that are fixed
        :return: list of numbers
        """
        return [value for name in self._free(kwargs_fixed) for value in kwargs[name]]

    def get_params(self, args, i, kwargs_fixed, kwargs_lower=None, kwargs_upper=None):
        """The parameters from a vector.

        :param args: sampled values
        :param i: where those of this group begin
        :param kwargs_fixed: parameters that are fixed
        :param kwargs_lower: lower limits to impose, or None
        :param kwargs_upper: upper limits to impose, or None
        :return: dictionary, where those of the next group begin
        """
        result = {}
        for name, count in self.param_names.items() if self._on else ():
            if name in kwargs_fixed:
                result[name] = kwargs_fixed[name]
                continue
            limits = (None if k is None else np.asarray(k[name]) for k in (kwargs_lower, kwargs_upper))
            result[name] = _bounded(args[i : i + count], *limits)
            i += count
        return result, i

    @property
    def kwargs_lower(self):
        """Lower limits."""
        return {n: [self._kwargs_lower[n]] * count for n, count in self.param_names.items()} if self._on else {}

    @property
    def kwargs_upper(self):
        """Upper limits."""
        return {n: [self._kwargs_upper[n]] * count for n, count in self.param_names.items()} if self._on else {}
