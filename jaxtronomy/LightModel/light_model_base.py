"""The supported light models, and sums of them."""

from itertools import zip_longest

import jax
import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.compile import evaluate
from jaxtronomy.core.registry import Registry
from jaxtronomy.LightModel.Profiles.profile_base import surface_brightness
from jaxtronomy.Util.util import convert_bool_list

__all__ = ["LightModelBase"]

_LIGHT_MODELS = {
    "GAUSSIAN": "Profiles.gaussian:Gaussian",
    "GAUSSIAN_ELLIPSE": "Profiles.gaussian:GaussianEllipse",
    "ELLIPSOID": "Profiles.ellipsoid:Ellipsoid",
    "MULTI_GAUSSIAN": "Profiles.gaussian:MultiGaussian",
    "MULTI_GAUSSIAN_ELLIPSE": "Profiles.gaussian:MultiGaussianEllipse",
    "MGE_SET": "Profiles.mge_set:MGESet",
    "MGE_SET_ELLIPSE": "Profiles.mge_ellipse:MGEEllipse",
    "SERSIC": "Profiles.sersic:Sersic",
    "SERSIC_ELLIPSE": "Profiles.sersic:SersicElliptic",
    "SERSIC_ELLIPSE_Q_PHI": "Profiles.sersic:SersicElliptic_qPhi",
    "SERSIC_ELLIPSE_FLEXION": "Profiles.sersic_ellipse_with_flexion:SersicEllipseWithFlexion",
    "CORE_SERSIC": "Profiles.sersic:CoreSersic",
    "SHAPELETS": "Profiles.shapelets:ShapeletSet",
    "SHAPELETS_ELLIPSE": "Profiles.shapelets_ellipse:ShapeletSetEllipse",
    "SHAPELETS_POLAR": ("Profiles.shapelets_polar:ShapeletSetPolar", {"exponential": False}),
    "SHAPELETS_POLAR_EXP": ("Profiles.shapelets_polar:ShapeletSetPolar", {"exponential": True}),
    "HERNQUIST": "Profiles.hernquist:Hernquist",
    "HERNQUIST_ELLIPSE": "Profiles.hernquist:HernquistEllipse",
    "PJAFFE": "Profiles.pseudo_jaffe:PseudoJaffe",
    "PJAFFE_ELLIPSE": "Profiles.pseudo_jaffe:PseudoJaffeEllipse",
    "PL_SERSIC": "Profiles.pl_sersic:PL_Sersic",
    "UNIFORM": "Profiles.uniform:Uniform",
    "POWER_LAW": "Profiles.power_law:PowerLaw",
    "NIE": "Profiles.nie:NIE",
    "CHAMELEON": "Profiles.chameleon:Chameleon",
    "DOUBLE_CHAMELEON": "Profiles.chameleon:DoubleChameleon",
    "TRIPLE_CHAMELEON": "Profiles.chameleon:TripleChameleon",
    "INTERPOL": "Profiles.interpolation:Interpol",
    "SLIT_STARLETS": ("Profiles.starlets:SLIT_Starlets", {"fast_inverse": True, "second_gen": False}),
    "SLIT_STARLETS_GEN2": ("Profiles.starlets:SLIT_Starlets", {"second_gen": True}),
    "LINEAR": "Profiles.linear:Linear",
    "LINEAR_ELLIPSE": "Profiles.linear:LinearEllipse",
    "LINE_PROFILE": "Profiles.lineprofile:LineProfile",
}

_MODELS_SUPPORTED = list(_LIGHT_MODELS)

_registry = Registry("jaxtronomy.LightModel", _LIGHT_MODELS, "light model")


class LightModelBase:
    """A sum of light profiles."""

    def __init__(self, light_model_list, profile_kwargs_list=None):
        """
        :param light_model_list: model names
        :param profile_kwargs_list: constructor options of each profile (None, or beyond the end: defaults)
        :raises ValueError: for a name that is not supported, listing those that are, or for more options than models
        """
        self._options_list = list(profile_kwargs_list or [])
        self.profile_type_list = light_model_list

    @property
    def profile_type_list(self):
        """Model names; setting them replaces the models.

        :raises ValueError: as the constructor
        """
        return self._names

    @profile_type_list.setter
    def profile_type_list(self, names):
        options_list = self._options_list
        if len(options_list) > len(names):
            raise ValueError(f"options of {len(options_list)} profiles given for {len(names)} light models.")
        self.func_list = [_registry(*model) for model in zip_longest(names, options_list)]
        self._num_func = len(self.func_list)
        self._profiles = tuple(self.func_list)
        self._names = names

    def surface_brightness(self, x, y, kwargs_list, k=None):
        """Surface brightness.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs_list: parameters of each light model
        :param k: only these models (index, indices or bools)
        :return: surface brightness [flux / arcsec^2]
        """
        profiles, kwargs_list = self._select(kwargs_list, k)
        return evaluate(surface_brightness, profiles, kwargs_list, (x, y), kind="light model")

    def light_3d(self, r, kwargs_list, k=None):
        """3d light density whose projection is the surface brightness (of the round profiles).

        :param r: 3d radius [arcsec]
        :param kwargs_list: parameters of each light model
        :param k: only these models (index, indices or bools)
        :return: light density [flux / arcsec^3]
        :raises ValueError: for a model that has none
        """
        total = 0.0
        for func, kwargs in zip(*self._select(kwargs_list, k)):
            total = total + func.light_3d(r, **{n: v for n, v in kwargs.items() if n not in ("center_x", "center_y")})
        return total

    def total_flux(self, kwargs_list, norm=False, k=None):
        """Flux of each light profile to infinity.

        :param kwargs_list: parameters of each light model
        :param norm: True for unit amplitude (amplitudes that add up to one, in a set of Gaussians); ``amp`` may then
            be missing
        :param k: only these models (index, indices or bools)
        :return: list of fluxes
        :raises ValueError: for a model whose flux is not known
        """
        fluxes = []
        for func, kwargs in zip(*self._select(kwargs_list, k)):
            if norm:
                amp = kwargs["amp"] if func.is_set else 1.0
                if func.is_set:
                    amp = amp / jnp.sum(amp) if isinstance(amp, jax.Array) else np.asarray(amp) / np.sum(amp)
                kwargs = {**kwargs, "amp": amp}
            fluxes.append(func.total_flux(**kwargs))
        return fluxes

    @property
    def param_name_list_latex(self):
        """Parameter names of each profile as LaTeX, plain where there are none."""
        return [getattr(func, "param_names_latex", func.param_names) for func in self.func_list]

    def check_parameters(self, kwargs_list):
        """Check that every parameter of every model is given and no other.

        :param kwargs_list: parameters of each light model
        :raises ValueError: naming the parameter that is missing or unknown, or the wrong number of models
        """
        if len(kwargs_list) != self._num_func:
            raise ValueError(f"{len(kwargs_list)} sets of parameters given for {self._num_func} light models.")
        for i, (names, kwargs) in enumerate(zip(self.param_name_list, kwargs_list)):
            model = f"light model {i} ({self.profile_type_list[i]})"
            unknown = [key for key in kwargs if key not in names]
            if unknown:
                raise ValueError(f"{model} has no parameter {unknown[0]!r}; its parameters are {', '.join(names)}.")
            missing = [name for name in names if name not in kwargs]
            if missing:
                raise ValueError(f"{model} is missing the parameter {missing[0]!r}.")

    def delete_interpol_caches(self):
        """Accepted for compatibility: nothing is cached, an image is a parameter like any other."""

    def _select(self, kwargs_list, k):
        """Profiles and parameters that ``k`` selects."""
        kwargs_list = self._transform_kwargs(kwargs_list)
        if k is None:
            return self._profiles, kwargs_list
        chosen = [i for i, use in enumerate(self._bool_list(k)) if use]
        return tuple(self._profiles[i] for i in chosen), [kwargs_list[i] for i in chosen]

    def _transform_kwargs(self, kwargs_list):
        """The parameters as the profiles take them; a place for subclasses to convert."""
        return kwargs_list

    def _structure(self):
        return self._profiles

    def _bool_list(self, k=None):
        """One bool per profile, True for those that ``k`` (None, an index, indices or bools) selects."""
        return convert_bool_list(n=self._num_func, k=k)

    @property
    def param_name_list(self):
        """Parameter names of each profile."""
        return [func.param_names for func in self.func_list]
