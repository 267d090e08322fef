"""Lens parameters of a quad as vectors: EPL, SHEAR and possibly MULTIPOLE come first in the list of lens models.

A class of your own needs the attribute ``kwargs_lens`` and the methods ``to_vary_index``, ``bounds``,
``kwargs_to_args``, ``args_to_kwargs`` and ``param_chi_square_penalty`` of these.
"""

import numpy as np

from jaxtronomy.Util.param_util import ellipticity2phi_q, shear_cartesian2polar, shear_polar2cartesian

__all__ = [
    "PowerLawFixedShear",
    "PowerLawFixedShearMultipole",
    "PowerLawFreeShear",
    "PowerLawFreeShearMultipole",
    "PowerLawParamManager",
]

_NAMES = ("theta_E", "center_x", "center_y", "e1", "e2")
_WIDE = (0.1, 0.05, 0.05, 0.1, 0.1, 0.025, 0.025)
_NARROW = (0.005, 0.025, 0.025, 0.05, 0.05, 0.01, 0.01)


class PowerLawParamManager:
    """Base class: theta_E, center_x, center_y, e1, e2 of an EPL and gamma1, gamma2 of a SHEAR."""

    def __init__(self, kwargs_lens_init):
        """
        :param kwargs_lens_init: parameters of each lens model, from which the optimisation starts
        """
        self.kwargs_lens = kwargs_lens_init

    def param_chi_square_penalty(self, args):
        """Further penalty on the parameters.

        :param args: vector of parameters
        :return: 0
        """
        return 0.0

    @property
    def to_vary_index(self):
        """Number of lens models, at the beginning of the list, that have free parameters."""
        return 2

    def bounds(self, re_optimize, scale=1.0):
        """Limits of the first positions of a swarm, for lenses of the size of a galaxy.

        :param re_optimize: narrow limits around the start
        :param scale: factor on their width
        :return: lower and upper limits
        """
        args = np.array(self.kwargs_to_args(self.kwargs_lens))
        width = np.array(_NARROW if re_optimize else _WIDE) * scale
        return args - width, args + width

    @staticmethod
    def kwargs_to_args(kwargs):
        """The vector of parameters.

        :param kwargs: parameters of each lens model
        :return: tuple
        """
        return *(kwargs[0][n] for n in _NAMES), kwargs[1]["gamma1"], kwargs[1]["gamma2"]

    def _shear(self, gamma1, gamma2):
        """The shear of the vector."""
        return gamma1, gamma2

    def _with_args(self, args):
        """Parameters of each lens model with those of the vector; nothing is changed."""
        gamma1, gamma2 = self._shear(args[5], args[6])
        main = dict(zip(_NAMES, args)) | {"gamma": self.kwargs_lens[0]["gamma"]}
        return [main, {"gamma1": gamma1, "gamma2": gamma2}, *self.kwargs_lens[2:]]

    def args_to_kwargs(self, args):
        """Parameters of each lens model with those of the vector, which :attr:`kwargs_lens` takes over.

        :param args: vector of parameters
        :return: parameters of each lens model
        """
        self.kwargs_lens[:] = self._with_args(args)
        return self.kwargs_lens


class PowerLawFreeShear(PowerLawParamManager):
    """Power law with shear; all parameters are free but the slope."""


class PowerLawFixedShear(PowerLawParamManager):
    """Power law with shear; all parameters are free but the slope and the strength of the shear."""

    def __init__(self, kwargs_lens_init, shear_strength):
        """
        :param kwargs_lens_init: parameters of each lens model, from which the optimisation starts
        :param shear_strength: strength of the shear
        """
        self._shear_strength = shear_strength
        super().__init__(kwargs_lens_init)

    def _shear(self, gamma1, gamma2):
        return shear_polar2cartesian(shear_cartesian2polar(gamma1, gamma2)[0], self._shear_strength)


class _WithMultipole:
    """A multipole, third in the list, with the centre and the orientation of the power law."""

    @property
    def to_vary_index(self):
        """Number of lens models, at the beginning of the list, that have free parameters."""
        return 3

    def _with_args(self, args):
        main, shear, multipole, *others = super()._with_args(args)
        phi, _ = ellipticity2phi_q(main["e1"], main["e2"])
        centre = {"center_x": main["center_x"], "center_y": main["center_y"]}
        return [main, shear, {**multipole, **centre, "phi_m": phi}, *others]


class PowerLawFreeShearMultipole(_WithMultipole, PowerLawParamManager):
    """Power law with shear and a multipole; all parameters are free but the slope and the multipole's amplitude."""


class PowerLawFixedShearMultipole(_WithMultipole, PowerLawFixedShear):
    """Power law with shear and a multipole; all parameters are free but the slope, the strength of the shear and the
    multipole's amplitude.
    """
