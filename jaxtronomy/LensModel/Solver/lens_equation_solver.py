"""Image positions of a source behind a lens model."""

import jax
import numpy as np
from jax import numpy as jnp

from jaxtronomy.core.compile import apply, evaluate
from jaxtronomy.core.lens_equation import find_images
from jaxtronomy.core.traces import is_traced
from jaxtronomy.Util import util

__all__ = ["LensEquationSolver"]

SUPPORTED_LENS_MODELS_ANALYTICAL = (
    ["SIS", "SHEAR"],
    ["SIE", "SHEAR"],
    ["SIE"],
    ["EPL_NUMBA", "SHEAR"],
    ["EPL_NUMBA"],
    ["EPL", "SHEAR"],
    ["EPL"],
)

MAX_IMAGES = 8  # inside jit, grad and vmap
_CANDIDATES = 16
_GRID_OPTIONS = (
    "min_distance",
    "search_window",
    "precision_limit",
    "num_iter_max",
    "arrival_time_sort",
    "initial_guess_cut",
    "x_center",
    "y_center",
    "num_random",
    "magnification_limit",
)


class LensEquationSolver:
    """Image positions of a source position.

    With numbers and NumPy arrays, a call returns as many images as there are. Inside ``jit``, ``grad`` and ``vmap`` the
    number is fixed (:data:`MAX_IMAGES`) and entries that are no images repeat the first one; :meth:`solve` returns the
    mask as well. First and second derivatives are those of the implicit function.
    """

    def __init__(self, lensModel):
        """
        :param lensModel: a :class:`~jaxtronomy.LensModel.lens_model.LensModel`
        """
        self.lensModel = lensModel

    def change_source_redshift(self, z_source=None):
        """Change the source redshift of the lens model.

        :param z_source: source redshift, None: leave as it is
        """
        self.lensModel.change_source_redshift(z_source=z_source)

    def solve(
        self,
        x_source,
        y_source,
        kwargs_lens,
        min_distance=0.1,
        search_window=10,
        precision_limit=10 ** (-10),
        num_iter_max=100,
        arrival_time_sort=True,
        initial_guess_cut=True,
        x_center=0,
        y_center=0,
        num_random=0,
        magnification_limit=None,
        separation=None,
        num_images=MAX_IMAGES,
        num_candidates=_CANDIDATES,
        grid=True,
    ):
        """Images in arrays of a fixed size; for ``jit``, ``vmap`` and batches of lenses.

        :param x_source: source position [arcsec]
        :param y_source: source position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param min_distance: spacing of the grid [arcsec]
        :param search_window: side of the window [arcsec]
        :param precision_limit: required precision in the source plane [arcsec]
        :param num_iter_max: largest number of steps
        :param arrival_time_sort: sort by arrival time, the first image first
        :param initial_guess_cut: leave out implausible starting points
        :param x_center: centre of the window [arcsec]
        :param y_center: centre of the window [arcsec]
        :param num_random: number of additional starting points, quasi-random in the window
        :param magnification_limit: leave out images of a lower (absolute) magnification; all above it are looked for,
            also the faint ones at singular centres, which are otherwise left out
        :param separation: two images closer than this are one [arcsec], None: ``min_distance``
        :param num_images: number of entries of the result
        :param num_candidates: number of starting points kept of either kind (triangles, local minima)
        :param grid: False to use random starting points only
        :return: :class:`~jaxtronomy.core.lens_equation.Images`: x, y, found, overflow
        :raises ValueError: several source positions, a grid of less than two points along an axis, no starting points
        """
        x_source, y_source = one_position(x_source, y_source)
        num_pix = _points(min_distance, search_window) if grid else 0
        if not grid and num_random < 1:
            raise ValueError(f"num_random = {num_random}: without a grid there have to be random starting points.")
        lens = self.lensModel.lens_model
        profiles, kwargs, extra = lens.plan(kwargs_lens)
        window = (
            x_center,
            y_center,
            search_window,
            min_distance,
            precision_limit,
            num_iter_max,
            min_distance if separation is None else separation,
            0 if magnification_limit is None else magnification_limit,
        )
        return apply(
            find_images,
            profiles,
            kwargs,
            (x_source, y_source, window, extra),
            kind="lens model",
            lens_map=lens.lens_map,
            num_pix=num_pix,
            num_candidates=num_candidates,
            num_images=num_images,
            num_random=num_random,
            guess_cut=bool(initial_guess_cut),
            faint=magnification_limit is not None,
            sort=bool(arrival_time_sort),
        )

    def images(self, x_source, y_source, kwargs_lens, solver="lenstronomy", **options):
        """Image positions, and which of them are images.

        Inside ``jit``, ``grad`` and ``vmap`` the solver is the grid, whatever ``solver`` says.

        :param x_source: source position [arcsec]
        :param y_source: source position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param solver: as for :meth:`image_position_from_source`
        :param options: options of the solver
        :return: x, y [arcsec] and a mask, or None if all are images (outside of a transformation)
        """
        if not is_traced((x_source, y_source, kwargs_lens)):
            return *self.image_position_from_source(x_source, y_source, kwargs_lens, solver, **options), None
        options = {k: v for k, v in options.items() if k in _GRID_OPTIONS}
        images = self.solve(x_source, y_source, kwargs_lens, **options)
        return images.x, images.y, images.found

    def _all_images(self, x_source, y_source, kwargs_lens, **options):
        """Positions: all there are, or a fixed number inside a transformation."""
        if is_traced((x_source, y_source, kwargs_lens)):
            images = self.solve(x_source, y_source, kwargs_lens, **options)
            return images.x, images.y
        candidates = _CANDIDATES
        while True:
            room = 2 * candidates + options.get("num_random", 0)
            images = self.solve(x_source, y_source, kwargs_lens, num_images=room, num_candidates=candidates, **options)
            if not images.overflow:
                return images.x[images.found], images.y[images.found]
            candidates *= 4

    def image_position_stochastic(
        self,
        source_x,
        source_y,
        kwargs_lens,
        search_window=10,
        precision_limit=10 ** (-10),
        arrival_time_sort=True,
        x_center=0,
        y_center=0,
        num_random=1000,
    ):
        """Images from starting points that fill the window at random, without a grid.

        The points are quasi-random, so that the result is reproducible.

        :param source_x: source position [arcsec]
        :param source_y: source position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param search_window: side of the window [arcsec]
        :param precision_limit: required precision in the source plane [arcsec]
        :param arrival_time_sort: sort by arrival time, the first image first
        :param x_center: centre of the window [arcsec]
        :param y_center: centre of the window [arcsec]
        :param num_random: number of starting points
        :return: x, y of the images [arcsec]
        """
        return self._all_images(
            source_x,
            source_y,
            kwargs_lens,
            min_distance=search_window / 20,
            search_window=search_window,
            precision_limit=precision_limit,
            arrival_time_sort=arrival_time_sort,
            x_center=x_center,
            y_center=y_center,
            num_random=num_random,
            separation=max(1e-6, precision_limit),
            grid=False,
        )

    def candidate_solutions(
        self,
        sourcePos_x,
        sourcePos_y,
        kwargs_lens,
        min_distance=0.1,
        search_window=10,
        verbose=False,
        x_center=0,
        y_center=0,
    ):
        """Points of a grid that are local minima of the distance to the source.

        :param sourcePos_x: source position [arcsec]
        :param sourcePos_y: source position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param min_distance: spacing of the grid [arcsec]
        :param search_window: side of the window [arcsec]
        :param verbose: accepted for compatibility
        :param x_center: centre of the window [arcsec]
        :param y_center: centre of the window [arcsec]
        :return: x, y [arcsec], distance in the source plane [arcsec], spacing of the grid [arcsec]
        """
        x, y = util.make_grid(_points(min_distance, search_window), min_distance)
        x, y = x + x_center, y + y_center
        beta_x, beta_y = self.lensModel.ray_shooting(x, y, kwargs_lens)
        distance = util.displaceAbs(beta_x, beta_y, sourcePos_x, sourcePos_y)
        return *util.local_minima_2d(distance, x, y), x[1] - x[0]

    def image_position_analytical(
        self, x, y, kwargs_lens, arrival_time_sort=True, magnification_limit=None, **kwargs_solver
    ):
        """Images of an elliptical power law with shear and convergence, from its lens equation in one dimension.

        The demagnified central image is among them; a ``magnification_limit`` removes it.

        :param x: source position [arcsec]
        :param y: source position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param arrival_time_sort: sort by arrival time, the first image first
        :param magnification_limit: leave out images of a lower (absolute) magnification
        :param kwargs_solver: ``Nmeas`` and ``Nmeas_extra``, see
            :func:`~jaxtronomy.LensModel.Solver.epl_shear_solver.solve_lenseq_pemd`
        :return: x, y of the images [arcsec]
        :raises ValueError: for any other lens model, and for several source positions
        """
        from jaxtronomy.LensModel.Solver.epl_shear_solver import solve_lenseq_pemd

        lens = self.lensModel
        if lens.type != "SinglePlane":
            raise ValueError(f"the analytical solver needs a lens model of type 'SinglePlane', not {lens.type!r}.")
        names, kwargs = list(lens.lens_model_list), [dict(k) for k in kwargs_lens]
        if not analytical_lens_model_support(names):
            raise ValueError(
                f"the analytical solver does not support {names}; supported are "
                f"{', '.join('+'.join(m) for m in SUPPORTED_LENS_MODELS_ANALYTICAL)}, each also with CONVERGENCE."
            )
        scale, sheet, x_sheet, y_sheet = lens.lens_model.alpha_scaling, 0, 0, 0
        if "CONVERGENCE" in names:
            i = names.index("CONVERGENCE")
            convergence = kwargs.pop(i)
            names.pop(i)
            sheet = convergence["kappa"] * scale
            x_sheet, y_sheet = convergence.get("ra_0", 0), convergence.get("dec_0", 0)
        # a mass sheet divides the remaining deflection and the source position, seen from its centre, by 1 - kappa
        factor = scale / (1 - sheet)
        main = kwargs[0]
        main["theta_E"] = main["theta_E"] * factor ** (1 / (main.get("gamma", 2) - 1))
        main.setdefault("center_x", 0)
        main.setdefault("center_y", 0)
        if "SHEAR" in names:
            kwargs[1]["gamma1"] = kwargs[1]["gamma1"] * factor
            kwargs[1]["gamma2"] = kwargs[1]["gamma2"] * factor
        x, y = one_position(x, y)
        x, y = ((p - sheet * p0) / (1 - sheet) for p, p0 in ((x, x_sheet), (y, y_sheet)))
        x_image, y_image = solve_lenseq_pemd((x, y), kwargs, **kwargs_solver)
        if arrival_time_sort:
            x_image, y_image = self.sort_arrival_times(x_image, y_image, kwargs_lens)
        return self._above(magnification_limit, x_image, y_image, kwargs_lens)

    def _above(self, magnification_limit, x, y, kwargs_lens):
        """The images above the magnification limit."""
        if magnification_limit is None:
            return x, y
        bright = abs(self.lensModel.magnification(x, y, kwargs_lens)) >= magnification_limit
        return x[bright], y[bright]

    def image_position_from_source(self, sourcePos_x, sourcePos_y, kwargs_lens, solver="lenstronomy", **kwargs):
        """Image positions of a source position.

        :param sourcePos_x: source position [arcsec]
        :param sourcePos_y: source position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param solver: "lenstronomy" (a grid, any lens model), "analytical" (power laws) or "stochastic"
        :param kwargs: options of :meth:`image_position_lenstronomy`, :meth:`image_position_analytical` or
            :meth:`image_position_stochastic`
        :return: x, y of the images [arcsec]
        :raises ValueError: unknown solver
        """
        solvers = {
            "lenstronomy": self.image_position_lenstronomy,
            "analytical": self.image_position_analytical,
            "stochastic": self.image_position_stochastic,
        }
        if solver not in solvers:
            raise ValueError(f"solver = {solver!r} is not one of {tuple(solvers)}.")
        return solvers[solver](sourcePos_x, sourcePos_y, kwargs_lens, **kwargs)

    def image_position_lenstronomy(
        self,
        sourcePos_x,
        sourcePos_y,
        kwargs_lens,
        min_distance=0.1,
        search_window=10,
        precision_limit=10 ** (-10),
        num_iter_max=100,
        arrival_time_sort=True,
        initial_guess_cut=True,
        verbose=False,
        x_center=0,
        y_center=0,
        num_random=0,
        non_linear=False,
        magnification_limit=None,
    ):
        """Images from a grid over a window: every triangle of it that contains the source, and every local minimum of
        the distance to it, is the start of Newton steps.

        :param sourcePos_x: source position [arcsec]
        :param sourcePos_y: source position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param min_distance: spacing of the grid; two images closer than this, in x and y, are one [arcsec]
        :param search_window: side of the window [arcsec]
        :param precision_limit: required precision in the source plane [arcsec]
        :param num_iter_max: largest number of steps
        :param arrival_time_sort: sort by arrival time, the first image first
        :param initial_guess_cut: leave out implausible starting points
        :param verbose: print the number of images
        :param x_center: centre of the window [arcsec]
        :param y_center: centre of the window [arcsec]
        :param num_random: number of additional starting points, quasi-random in the window
        :param non_linear: accepted for compatibility; the steps are kept in a trust region and converge as well
        :param magnification_limit: leave out images of a lower (absolute) magnification; all above it are looked for,
            also the faint ones at singular centres, which are otherwise left out
        :return: x, y of the images [arcsec]
        """
        x, y = self._all_images(
            sourcePos_x,
            sourcePos_y,
            kwargs_lens,
            min_distance=min_distance,
            search_window=search_window,
            precision_limit=precision_limit,
            num_iter_max=num_iter_max,
            arrival_time_sort=arrival_time_sort,
            initial_guess_cut=initial_guess_cut,
            x_center=x_center,
            y_center=y_center,
            num_random=num_random,
            magnification_limit=magnification_limit,
        )
        if verbose:
            print(f"{len(x)} images found at {x}, {y}.")
        return x, y

    def find_bright_image(
        self,
        sourcePos_x,
        sourcePos_y,
        kwargs_lens,
        numImages=4,
        min_distance=0.01,
        search_window=5,
        precision_limit=10 ** (-10),
        num_iter_max=10,
        arrival_time_sort=True,
        x_center=0,
        y_center=0,
        num_random=0,
        non_linear=False,
        magnification_limit=None,
        initial_guess_cut=True,
        verbose=False,
    ):
        """The brightest images.

        :param sourcePos_x: source position [arcsec]
        :param sourcePos_y: source position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param numImages: largest number of images
        :param min_distance: spacing of the grid; two images closer than this, in x and y, are one [arcsec]
        :param search_window: side of the window [arcsec]
        :param precision_limit: required precision in the source plane [arcsec]
        :param num_iter_max: largest number of steps
        :param arrival_time_sort: sort by arrival time, the first image first; otherwise by magnification
        :param x_center: centre of the window [arcsec]
        :param y_center: centre of the window [arcsec]
        :param num_random: number of additional starting points, quasi-random in the window
        :param non_linear: accepted for compatibility
        :param magnification_limit: leave out images of a lower (absolute) magnification
        :param initial_guess_cut: leave out implausible starting points
        :param verbose: print the number of images
        :return: x, y of the images [arcsec]
        """
        options = {
            "min_distance": min_distance,
            "search_window": search_window,
            "precision_limit": precision_limit,
            "num_iter_max": num_iter_max,
            "arrival_time_sort": arrival_time_sort,
            "initial_guess_cut": initial_guess_cut,
            "x_center": x_center,
            "y_center": y_center,
            "num_random": num_random,
            "magnification_limit": magnification_limit,
        }
        x, y, found = self.images(sourcePos_x, sourcePos_y, kwargs_lens, **options)
        if verbose and found is None:
            print(f"{len(x)} images found at {x}, {y}.")
        brightness = abs(self.lensModel.magnification(x, y, kwargs_lens))
        xp = jnp if isinstance(brightness, jax.Array) else np
        if found is not None:
            brightness = xp.where(found, brightness, -xp.inf)
        chosen = xp.argsort(-brightness)[:numImages]
        # found images are in the order that was asked for; their places keep it
        chosen = xp.sort(chosen) if arrival_time_sort else chosen
        return x[chosen], y[chosen]

    def sort_arrival_times(self, x_mins, y_mins, kwargs_lens):
        """Images in the order of their arrival.

        :param x_mins: positions [arcsec]
        :param y_mins: positions [arcsec]
        :param kwargs_lens: parameters of each lens model
        :return: x, y [arcsec], the first image first
        :raises ValueError: a lens model that says that it has no potential
        """
        if hasattr(self.lensModel, "_no_potential"):
            raise ValueError("the lens model does not compute the lensing potential, which orders the images.")
        if len(x_mins) <= 1:
            return x_mins, y_mins
        lens = self.lensModel.lens_model
        profiles, kwargs, extra = lens.plan(kwargs_lens)
        delay = evaluate(lens.lens_map.delay, profiles, kwargs, (x_mins, y_mins), extra, kind="lens model")
        xp = jnp if isinstance(delay, jax.Array) else np
        order = xp.argsort(delay)
        return xp.asarray(x_mins)[order], xp.asarray(y_mins)[order]


def one_position(x, y):
    """A source position, which may come as arrays of one element.

    :param x: position [arcsec]
    :param y: position [arcsec]
    :return: x, y without axes
    :raises ValueError: several positions
    """
    if any(np.size(p) != 1 for p in (x, y)):
        raise ValueError(
            f"source positions of the shapes {np.shape(x)} and {np.shape(y)} given: the lens equation is solved for "
            "one source at a time; for several, take jax.vmap of LensEquationSolver.solve."
        )
    x, y = (p if isinstance(p, jax.Array) else np.asarray(p, dtype=object) for p in (x, y))
    return tuple(p.reshape(()) if isinstance(p, jax.Array) else p.item() for p in (x, y))


def _points(min_distance, search_window):
    """Points of the grid along an axis, of which there have to be two."""
    number = round(search_window / min_distance) if min_distance > 0 else 0
    if number < 2:
        raise ValueError(
            f"min_distance = {min_distance} and search_window = {search_window} make no grid: the window has to be at "
            "least two positive spacings wide."
        )
    return number


def analytical_lens_model_support(lens_model_list):
    """Whether the analytical solver can be used.

    :param lens_model_list: model names
    :return: True if it can
    """
    names = list(lens_model_list)
    if "CONVERGENCE" in names:
        names.remove("CONVERGENCE")
    return names in SUPPORTED_LENS_MODELS_ANALYTICAL
