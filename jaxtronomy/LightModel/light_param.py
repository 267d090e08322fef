"""Which parameters of a light model are sampled, and their order in the sampled vector."""

from jaxtronomy.LightModel.light_model import LightModel

__all__ = ["LightParam"]


class LightParam:
    """The free parameters of a light model: between keyword dictionaries and a vector."""

    def __init__(
        self,
        light_model_list,
        kwargs_fixed,
        kwargs_lower=None,
        kwargs_upper=None,
        param_type="light",
        linear_solver=True,
        profile_kwargs_list=None,
    ):
        """
        :param light_model_list: model names
        :param kwargs_fixed: fixed parameters of each model
        :param kwargs_lower: lower limits of each model (None: the profiles' own)
        :param kwargs_upper: upper limits of each model (None: the profiles' own)
        :param param_type: what is appended to the parameter names, "source_light" for instance
        :param linear_solver: True if the amplitudes are solved for, and not sampled
        :param profile_kwargs_list: constructor options of each profile (None: defaults)
        """
        self._light_model = LightModel(light_model_list=light_model_list, profile_kwargs_list=profile_kwargs_list)
        self._profiles = self._light_model.func_list
        self._type = param_type
        self.model_list = light_model_list
        self.kwargs_fixed = [dict(kwargs) for kwargs in kwargs_fixed]
        if linear_solver:
            self._light_model.add_fixed_linear(self.kwargs_fixed)
        self.lower_limit = [f.lower_limit_default for f in self._profiles] if kwargs_lower is None else kwargs_lower
        self.upper_limit = [f.upper_limit_default for f in self._profiles] if kwargs_upper is None else kwargs_upper

    @property
    def param_name_list(self):
        """Parameter names of each model."""
        return self._light_model.param_name_list

    def get_params(self, args, i):
        """Read the parameters of each model from the sampled vector.

        :param args: sampled values (an array that may be traced, or a list)
        :param i: index of the first value that belongs to this light model
        :return: parameters of each model, index after the last value read
        :raises ValueError: where the number of amplitudes is not known
        """
        kwargs_list = []
        for k, (names, fixed) in enumerate(zip(self.param_name_list, self.kwargs_fixed)):
            kwargs = {}
            for name in names:
                if name in fixed:
                    kwargs[name] = fixed[name]
                elif self._is_array(k, name):
                    n = self._size(k, fixed)
                    kwargs[name] = args[i : i + n]
                    i += n
                else:
                    kwargs[name] = args[i]
                    i += 1
            kwargs_list.append(kwargs)
        return kwargs_list, i

    def set_params(self, kwargs_list):
        """The sampled vector, the inverse of :meth:`get_params`.

        :param kwargs_list: parameters of each model
        :return: list of the values of the free parameters
        :raises ValueError: for a free parameter that has to be fixed
        """
        args = []
        for k, (names, fixed, kwargs) in enumerate(zip(self.param_name_list, self.kwargs_fixed, kwargs_list)):
            for name in names:
                if name in fixed:
                    continue
                if name in self._profiles[k].not_sampled:
                    raise ValueError(f"light model {k} ({self.model_list[k]}): {name!r} has to be fixed.")
                if self._is_array(k, name):
                    args += [kwargs[name][j] for j in range(self._size(k, {**kwargs, **fixed}))]
                else:
                    args.append(kwargs[name])
        return args

    def num_param(self, latex_style=False):
        """Number of sampled values.

        :param latex_style: accepted; the names are plain
        :return: number of values, list of their names
        :raises ValueError: where the number of amplitudes is not known
        """
        names_free = []
        for k, (names, fixed) in enumerate(zip(self.param_name_list, self.kwargs_fixed)):
            for name in names:
                if name not in fixed:
                    n = self._size(k, fixed) if self._is_array(k, name) else 1
                    names_free += [f"{name}_{self._type}{k}"] * n
        return len(names_free), names_free

    def num_param_linear(self):
        """Number of linear amplitudes."""
        return self._light_model.num_param_linear(kwargs_list=self.kwargs_fixed)

    def _is_array(self, k, name):
        """Whether a parameter is a set of amplitudes."""
        return name == "amp" and self._profiles[k].is_set

    def _size(self, k, kwargs):
        """Number of amplitudes of a set; an error names what has to be fixed for it to be known."""
        missing = [name for name in self._profiles[k].linear_needs if name not in kwargs]
        if missing:
            raise ValueError(
                f"light model {k} ({self.model_list[k]}): {missing[0]!r} has to be fixed when 'amp' is sampled."
            )
        return self._profiles[k].num_amplitudes(kwargs)
