"""Lens models that bring two images to one source."""

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from jaxtronomy.core.compile import namespace
from jaxtronomy.core.root_finding import powell_hybrid, with_implicit_derivative
from jaxtronomy.core.tree import Model, evaluate_method, structure, to_leaves, unwrap
from jaxtronomy.Util import param_util

__all__ = ["Solver2Point"]

_SHAPELETS = ("SHAPELETS_CART", "SHAPELETS_POLAR")


class ImageConstraint(Model):
    """Solves for parameters such that all images have one source.

    A subclass sets ``lensModel``, ``_solver_type``, ``_decoupling`` and ``_solved`` (the lens models with parameters to
    solve for), and converts between the parameters and the vector of unknowns. Everything traces inside programs; the
    derivatives of the solution are those of the implicit function.
    """

    def _structure(self):
        """What distinguishes two solvers: equal ones share their program."""
        return self._solver_type, self._decoupling, structure(self.lensModel), structure(self._parameter_module)

    _parameter_module = None
    _num_images = 2

    def constraint_lensmodel(self, x_pos, y_pos, kwargs_list, xtol=1.49012e-12):
        """Parameters that bring all images to one source position.

        :param x_pos: image positions [arcsec]
        :param y_pos: image positions [arcsec]
        :param kwargs_list: parameters of each lens model; those to solve for are the start
        :param xtol: relative precision of the unknowns
        :return: new parameters, sum of squared differences of the source positions [arcsec^2]
        :raises ValueError: another number of images than the solver is made for
        """
        if not len(x_pos) == len(y_pos) == self._num_images:
            raise ValueError(
                f"{len(x_pos)} and {len(y_pos)} image coordinates given to a solver for {self._num_images} images."
            )
        profiles = self.lensModel.lens_model.plan(kwargs_list)[0]
        static = frozenset(q.name for p in profiles for q in p.parameters if q.static)
        positions = tuple(to_leaves(p) for p in (x_pos, y_pos))
        x, accuracy = evaluate_method(
            ImageConstraint._solution,
            self,
            to_leaves(list(kwargs_list), static),
            *positions,
            jnp.asarray(xtol) if isinstance(xtol, jax.Array) else np.asarray(xtol, float),
        )
        return self._update_kwargs(x, [dict(k) for k in kwargs_list]), accuracy

    def _solution(self, kwargs_list, x_pos, y_pos, xtol):
        """The unknowns and the sum of the squared equations."""
        kwargs_list = unwrap(kwargs_list)
        still, x_still, y_still = lax.stop_gradient((kwargs_list, x_pos, y_pos))
        start = jnp.stack([jnp.asarray(v, dtype=x_pos.dtype) for v in self._extract_array(still)])
        constant = self._constraint(x_still, y_still, still)
        x = powell_hybrid(lambda v: self._F(v, x_still, y_still, still, constant), start, xtol)
        constant = self._constraint(x_pos, y_pos, kwargs_list)
        x = with_implicit_derivative(lambda v: self._F(v, x_pos, y_pos, kwargs_list, constant), x)
        return x, (self._F(x, x_pos, y_pos, kwargs_list, constant) ** 2).sum()

    def solve(self, x_pos, y_pos, init, kwargs_list, a, xtol=1.49012e-12):
        """The unknowns that satisfy the equations.

        :param x_pos: image positions [arcsec]
        :param y_pos: image positions [arcsec]
        :param init: start
        :param kwargs_list: parameters of each lens model
        :param a: what the differences of the source positions have to be [arcsec]
        :param xtol: relative precision
        :return: unknowns
        """
        x_pos, y_pos, a = (jnp.asarray(v, dtype=float) for v in (x_pos, y_pos, a))
        start = jnp.asarray(init, dtype=float)
        return np.array(powell_hybrid(lambda v: self._F(v, x_pos, y_pos, kwargs_list, a), start, xtol))

    def _constraint(self, x_pos, y_pos, kwargs_list):
        """What the lens models that stay as they are contribute to the equations."""
        if not self._decoupling:
            return 0.0
        total_x, total_y = self.lensModel.alpha(x_pos, y_pos, kwargs_list)
        own_x, own_y = self.lensModel.alpha(x_pos, y_pos, kwargs_list, k=self._solved)
        return self._subtract_constraint(own_x - total_x, own_y - total_y)

    @staticmethod
    def _subtract_constraint(x_sub, y_sub):
        """Differences to the first image, with the opposite sign: x, then y."""
        return namespace(x_sub, y_sub).concatenate([x_sub[1:] - x_sub[0], y_sub[1:] - y_sub[0]])

    def _F(self, x, x_pos, y_pos, kwargs_list, a=0.0):
        """The equations: differences of the source positions to that of the first image, minus ``a``."""
        kwargs_list = self._update_kwargs(x, [dict(k) for k in kwargs_list])
        k = self._solved if self._decoupling else None
        alpha_x, alpha_y = self.lensModel.alpha(x_pos, y_pos, kwargs_list, k=k)
        return -self._subtract_constraint(x_pos - alpha_x, y_pos - alpha_y) - a


class Solver2Point(ImageConstraint):
    """Two unknowns for two images.

    =================  ============================================================================
    'CENTER'           ``center_x, center_y`` of the first lens model
    'ELLIPSE'          ``e1, e2`` of the first lens model
    'SHAPELETS'        the coefficients c10, c01 of the first lens model
    'THETA_E_PHI'      ``theta_E`` of the first lens model, angle of the second one, 'SHEAR'
    'THETA_E_ELLIPSE'  ``theta_E`` and the angle of the ellipticity of the first lens model
    =================  ============================================================================
    """

    _types = ("CENTER", "ELLIPSE", "SHAPELETS", "THETA_E_PHI", "THETA_E_ELLIPSE")
    _solved = (0,)

    def __init__(self, lensModel, solver_type="CENTER", decoupling=True):
        """
        :param lensModel: :class:`~jaxtronomy.LensModel.lens_model.LensModel`
        :param solver_type: what to solve for
        :param decoupling: evaluate the other lens models only once
        :raises ValueError: unknown type, or lens models that it does not fit
        """
        self.lensModel = lensModel
        self._lens_mode_list = lensModel.lens_model_list
        if solver_type not in self._types:
            raise ValueError(f"solver_type {solver_type!r} is not one of {', '.join(self._types)}.")
        if solver_type == "SHAPELETS" and self._lens_mode_list[0] not in _SHAPELETS:
            raise ValueError(
                f"solver_type 'SHAPELETS' needs {' or '.join(_SHAPELETS)} as the first lens model, "
                f"not {self._lens_mode_list[0]}."
            )
        if solver_type == "THETA_E_PHI" and self._lens_mode_list[1] != "SHEAR":
            raise ValueError(
                f"solver_type 'THETA_E_PHI' needs SHEAR as the second lens model, not {self._lens_mode_list[1]}."
            )
        self._solver_type = solver_type
        self._decoupling = decoupling and lensModel.multi_plane is not True and solver_type != "THETA_E_PHI"

    def _unsupported(self):
        return ValueError(f"solver_type {self._solver_type!r} is not supported with two images.")

    def _update_kwargs(self, x, kwargs_list):
        """The parameters with the unknowns written into them."""
        first = kwargs_list[0] if kwargs_list else None
        if self._solver_type == "CENTER":
            first["center_x"], first["center_y"] = x[0], x[1]
        elif self._solver_type == "ELLIPSE":
            first["e1"], first["e2"] = x[0], x[1]
        elif self._solver_type == "SHAPELETS":
            coefficients = list(first["coeffs"])
            coefficients[1:3] = [x[0], x[1]]
            first["coeffs"] = coefficients
        elif self._solver_type == "THETA_E_PHI":
            shear = kwargs_list[1]
            _, strength = param_util.shear_cartesian2polar(shear["gamma1"], shear["gamma2"])
            first["theta_E"] = x[0]
            shear["gamma1"], shear["gamma2"] = param_util.shear_polar2cartesian(x[1], strength)
        elif self._solver_type == "THETA_E_ELLIPSE":
            _, q = param_util.ellipticity2phi_q(first["e1"], first["e2"])
            first["theta_E"] = x[0]
            first["e1"], first["e2"] = param_util.phi_q2_ellipticity(x[1], q)
        else:
            raise self._unsupported()
        return kwargs_list

    def _extract_array(self, kwargs_list):
        """The unknowns in the parameters, the inverse of :meth:`_update_kwargs`."""
        first = kwargs_list[0] if kwargs_list else None
        if self._solver_type == "CENTER":
            return [first["center_x"], first["center_y"]]
        if self._solver_type == "ELLIPSE":
            return [first["e1"], first["e2"]]
        if self._solver_type == "SHAPELETS":
            return list(first["coeffs"])[1:3]
        if self._solver_type == "THETA_E_PHI":
            angle, _ = param_util.shear_cartesian2polar(kwargs_list[1]["gamma1"], kwargs_list[1]["gamma2"])
            return [first["theta_E"], angle]
        if self._solver_type == "THETA_E_ELLIPSE":
            angle, _ = param_util.shear_cartesian2polar(first["e1"], first["e2"])
            return [first["theta_E"], angle]
        raise self._unsupported()

    def add_fixed_lens(self, kwargs_fixed_lens_list, kwargs_lens_init):
        """Fix what is solved for.

        :param kwargs_fixed_lens_list: parameters of each lens model that are held fixed; changed
        :param kwargs_lens_init: parameters of each lens model
        :return: kwargs_fixed_lens_list
        """
        names = {
            "CENTER": ("center_x", "center_y"),
            "ELLIPSE": ("e1", "e2"),
            "SHAPELETS": (),
            "THETA_E_PHI": ("theta_E",),
            "THETA_E_ELLIPSE": ("theta_E",),
        }
        if self._solver_type not in names:
            raise self._unsupported()
        for name in names[self._solver_type]:
            kwargs_fixed_lens_list[0][name] = kwargs_lens_init[0][name]
        if self._solver_type == "THETA_E_PHI":
            kwargs_fixed_lens_list[1]["gamma2"] = 0
        elif self._solver_type == "THETA_E_ELLIPSE":
            kwargs_fixed_lens_list[0]["e2"] = 0
        return kwargs_fixed_lens_list
