"""Parameters of the lens models, as dictionaries and as part of the sampled vector."""

from jaxtronomy.core.compile import namespace
from jaxtronomy.LensModel.single_plane import SinglePlane

__all__ = ["LensParam"]

_SHAPELETS = ("SHAPELETS_POLAR", "SHAPELETS_CART")
_MULTI_GAUSSIAN = ("MULTI_GAUSSIAN_KAPPA", "MULTI_GAUSSIAN_KAPPA_ELLIPSE")
_TABLES = ("f_", "f_xx", "f_xy", "f_yy")
_SOLVED = {4: 6, 2: 3}  # number of shapelet coefficients that the solver sets


class LensParam:
    """Parameters of a list of lens models."""

    def __init__(
        self,
        lens_model_list,
        kwargs_fixed,
        kwargs_lower=None,
        kwargs_upper=None,
        kwargs_logsampling=None,
        num_images=0,
        solver_type="NONE",
        num_shapelet_lens=0,
        profile_kwargs_list=None,
    ):
        """
        :param lens_model_list: model names
        :param kwargs_fixed: parameters of each lens model that are held fixed
        :param kwargs_lower: lower limits of each, None: the defaults
        :param kwargs_upper: upper limits of each, None: the defaults
        :param kwargs_logsampling: names of the parameters of each that are sampled as log10
        :param num_images: number of images that the solver constrains (for 'SHAPELETS')
        :param solver_type: type of the solver (for 'SHAPELETS')
        :param num_shapelet_lens: number of shapelet coefficients
        :param profile_kwargs_list: constructor options of each profile (None: defaults)
        """
        self.model_list = lens_model_list
        self.kwargs_fixed = kwargs_fixed
        self._num_images = num_images
        self._solver_type = solver_type
        self._num_shapelet_lens = num_shapelet_lens
        profiles = SinglePlane(lens_model_list, profile_kwargs_list=profile_kwargs_list).func_list
        self._param_name_list = [list(p.param_names) for p in profiles]
        self.lower_limit = [p.lower_limit_default for p in profiles] if kwargs_lower is None else kwargs_lower
        self.upper_limit = [p.upper_limit_default for p in profiles] if kwargs_upper is None else kwargs_upper
        self.kwargs_logsampling = kwargs_logsampling or [[] for _ in lens_model_list]

    def _solved(self, k):
        """Number of shapelet coefficients of the k-th lens model that are not sampled but solved for."""
        if self._solver_type != "SHAPELETS" or k != 0:
            return 0
        if self._num_images not in _SOLVED:
            raise ValueError(f"solver_type 'SHAPELETS' constrains 2 or 4 images, not num_images = {self._num_images}.")
        return _SOLVED[self._num_images]

    def _sampled(self, kwargs_list=None):
        """Index, name and number of values (None for a plain number) of what is sampled.

        :param kwargs_list: where the numbers of values are, beside ``kwargs_fixed``
        :raises ValueError: a parameter that has to be fixed
        """
        for k, (model, names, fixed) in enumerate(zip(self.model_list, self._param_name_list, self.kwargs_fixed)):
            for name in names:
                if name in fixed or (model in ("INTERPOL", "INTERPOL_SCALED") and name in _TABLES):
                    continue
                count = None
                if model in _SHAPELETS and name == "coeffs":
                    count = self._num_shapelet_lens - self._solved(k)
                elif model in _MULTI_GAUSSIAN and name == "sigma":
                    raise ValueError(f"lens model {k} ({model}): 'sigma' has to be fixed.")
                elif model in _MULTI_GAUSSIAN and name == "amp":
                    count = len(fixed["sigma"])
                yield k, name, count

    def get_params(self, args, i):
        """The parameters from the sampled vector.

        :param args: sampled vector
        :param i: where the lens models begin
        :return: parameters of each lens model, where the next kind begins
        """
        kwargs_list = [
            {name: fixed[name] for name in names if name in fixed}
            for names, fixed in zip(self._param_name_list, self.kwargs_fixed)
        ]
        for k, name, count in self._sampled():
            if count is None:
                value = args[i]
                i += 1
            else:
                value = args[i : i + count]
                i += count
                if name == "coeffs" and self._solved(k):
                    value = [0] * self._solved(k) + list(value)
            kwargs_list[k][name] = 10**value if name in self.kwargs_logsampling[k] else value
        return kwargs_list, i

    def set_params(self, kwargs_list):
        """The sampled values.

        :param kwargs_list: parameters of each lens model
        :return: list of numbers
        """
        args = []
        for k, name, count in self._sampled():
            value = kwargs_list[k][name]
            if count is not None:
                args += list(value)[self._solved(k) if name == "coeffs" else 0 :]
            elif name in self.kwargs_logsampling[k]:
                args.append(namespace(value).log10(value))
            else:
                args.append(value)
        return args

    def num_param(self):
        """Number of sampled values and their names.

        :return: number, list of names with the index of the lens model
        """
        names = []
        for k, name, count in self._sampled():
            names += [f"{name}_lens{k}"] * (1 if count is None else count)
        return len(names), names
