"""Sum of many simple profiles that approximates another one.

The amplitudes follow from the target's parameters by a weighted linear fit: both profiles are made round and centred,
and their convergences compared at radii that are evenly spaced in the logarithm.  It is one differentiable program of
the target's parameters.
"""

import jax
import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.blocks import accumulated
from jaxtronomy.core.compile import to_numpy
from jaxtronomy.core.kernel import Kernel

from .base_profile import LensProfileBase

__all__ = ["SynthesisProfile"]

DEFAULTS = {"lower_log_bound": -6, "upper_log_bound": 3, "num_r_evals": 100, "sigma": 0.01}
SHAPE = ("e1", "e2", "center_x", "center_y")


def frozen(options):
    """A dictionary as something hashable."""
    return tuple(sorted((k, float(v)) for k, v in dict(options).items()))


def row_of(profile, kwargs, rounded=False):
    """Parameter values in the order of a profile, or those of the round and centred profile."""
    complete = {p.name: p.default for p in profile.parameters} | dict(kwargs)
    missing = [k for k, v in complete.items() if v is None]
    if missing:
        raise TypeError(f"SYNTHESIS: a component {type(profile).__name__} without {', '.join(missing)}.")
    return [0.0 if rounded and name in SHAPE else complete[name] for name in (p.name for p in profile.parameters)]


def convergence(profile, x, values):
    """Convergence along the x-axis."""
    f_xx, _, _, f_yy = profile.kernel.hessian(x, jnp.zeros_like(x), *values)
    return (f_xx + f_yy) / 2


class SynthesisProfile(LensProfileBase):
    __doc__ = __doc__

    profile_name = "SYNTHESIS"

    def __init__(self, target_lens_model, component_lens_model, kwargs_list, lin_fit_hyperparams):
        """
        :param target_lens_model: name of the lens model to approximate, whose parameters are those of the profile
        :param component_lens_model: name of the lens model of the components
        :param kwargs_list: parameters of each component; the amplitude is adjusted
        :param lin_fit_hyperparams: dictionary of ``num_r_evals`` (100) radii between 10 to the ``lower_log_bound`` (-6)
            and ``upper_log_bound`` (3), and ``sigma`` (0.01), the scatter, which is the same at all of them
        :raises ValueError: for fewer radii than components
        """
        from jaxtronomy.LensModel.profile_list_base import lens_class

        self.target_class, self.component_class = lens_class(target_lens_model), lens_class(component_lens_model)
        self.parameters = self.target_class.parameters
        self.kwargs_list = [dict(kwargs) for kwargs in kwargs_list]
        self.lin_fit_hyperparams = dict(lin_fit_hyperparams)
        self.set_limits(self.kwargs_list, self.lin_fit_hyperparams)
        self.check_num_evals()
        rows = [row_of(self.component_class, kwargs) for kwargs in self.kwargs_list]
        self._components = np.array(rows, dtype=float)
        self._rounded = np.array([row_of(self.component_class, k, True) for k in self.kwargs_list], dtype=float)
        self.kernel = Kernel(
            lambda x, y, *p: self._sum(lambda x, y, *q: self._from_centre(x, y, q), x, y, p),
            lambda x, y, *p: self._sum(self.component_class.kernel.deflection, x, y, p),
            lambda x, y, *p: self._sum(self.component_class.kernel.hessian, x, y, p),
        )
        super().__init__(
            target_lens_model=target_lens_model,
            component_lens_model=component_lens_model,
            kwargs_list=tuple(frozen(kwargs) for kwargs in kwargs_list),
            lin_fit_hyperparams=frozen(lin_fit_hyperparams),
        )

    def _from_centre(self, x, y, values):
        """Potential of a component, less its value at the innermost radius."""
        inner = jnp.full((1,), 10.0**self.lower_log_bound, x.dtype)
        potential = self.component_class.kernel.potential
        return potential(x, y, *values) - potential(inner, jnp.zeros_like(inner), *values)[0]

    def _sum(self, function, x, y, values):
        """Weighted sum of a function over the components."""
        table = jnp.asarray(self._components, x.dtype)
        weights = self._weights(values).astype(x.dtype)

        def weighted(row):
            return jax.tree.map(lambda part: row[-1] * part, function(x, y, *row[:-1]))

        return accumulated(weighted, jnp.concatenate([table, weights[:, None]], 1)[:, None])

    def _weights(self, values):
        """Amplitudes of the weighted least-squares fit, by a QR decomposition."""
        r = jnp.asarray(self.r_eval_list)
        values = [0.0 if p.name in SHAPE else v for p, v in zip(self.parameters, values)]
        target = convergence(self.target_class, r, values)
        columns = jax.vmap(lambda row: convergence(self.component_class, r, row))(jnp.asarray(self._rounded))
        scale = 1 / jnp.sqrt(target)
        q, upper = jnp.linalg.qr(columns.T * scale[:, None])
        return jax.scipy.linalg.solve_triangular(upper, q.T @ (target * scale))

    def linear_weight_mle_fit(self, kwargs_target, kwargs_list):
        """Amplitudes of the components.

        :param kwargs_target: list of one dictionary, the target's parameters
        :param kwargs_list: parameters of the components, as given to the constructor
        :return: amplitudes, in units of those in ``kwargs_list``
        """
        values = row_of(self.target_class, kwargs_target[0])
        return to_numpy(self._weights([jnp.asarray(v, float) for v in values]))

    def circular_centered_kwargs(self, kwargs):
        """The same parameters, for the round profile at the origin.

        :param kwargs: parameters
        :return: parameters
        """
        return {k: 0 if k in SHAPE else v for k, v in kwargs.items()}

    def set_limits(self, kwargs_list, lin_fit_hyperparams):
        """Set the number of components and the radii of the fit.

        :param kwargs_list: parameters of the components
        :param lin_fit_hyperparams: see the constructor
        """
        options = DEFAULTS | dict(lin_fit_hyperparams)
        self.num_components = len(kwargs_list)
        self.lower_log_bound, self.upper_log_bound = options["lower_log_bound"], options["upper_log_bound"]
        self.num_r_evals, self.sigma = int(options["num_r_evals"]), options["sigma"]
        self.r_eval_list = np.logspace(self.lower_log_bound, self.upper_log_bound, self.num_r_evals)

    def check_num_evals(self):
        """Check that there are more radii than components.

        :raises ValueError: otherwise
        """
        if self.num_components >= self.num_r_evals:
            raise ValueError(
                f"{self.num_components} components and num_r_evals = {self.num_r_evals}: "
                "there must be more radii than components, or the profile is overfit."
            )

    def set_static(self, linear_weights=None, **kwargs):
        """Accepted for compatibility: nothing is kept that could become stale."""
