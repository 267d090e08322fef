"""Lens models that bring the four images of a quad to one source, by a swarm and a simplex."""

import numpy as np
import scipy

from jaxtronomy.core.batch import evaluate_batch
from jaxtronomy.core.compile import layout
from jaxtronomy.core.tree import Model, evaluate_method, to_leaves, unwrap
from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LensModel.QuadOptimizer.multi_plane_fast import MultiplaneFast, fast_source_positions
from jaxtronomy.LensModel.QuadOptimizer.param_manager import PowerLawParamManager
from jaxtronomy.LensModel.Util.decouple_multi_plane_util import (
    coordinates_and_deflections,
    decoupled_multiplane_class_setup,
    setup_lens_model,
)
from jaxtronomy.Sampling.Samplers.pso import ParticleSwarmOptimizer

__all__ = ["Optimizer"]


def _pairs(values):
    """Sum of the squared differences of all pairs."""
    return len(values) * (values**2).sum() - values.sum() ** 2


def _scatter(x, y, tolerance):
    """Penalty on the scatter of source positions."""
    # relative to the first one, which keeps the digits of small differences
    return 0.5 * (_pairs(x - x[0]) + _pairs(y - y[0])) / tolerance**2


def model_source_positions(kwargs_vary, structure, data):
    """Source positions behind a LensModel whose first lenses vary, pure.

    :param kwargs_vary: parameters of the lenses that vary
    :param structure: lens mapping, profiles, static parameters, places of the lenses that vary
    :param data: positions [arcsec], packed parameters, further arguments of the mapping
    :return: x, y [arcsec]
    """
    lens_map, profiles, statics, places = structure
    x, y, packed, extra = data
    order = layout(profiles, "lens model")
    starts = np.cumsum([0, *(layout((p,)).size for p in profiles)])
    for place, kwargs in zip(places, kwargs_vary):
        own, _ = layout((profiles[place],), "lens model").pack([kwargs])
        for i, value in enumerate(own):
            packed = packed.at[starts[place] + i].set(value)
    return lens_map.ray_shooting(order.bind(packed, statics), x, y, *extra)


class _Penalty(Model):
    """The penalty as a function of the vector of parameters: everything else is data of its program."""

    _arrays = ("data", "kwargs", "options", "tolerance")

    def __init__(self, positions, structure, data, manager, index, tolerance):
        profiles = structure[0] if positions is fast_source_positions else structure[1]
        static = frozenset(q.name for p in profiles for q in p.parameters if q.static)
        self.positions, self.structure, self.data = positions, structure, data
        self.manager = type(manager)
        self.kwargs = to_leaves(manager.kwargs_lens[:index], static)
        self.options = {k: float(v) for k, v in vars(manager).items() if k != "kwargs_lens"}
        self.tolerance = float(tolerance)

    def _structure(self):
        return self.positions, self.structure, self.manager

    def chi2(self, args):
        """Penalty; pure."""
        manager = self.manager.__new__(self.manager)
        vars(manager).update(self.options, kwargs_lens=unwrap(self.kwargs))
        x, y = self.positions(manager._with_args(args), self.structure, self.data)
        return _scatter(x, y, self.tolerance) + manager.param_chi_square_penalty(args)

    def logL(self, args):
        """Logarithm of the likelihood; pure."""
        return -0.5 * self.chi2(args)

    def logL_batch(self, args):
        """Logarithm of the likelihood of many vectors."""
        return evaluate_batch(_Penalty.logL, self, args)


class Optimizer:
    """Fits the lenses that vary to four image positions: a particle swarm, then a downhill simplex.

    With the parameter classes of :mod:`~jaxtronomy.LensModel.QuadOptimizer.param_manager` the swarm moves as a batch on
    the device, and all fits of the same lens models share one program, whatever the haloes' parameters.
    """

    def __init__(
        self,
        x_image,
        y_image,
        ray_shooting_class,
        parameter_class,
        tol_source=1e-5,
        tol_simplex_func=1e-6,
        simplex_n_iterations=400,
        pso_convergence_mean=50000,
        particle_swarm=True,
        re_optimize=False,
        re_optimize_scale=1.0,
        kwargs_multiplane_model=None,
    ):
        """
        :param x_image: four image positions [arcsec]
        :param y_image: four image positions [arcsec]
        :param ray_shooting_class: object with a method ``ray_shooting_fast`` or ``ray_shooting``
        :param parameter_class: see :mod:`~jaxtronomy.LensModel.QuadOptimizer.param_manager`
        :param tol_source: scatter of the source positions that costs one sigma [arcsec]
        :param tol_simplex_func: change of the penalty at which the simplex is done
        :param simplex_n_iterations: largest number of steps of the simplex per parameter
        :param pso_convergence_mean: penalty at which the swarm is done
        :param particle_swarm: True for a swarm before the simplex
        :param re_optimize: True for a swarm in narrow limits around the start
        :param re_optimize_scale: factor on these limits
        :param kwargs_multiplane_model: interpolations of the decoupled approximation, if that is used
        """
        self.x_image, self.y_image = x_image, y_image
        self.ray_shooting_class = ray_shooting_class
        fast = getattr(ray_shooting_class, "ray_shooting_fast", None)
        self.ray_shooting_method = fast if callable(fast) else ray_shooting_class.ray_shooting
        self._tol_source = tol_source
        self._pso_convergence_mean = pso_convergence_mean
        self._param_class = parameter_class
        self._tol_simplex_func = tol_simplex_func
        self._simplex_n_iterations = simplex_n_iterations
        self._particle_swarm = particle_swarm
        self._re_optimize = re_optimize
        self._re_optimize_scale = re_optimize_scale
        self._kwargs_multiplane_model = kwargs_multiplane_model
        self._penalty = self._compiled_penalty()

    @classmethod
    def decoupled_multiplane(
        cls,
        x_image,
        y_image,
        lens_model,
        kwargs_lens_model,
        index_lens_split,
        parameter_class,
        particle_swarm=True,
        re_optimize=False,
        re_optimize_scale=1.0,
        pso_convergence_mean=50000,
        tol_source=1e-5,
        tol_simplex_func=1e-3,
        simplex_n_iterations=400,
    ):
        """With the decoupled approximation of multiple planes.

        :param x_image: four image positions [arcsec]
        :param y_image: four image positions [arcsec]
        :param lens_model: :class:`~jaxtronomy.LensModel.lens_model.LensModel` with multiple planes
        :param kwargs_lens_model: parameters of each lens model
        :param index_lens_split: indices of the lens models that vary
        :param parameter_class: its parameters are replaced by those of the lenses that vary
        :param particle_swarm: as for the class
        :param re_optimize: as for the class
        :param re_optimize_scale: as for the class
        :param pso_convergence_mean: as for the class
        :param tol_source: as for the class
        :param tol_simplex_func: as for the class
        :param simplex_n_iterations: as for the class
        :return: Optimizer
        """
        fixed, free, kwargs_fixed, kwargs_free, z_source, z_split, background = setup_lens_model(
            lens_model, kwargs_lens_model, index_lens_split
        )
        fields = coordinates_and_deflections(
            fixed, free, kwargs_fixed, kwargs_free, x_image, y_image, z_split, z_source, background
        )
        options = decoupled_multiplane_class_setup(
            free, *fields, z_split, coordinate_type="MULTIPLE_IMAGES", x_image=x_image, y_image=y_image
        )
        parameter_class.kwargs_lens = kwargs_free
        return cls(
            x_image,
            y_image,
            LensModel(**options),
            parameter_class,
            tol_source,
            tol_simplex_func,
            simplex_n_iterations,
            pso_convergence_mean,
            particle_swarm,
            re_optimize,
            re_optimize_scale,
            options["kwargs_multiplane_model"],
        )

    @classmethod
    def full_raytracing(
        cls,
        x_image,
        y_image,
        lens_model_list,
        redshift_list,
        z_lens,
        z_source,
        parameter_class,
        astropy_instance=None,
        particle_swarm=True,
        re_optimize=False,
        re_optimize_scale=1.0,
        pso_convergence_mean=50000,
        foreground_rays=None,
        tol_source=1e-5,
        tol_simplex_func=1e-3,
        simplex_n_iterations=400,
    ):
        """With the full recursion through all planes.

        :param x_image: four image positions [arcsec]
        :param y_image: four image positions [arcsec]
        :param lens_model_list: model names; those that vary come first
        :param redshift_list: redshift of each lens model
        :param z_lens: redshift of the lenses that vary
        :param z_source: redshift of the source
        :param parameter_class: see :mod:`~jaxtronomy.LensModel.QuadOptimizer.param_manager`
        :param astropy_instance: astropy cosmology
        :param particle_swarm: as for the class
        :param re_optimize: as for the class
        :param re_optimize_scale: as for the class
        :param pso_convergence_mean: as for the class
        :param foreground_rays: rays through the lenses in front, of an earlier fit
        :param tol_source: as for the class
        :param tol_simplex_func: as for the class
        :param simplex_n_iterations: as for the class
        :return: Optimizer
        """
        rays = MultiplaneFast(
            x_image,
            y_image,
            z_lens,
            z_source,
            lens_model_list,
            redshift_list,
            astropy_instance,
            parameter_class,
            foreground_rays,
            tol_source,
        )
        return cls(
            x_image,
            y_image,
            rays,
            parameter_class,
            tol_source,
            tol_simplex_func,
            simplex_n_iterations,
            pso_convergence_mean,
            particle_swarm,
            re_optimize,
            re_optimize_scale,
        )

    def _compiled_penalty(self):
        """The penalty as one program, or None if a part of it is a foreign function."""
        manager, rays = self._param_class, self.ray_shooting_class
        if not isinstance(manager, PowerLawParamManager):
            return None
        index = manager.to_vary_index
        if isinstance(rays, MultiplaneFast):
            structure, data = rays.plan()
            positions, packed = fast_source_positions, data[2]
        elif isinstance(rays, LensModel) and rays.lens_model.lens_map is not None:
            lens = rays.lens_model
            kwargs = [dict(k) for k in manager.kwargs_lens]
            profiles, ordered, extra = lens.plan(kwargs)
            places = tuple(next(i for i, k in enumerate(ordered) if k is kwargs[j]) for j in range(index))
            packed, statics = layout(profiles, "lens model").pack(ordered)
            structure = (lens.lens_map, profiles, statics, places)
            x, y = (np.asarray(v, dtype=float) for v in (self.x_image, self.y_image))
            positions, data = model_source_positions, (x, y, packed, tuple(np.asarray(e, dtype=float) for e in extra))
        else:
            return None
        if not isinstance(packed, np.ndarray):  # parameters that are arrays
            return None
        return _Penalty(positions, structure, data, manager, index, self._tol_source)

    def traced_function(self):
        """The pure log likelihood and the model that it takes, or None; for samplers that step on the device."""
        return None if self._penalty is None else (_Penalty.logL, self._penalty)

    @property
    def kwargs_multiplane_model(self):
        """The interpolations of the decoupled approximation, None if it is not used."""
        return self._kwargs_multiplane_model

    def optimize(
        self,
        n_particles=50,
        n_iterations=250,
        verbose=False,
        threadCount=1,
        seed=None,
        minimize_method="Nelder-Mead",
    ):
        """Fit.

        :param n_particles: number of particles of the swarm
        :param n_iterations: largest number of steps of the swarm
        :param verbose: print the progress
        :param threadCount: accepted for compatibility: the swarm moves as one batch
        :param seed: seed of NumPy's random numbers
        :param minimize_method: method of :func:`scipy.optimize.minimize`, or a function of the penalty and ``x0``
        :return: parameters of each lens model, source position [x, y] [arcsec]
        """
        if seed is not None:
            np.random.seed(seed)
        kwargs = (
            self._fit_pso(n_particles, n_iterations, verbose) if self._particle_swarm else self._param_class.kwargs_lens
        )
        kwargs, _ = self._optimization(kwargs, verbose, minimize_method)
        x, y = self.ray_shooting_method(self.x_image, self.y_image, kwargs)
        if verbose:
            print("optimization done.")
            print("Recovered source position: ", (x, y))
        return kwargs, [np.mean(x), np.mean(y)]

    def _fit_pso(self, n_particles, n_iterations, verbose):
        """Fit with the swarm."""
        low, high = self._param_class.bounds(self._re_optimize, self._re_optimize_scale)
        swarm = ParticleSwarmOptimizer(self._logL, low, high, n_particles)
        best, _ = swarm.optimize(n_iterations, verbose, early_stop_tolerance=self._pso_convergence_mean)
        if verbose:
            print("PSO done... ")
            print("source plane chi^2: ", self.source_plane_penalty(best))
            print("total chi^2: ", self._penalty_function(best))
        return self._param_class.args_to_kwargs(best)

    def _optimization(self, kwargs, verbose, method="Nelder-Mead"):
        """Fit with the simplex."""
        start = self._param_class.kwargs_to_args(kwargs)
        if verbose:
            print("starting optimization... ")
        if callable(method):
            fit = method(self._penalty_function, x0=start)
        else:
            options = {
                "adaptive": True,
                "fatol": self._tol_simplex_func,
                "maxiter": self._simplex_n_iterations * len(start),
            }
            fit = scipy.optimize.minimize(self._penalty_function, x0=start, method=method, options=options)
        return self._param_class.args_to_kwargs(fit["x"]), fit["fun"]

    def _logL(self, args_lens, *args, **kwargs):
        """Logarithm of the likelihood."""
        return -0.5 * self._penalty_function(args_lens)

    def _penalty_function(self, args_lens, *args, **kwargs):
        """Penalty on the scatter of the source positions and on the parameters."""
        if self._penalty is not None:
            return evaluate_method(_Penalty.chi2, self._penalty, np.asarray(args_lens, dtype=float))
        return self.source_plane_penalty(args_lens) + self._param_class.param_chi_square_penalty(args_lens)

    def source_plane_penalty(self, args_lens):
        """Penalty on the scatter of the source positions.

        :param args_lens: vector of parameters
        :return: chi^2
        """
        kwargs = self._param_class.args_to_kwargs(args_lens)
        x, y = self.ray_shooting_method(self.x_image, self.y_image, kwargs)
        return _scatter(x, y, self._tol_source)
