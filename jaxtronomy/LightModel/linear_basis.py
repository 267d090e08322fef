"""The linear amplitudes of a light model."""

import jax
import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.compile import evaluate
from jaxtronomy.core.numerics import unstacked
from jaxtronomy.LightModel.light_model_base import LightModelBase
from jaxtronomy.LightModel.Profiles.profile_base import basis

__all__ = ["LinearBasis"]


class LinearBasis(LightModelBase):
    """A sum of light profiles, as a linear combination of basis functions."""

    def __init__(self, **kwargs):
        """
        :param kwargs: arguments of :class:`~jaxtronomy.LightModel.light_model_base.LightModelBase`
        """
        super().__init__(**kwargs)

    def functions_split(self, x, y, kwargs_list, k=None):
        """Responses to unit amplitudes; all of them are one program.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs_list: parameters of each light model; amplitudes play no part and may be missing
        :param k: only these models (index, indices or bools)
        :return: list of the surface brightness of each linear component, and their number
        :raises ValueError: for a model whose components are too many to list (starlets)
        """
        profiles, kwargs_list = self._select(kwargs_list, k)
        kwargs_list = [{**kwargs, "amp": 1.0} for kwargs in kwargs_list]
        parts = evaluate(basis, profiles, kwargs_list, (x, y), kind="light model")
        responses = [response for part in parts for response in unstacked(part)]
        return responses, len(responses)

    def num_param_linear(self, kwargs_list, list_return=False):
        """Number of linear amplitudes.

        :param kwargs_list: parameters of each light model
        :param list_return: True for the number of each model in a list
        :return: number of linear amplitudes, or the list
        """
        numbers = self.num_param_linear_list(kwargs_list)
        return numbers if list_return else sum(numbers)

    def num_param_linear_list(self, kwargs_list):
        """Number of linear amplitudes of each light model.

        :param kwargs_list: parameters of each light model
        :return: list of numbers
        """
        return [func.num_amplitudes(kwargs) for func, kwargs in zip(self.func_list, kwargs_list)]

    def update_linear(self, param, i, kwargs_list):
        """Write linear amplitudes into the parameters.

        :param param: linear amplitudes of this and other models
        :param i: index of the first one that belongs to this model
        :param kwargs_list: parameters of each light model; ``amp`` is added or overwritten in place
        :return: kwargs_list, index after the last amplitude read
        """
        for func, kwargs in zip(self.func_list, kwargs_list or []):
            n = func.num_amplitudes(kwargs)
            kwargs["amp"] = param[i : i + n] if func.is_set else param[i]
            i += n
        return kwargs_list, i

    def add_fixed_linear(self, kwargs_fixed_list):
        """Fix every amplitude, at one, that is not fixed yet.

        :param kwargs_fixed_list: fixed parameters of each light model; changed in place
        :return: kwargs_fixed_list
        """
        for names, kwargs_fixed in zip(self.param_name_list, kwargs_fixed_list):
            if "amp" in names:
                kwargs_fixed.setdefault("amp", 1)
        return kwargs_fixed_list

    def linear_param_from_kwargs(self, kwargs_list):
        """The linear amplitudes in the parameters, the inverse of :meth:`update_linear`.

        :param kwargs_list: parameters of each light model
        :return: list of amplitudes
        """
        param = []
        for names, kwargs in zip(self.param_name_list, kwargs_list):
            if "amp" in names:
                amp = kwargs["amp"]
                param += list(jnp.ravel(amp) if isinstance(amp, jax.Array) else np.ravel(amp))
        return param

    def check_positive_flux_profile(self, kwargs_list):
        """Whether no profile that describes a flux by itself (not a basis such as shapelets) has a negative amplitude.

        :param kwargs_list: parameters of each light model
        :return: bool (traced if an amplitude is)
        """
        positive = True
        for func, kwargs in zip(self.func_list, kwargs_list):
            if func.positive and "amp" in kwargs:
                amp = kwargs["amp"]
                if isinstance(amp, jax.Array):
                    positive &= ~jnp.any(amp < 0)
                else:
                    positive &= not np.any(np.asarray(amp) < 0)
        return positive
