"""Lens models that bring four images to one source."""

from jaxtronomy.LensModel.Solver.solver2point import ImageConstraint
from jaxtronomy.Util import param_util

__all__ = ["Solver4Point"]

_SHAPE = ("e1", "e2", "center_x", "center_y")
_NAMES = {
    **dict.fromkeys(
        (
            "SPEP",
            "SPEMD",
            "PEMD",
            "SIE",
            "NIE",
            "EPL",
            "EPL_BOXYDISKY",
            "EPL_BOXYDISKY_ELL",
            "EPL_MULTIPOLE_M3M4",
            "EPL_MULTIPOLE_M1M3M4",
            "EPL_MULTIPOLE_M3M4_ELL",
            "EPL_MULTIPOLE_M1M3M4_ELL",
        ),
        ("theta_E", *_SHAPE),
    ),
    **dict.fromkeys(("NFW_ELLIPSE_POTENTIAL", "NFW_ELLIPSE_CSE", "CNFW_ELLIPSE_POTENTIAL"), ("alpha_Rs", *_SHAPE)),
    "BPL": ("b", *_SHAPE),
    "SHAPELETS_CART": (),  # the coefficients c10, c01, c20, c11, c02
}
_TYPES = ("PROFILE", "PROFILE_SHEAR", "CUSTOM")


class Solver4Point(ImageConstraint):
    """Six unknowns for four images: strength, ellipticity and centre of the first lens model,
    and an angle of the shear.

    'PROFILE' leaves the shear alone; with five unknowns the equations are satisfied as well as can be.
    'PROFILE_SHEAR' needs SHEAR or SHEAR_GAMMA_PSI as the second lens model. 'CUSTOM' takes the conversions between
    parameters and unknowns from a module with ``extract_array``, ``update_kwargs`` and ``add_fixed_lens``.
    """

    _num_images = 4

    def __init__(self, lensModel, solver_type="PROFILE", parameter_module=None):
        """
        :param lensModel: :class:`~jaxtronomy.LensModel.lens_model.LensModel`
        :param solver_type: 'PROFILE', 'PROFILE_SHEAR' or 'CUSTOM'
        :param parameter_module: the conversions, for 'CUSTOM'
        :raises ValueError: unknown type, or lens models that it does not fit
        """
        models = lensModel.lens_model_list
        if models[0] not in _NAMES:
            raise ValueError(f"the first lens model has to be one of {', '.join(_NAMES)}, not {models[0]}.")
        if solver_type not in _TYPES:
            raise ValueError(f"solver_type {solver_type!r} is not one of {', '.join(_TYPES)}.")
        if solver_type == "PROFILE_SHEAR":
            if models[1] == "SHEAR_GAMMA_PSI":
                solver_type = "PROFILE_SHEAR_GAMMA_PSI"
            elif models[1] != "SHEAR":
                raise ValueError(
                    "solver_type 'PROFILE_SHEAR' needs SHEAR or SHEAR_GAMMA_PSI as the second lens model, "
                    f"not {models[1]}."
                )
        if solver_type == "CUSTOM" and parameter_module is None:
            raise ValueError("solver_type 'CUSTOM' needs a parameter_module.")
        self._solver_type = solver_type
        self._parameter_module = parameter_module
        self.lensModel = lensModel
        self._lens_mode_list = models
        self._decoupling = lensModel.multi_plane is not True and solver_type != "CUSTOM"
        self._solved = (0, 1) if solver_type.startswith("PROFILE_SHEAR") else (0,)

    def _names(self):
        """The parameters of the first lens model that are solved for."""
        model = self._lens_mode_list[0]
        if model not in _NAMES:
            raise ValueError(f"lens model {model} is not supported with four images.")
        return _NAMES[model]

    def _update_kwargs(self, x, kwargs_list):
        """The parameters with the unknowns written into them."""
        if self._solver_type == "CUSTOM":
            return self._parameter_module.update_kwargs(x, kwargs_list)
        first = kwargs_list[0]
        if self._names():
            first.update(zip(self._names(), x))
        else:
            coefficients = list(first["coeffs"])
            coefficients[1:6] = list(x[:5])
            first["coeffs"] = coefficients
        if self._solver_type == "PROFILE_SHEAR_GAMMA_PSI":
            kwargs_list[1]["psi_ext"] = x[5]
        elif self._solver_type == "PROFILE_SHEAR":
            shear = kwargs_list[1]
            _, strength = param_util.shear_cartesian2polar(shear["gamma1"], shear["gamma2"])
            shear["gamma1"], shear["gamma2"] = param_util.shear_polar2cartesian(x[5], strength)
        return kwargs_list

    def _extract_array(self, kwargs_list):
        """The unknowns in the parameters, the inverse of :meth:`_update_kwargs`."""
        if self._solver_type == "CUSTOM":
            return self._parameter_module.extract_array(kwargs_list)
        angle = 0
        names = self._names()
        if self._solver_type == "PROFILE_SHEAR_GAMMA_PSI":
            angle = kwargs_list[1]["psi_ext"]
        elif self._solver_type == "PROFILE_SHEAR":
            angle, _ = param_util.shear_cartesian2polar(kwargs_list[1]["gamma1"], kwargs_list[1]["gamma2"])
        own = [kwargs_list[0][n] for n in names] if names else list(kwargs_list[0]["coeffs"])[1:6]
        return [*own, angle]

    def add_fixed_lens(self, kwargs_fixed_lens_list, kwargs_lens_init):
        """Fix what is solved for.

        :param kwargs_fixed_lens_list: parameters of each lens model that are held fixed; changed
        :param kwargs_lens_init: parameters of each lens model
        :return: kwargs_fixed_lens_list
        """
        if self._solver_type == "CUSTOM":
            return self._parameter_module.add_fixed_lens(kwargs_fixed_lens_list, kwargs_lens_init)
        model = self.lensModel.lens_model_list[0]
        if model not in _NAMES:
            raise ValueError(
                f"{model} is not a valid option for the first lens model; choose from {', '.join(_NAMES)}."
            )
        for name in _NAMES[model]:
            kwargs_fixed_lens_list[0][name] = kwargs_lens_init[0][name]
        return kwargs_fixed_lens_list
