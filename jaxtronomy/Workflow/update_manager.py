"""The state of a fit: options, limits, what is fixed, and the best parameters so far."""

import copy
import warnings

import numpy as np

from jaxtronomy.core.tree import freeze
from jaxtronomy.Sampling.parameters import Param

__all__ = ["UpdateManager"]

# groups of parameters: name, key of kwargs_params, key of kwargs_model without which there are none
GROUPS = (
    ("lens", "lens_model", "lens_model_list"),
    ("source", "source_model", "source_light_model_list"),
    ("lens_light", "lens_light_model", "lens_light_model_list"),
    ("ps", "point_source_model", "point_source_model_list"),
    ("special", "special", None),
    ("extinction", "extinction_model", "optical_depth_model_list"),
    ("tracer_source", "tracer_source_model", "tracer_source_model_list"),
)
KINDS = ("init", "sigma", "fixed", "lower", "upper")


class UpdateManager:
    """The state of a fit between its steps.

    For each group of parameters there are the start, typical width, what is fixed, and lower and upper limits, as
    ``_lens_init``, ``_lens_sigma`` ... What is given is copied: a fit does not change the lists of its caller.
    """

    def __init__(self, kwargs_model, kwargs_constraints, kwargs_likelihood, kwargs_params):
        """
        :param kwargs_model: arguments of :func:`~jaxtronomy.Util.class_creator.create_class_instances`
        :param kwargs_constraints: arguments of :class:`~jaxtronomy.Sampling.parameters.Param`, limits and fixed
            parameters aside
        :param kwargs_likelihood: arguments of :class:`~jaxtronomy.Sampling.likelihood.Likelihood`
        :param kwargs_params: for 'lens_model', 'source_model', 'lens_light_model', 'point_source_model',
            'extinction_model', 'tracer_source_model' (as far as there are such models) and 'special':
            ``[start, width, fixed, lower, upper]``, each a dictionary per model (a single one for 'special')
        :raises ValueError: when an entry of ``kwargs_params`` is missing or incomplete
        """
        self.kwargs_model = dict(kwargs_model)
        self.kwargs_constraints = dict(kwargs_constraints)
        self.kwargs_likelihood = dict(kwargs_likelihood)
        for name, key, models in GROUPS:
            if models is None:
                entry = kwargs_params.get(key, [{}] * len(KINDS))
            elif self.kwargs_model.get(models) is None:
                entry = [[]] * len(KINDS)
            elif key in kwargs_params:
                entry = kwargs_params[key]
            elif not self.kwargs_model[models]:
                entry = [[]] * len(KINDS)
            else:
                raise ValueError(
                    f"kwargs_params has no {key!r}, which {models} = {self.kwargs_model[models]} asks for; "
                    f"it has {sorted(kwargs_params)}."
                )
            if len(entry) != len(KINDS):
                raise ValueError(
                    f"kwargs_params[{key!r}] has {len(entry)} entries; it needs {len(KINDS)}: start, width, fixed, "
                    "lower limits, upper limits."
                )
            for kind, values in zip(KINDS, entry):
                setattr(self, f"_{name}_{kind}", copy.deepcopy(values))
        self._param_cache = None
        self.set_init_state()

    def __getstate__(self):
        return {**self.__dict__, "_param_cache": None}

    def _values(self, kind):
        """The dictionaries of one kind, for each group."""
        return tuple(getattr(self, f"_{name}_{kind}") for name, *_ in GROUPS)

    def _kwargs(self, kind):
        """The same by the names under which Param takes them."""
        return {f"kwargs_{name}": values for (name, *_), values in zip(GROUPS, self._values(kind))}

    @property
    def init_kwargs(self):
        """Parameters from which the fit starts."""
        return self._kwargs("init")

    @property
    def _init_kwargs(self):
        return self._values("init")

    @property
    def sigma_kwargs(self):
        """Widths of the first positions."""
        return self._kwargs("sigma")

    @property
    def lower_kwargs(self):
        """Lower limits."""
        return self._kwargs("lower")

    @property
    def _lower_kwargs(self):
        return self._values("lower")

    @property
    def upper_kwargs(self):
        """Upper limits."""
        return self._kwargs("upper")

    @property
    def _upper_kwargs(self):
        return self._values("upper")

    @property
    def fixed_kwargs(self):
        """Fixed parameters as they were given: lens, source, lens light, point sources, special, dust, tracer."""
        return self._values("fixed")

    @property
    def fixed_kwargs_updated_list(self):
        """Fixed parameters, with those that follow from the constraints."""
        return self.param_class.fixed_kwargs_list

    def check_initial_state(self):
        """Check the start against the limits.

        :raises ValueError: when a parameter that is neither fixed nor solved for has no limits
        """
        fixed = self.fixed_kwargs_updated_list
        groups = zip(GROUPS, self._values("init"), self._values("lower"), self._values("upper"), fixed)
        for (name, *_), *values in groups:
            if isinstance(values[0], list):
                if min(map(len, values)) < len(values[0]):
                    raise ValueError(
                        f"kwargs_{name}: a start is given for {len(values[0])} models, lower limits for "
                        f"{len(values[1])}, upper limits for {len(values[2])}, and {len(values[3])} models are there."
                    )
                for k, dictionaries in enumerate(zip(*values)):
                    _compare_bounds(*dictionaries, model_index=k, model_class=f"kwargs_{name}")
            else:
                _compare_bounds(*values, model_index=None, model_class=f"kwargs_{name}")

    def set_init_state(self):
        """Go back to the start."""
        self._kwargs_temp = copy.deepcopy(self.init_kwargs)

    @property
    def parameter_state(self):
        """The parameters as they are now, as they are sampled."""
        return self._kwargs_temp

    def best_fit(self, bijective=False):
        """The best parameters so far.

        :param bijective: True for the parameters as they are sampled (image-plane centres, unscaled lenses)
        :return: dictionary of parameter lists
        """
        result = copy.deepcopy(self._kwargs_temp)
        if not bijective:
            special = result["kwargs_special"]
            result["kwargs_lens"] = self.param_class.update_lens_scaling(special, result["kwargs_lens"], inverse=False)
            result["kwargs_source"] = self.param_class.image2source_plane(
                result["kwargs_source"], result["kwargs_lens"], special
            )
        return result

    def update_param_state(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_special=None,
        kwargs_extinction=None,
        kwargs_tracer_source=None,
    ):
        """Replace the parameters of the state, all of them.

        :param kwargs_lens: parameters of each lens model, as they are sampled
        :param kwargs_source: parameters of each source model
        :param kwargs_lens_light: parameters of each lens light model
        :param kwargs_ps: parameters of each point source model
        :param kwargs_special: further parameters
        :param kwargs_extinction: parameters of each dust model
        :param kwargs_tracer_source: parameters of each tracer model
        """
        self._kwargs_temp = copy.deepcopy(
            {
                "kwargs_lens": kwargs_lens,
                "kwargs_source": kwargs_source,
                "kwargs_lens_light": kwargs_lens_light,
                "kwargs_ps": kwargs_ps,
                "kwargs_special": kwargs_special,
                "kwargs_extinction": kwargs_extinction,
                "kwargs_tracer_source": kwargs_tracer_source,
            }
        )
        self.update_kwargs_model(kwargs_special)

    def update_param_value(self, lens=None, source=None, lens_light=None, ps=None):
        """Set parameters of the state.

        :param lens: ``[[i_model, [name, ...], [value, ...]], ...]``
        :param source: the same for source models
        :param lens_light: the same for lens light models
        :param ps: the same for point source models
        """
        for group, changes in (("lens", lens), ("source", source), ("lens_light", lens_light), ("ps", ps)):
            for i, names, values in changes or ():
                self._kwargs_temp[f"kwargs_{group}"][i].update(zip(names, values))

    @property
    def param_class(self):
        """The Param of the options, limits and fixed parameters as they are now; the same one until they change."""
        solver = self.kwargs_constraints.get("solver_type", "NONE") not in ("NONE", None)
        # without a solver Param does not depend on where the lens is now
        lens = self._kwargs_temp["kwargs_lens"] if solver else None
        arguments = (*self._values("fixed"), *self._values("lower"), *self._values("upper"))
        settings = freeze((self.kwargs_model, self.kwargs_constraints, arguments, lens))
        if self._param_cache is None or self._param_cache[0] != settings:
            param = Param(
                self.kwargs_model, *copy.deepcopy(arguments), kwargs_lens_init=lens, **self.kwargs_constraints
            )
            self._param_cache = settings, param
        return self._param_cache[1]

    def update_kwargs_model(self, kwargs_special):
        """Take over redshifts that are sampled.

        :param kwargs_special: holds ``z_sampling``
        :return: options of the models
        """
        kwargs_model, changed = self.param_class.update_kwargs_model(kwargs_special)
        if changed:
            self.kwargs_model = kwargs_model
        return kwargs_model

    def update_options(self, kwargs_model=None, kwargs_constraints=None, kwargs_likelihood=None):
        """Change options; those that are not named stay.

        :param kwargs_model: options of the models
        :param kwargs_constraints: options of Param
        :param kwargs_likelihood: options of Likelihood
        :return: all options of the models, of Param, of Likelihood
        """
        self.kwargs_model.update(kwargs_model or {})
        self.kwargs_constraints.update(kwargs_constraints or {})
        self.kwargs_likelihood.update(kwargs_likelihood or {})
        return self.kwargs_model, self.kwargs_constraints, self.kwargs_likelihood

    def update_limits(
        self,
        change_source_lower_limit=None,
        change_source_upper_limit=None,
        change_lens_lower_limit=None,
        change_lens_upper_limit=None,
    ):
        """Change limits.

        :param change_source_lower_limit: ``[[i_model, [name, ...], [value, ...]], ...]``
        :param change_source_upper_limit: the same
        :param change_lens_lower_limit: the same
        :param change_lens_upper_limit: the same
        """
        self._change("source_lower", change_source_lower_limit)
        self._change("source_upper", change_source_upper_limit)
        self._change("lens_lower", change_lens_lower_limit)
        self._change("lens_upper", change_lens_upper_limit)

    def update_sigmas(self, change_sigma_lens=None, change_sigma_source=None, change_sigma_lens_light=None):
        """Change the widths of the first positions.

        :param change_sigma_lens: ``[[i_model, [name, ...], [value, ...]], ...]``
        :param change_sigma_source: the same
        :param change_sigma_lens_light: the same
        """
        self._change("lens_sigma", change_sigma_lens)
        self._change("source_sigma", change_sigma_source)
        self._change("lens_light_sigma", change_sigma_lens_light)

    def _change(self, name, changes):
        """Apply changes to one of the lists, if there are any."""
        if changes is not None:
            setattr(self, f"_{name}", self._update_kwargs_list(changes, getattr(self, f"_{name}")))

    @staticmethod
    def _update_kwargs_list(change_list, kwargs_list_previous):
        """A copy of the dictionaries with the changes."""
        result = copy.deepcopy(kwargs_list_previous)
        for i, names, values in change_list:
            result[i].update(zip(names, values))
        return result

    def update_fixed(
        self,
        lens_add_fixed=None,
        source_add_fixed=None,
        lens_light_add_fixed=None,
        ps_add_fixed=None,
        special_add_fixed=None,
        tracer_source_add_fixed=None,
        lens_remove_fixed=None,
        source_remove_fixed=None,
        lens_light_remove_fixed=None,
        ps_remove_fixed=None,
        special_remove_fixed=None,
        tracer_source_remove_fixed=None,
    ):
        """Fix parameters, or free them.

        :param lens_add_fixed: ``[[i_model, [name, ...], [value, ...]], ...]``; without values, or where a value is
            None, at what they are now; likewise for the other groups
        :param lens_remove_fixed: ``[[i_model, [name, ...]], ...]``; likewise for the other groups
        :param special_add_fixed: ``[name, ...]``, at what they are now, unless they are fixed already
        :param special_remove_fixed: ``[name, ...]``
        """
        for name, add, remove in (
            ("lens", lens_add_fixed, lens_remove_fixed),
            ("source", source_add_fixed, source_remove_fixed),
            ("lens_light", lens_light_add_fixed, lens_light_remove_fixed),
            ("ps", ps_add_fixed, ps_remove_fixed),
            ("tracer_source", tracer_source_add_fixed, tracer_source_remove_fixed),
        ):
            fixed = self._add_fixed(self._kwargs_temp[f"kwargs_{name}"], getattr(self, f"_{name}_fixed"), add)
            setattr(self, f"_{name}_fixed", self._remove_fixed(fixed, remove))
        for name in special_add_fixed or ():
            if name not in self._special_fixed:
                self._special_fixed[name] = _current(self._kwargs_temp["kwargs_special"], name, "kwargs_special")
        for name in special_remove_fixed or ():
            self._special_fixed.pop(name, None)

    @staticmethod
    def _add_fixed(kwargs_model, kwargs_fixed, add_fixed):
        """The fixed parameters with further ones."""
        for i, names, *values in add_fixed or ():
            for name, value in zip(names, values[0] if values else [None] * len(names)):
                kwargs_fixed[i][name] = _current(kwargs_model[i], name, f"model {i}") if value is None else value
        return kwargs_fixed

    @staticmethod
    def _remove_fixed(kwargs_fixed, remove_fixed):
        """The fixed parameters without some."""
        for i, names in remove_fixed or ():
            for name in names:
                kwargs_fixed[i].pop(name, None)
        return kwargs_fixed

    def fix_image_parameters(self, image_index=0):
        """Does nothing; it is there because lenstronomy has it.

        :param image_index: not used
        """


def _current(kwargs, name, where):
    """The value that a parameter has now."""
    if name not in kwargs:
        raise ValueError(f"{name!r} of {where} cannot be fixed at what it is now; there are {sorted(kwargs)}.")
    return kwargs[name]


def _compare_bounds(init_kwargs, lower_kwargs, upper_kwargs, fixed_kwargs, model_index=None, model_class=None):
    """Raise where limits are missing, warn where the start is beyond them."""
    for name, value in init_kwargs.items():
        if name in fixed_kwargs:  # amplitudes that are solved for are there as well
            continue
        for limits, end, beyond in ((lower_kwargs, "lower", np.less), (upper_kwargs, "upper", np.greater)):
            if name not in limits:
                raise ValueError(
                    f"Variable {name} missing in {end} bounds of {model_index}'th model of {model_class}; "
                    f"bounds are given for {sorted(limits)}."
                )
            if np.any(beyond(value, limits[name])):
                warnings.warn(
                    f"The start {value} of {name} of {model_index}'th model of {model_class} is beyond its {end} "
                    f"bound {limits[name]}.",
                    stacklevel=4,
                )
