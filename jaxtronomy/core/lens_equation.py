"""The lens equation: all images of a source, as a pure function of fixed size.

Images are looked for on a grid, as triangles whose mapping to the source plane contains the source (Schneider, Ehlers &
Falco 1992, section 10.2), and as local minima of the distance to it, which catch pairs that hide in one triangle. Each
candidate is refined by Newton steps with the exact Hessian, kept inside a trust region. The result has a fixed number
of entries, a mask and a flag that says whether there were more; its derivatives are those of the implicit function.
"""

from collections.abc import Callable
from functools import reduce
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from .numerics import safe_divide, safe_hypot

__all__ = ["Images", "find_images", "frozen", "refine"]

# fractions of the trust radius that are tried along the Newton step, and along the steepest descent
_NEWTON, _DESCENT = (1.0, 0.3, 0.06), (0.3,)
_PROGRESS, _SHRINK = 0.7, 0.1  # a step that leaves more of the error than this shrinks the radius by that
_NEAR_CORNERS, _NEAR_MINIMUM = 6.0, 5.0  # plausible distances to the source, in units of the grid
_TORN, _TEAR, _FINE = 4, 4.0, 16  # cells with singular centres, their size in the source plane, points along an axis
_GOLDEN = (0.7548776662466927, 0.5698402909980532)  # the R2 sequence of Roberts (2018)


class Images(NamedTuple):
    """Images of one source.

    :param x: positions [arcsec]; entries that are no images repeat the first image
    :param y: positions [arcsec]
    :param found: True for images
    :param overflow: whether there may be more than the fixed number of candidates or images
    """

    x: jax.Array
    y: jax.Array
    found: jax.Array
    overflow: jax.Array


def frozen(terms: list, extra: tuple) -> tuple:
    """The same terms and extra arguments, as constants for differentiation."""
    stop = lambda v: lax.stop_gradient(v) if isinstance(v, jax.Array) else v  # noqa: E731
    return [t._replace(values=tuple(map(stop, t.values))) for t in terms], tuple(map(stop, extra))


class _Point(NamedTuple):
    """Where the search for a root stands."""

    error: jax.Array
    x: jax.Array
    y: jax.Array
    r_x: jax.Array
    r_y: jax.Array
    f_xx: jax.Array
    f_xy: jax.Array
    f_yx: jax.Array
    f_yy: jax.Array

    def solve(self, r_x, r_y):
        """The step that changes the source position by ``r_x, r_y``, to first order."""
        det = self.determinant()
        d_x = safe_divide((1 - self.f_yy) * r_x + self.f_xy * r_y, det)
        return d_x, safe_divide(self.f_yx * r_x + (1 - self.f_xx) * r_y, det)

    def determinant(self):
        """Inverse magnification."""
        return (1 - self.f_xx) * (1 - self.f_yy) - self.f_xy * self.f_yx

    def descent(self):
        """The direction in which the error falls fastest."""
        return (1 - self.f_xx) * self.r_x - self.f_yx * self.r_y, (1 - self.f_yy) * self.r_y - self.f_xy * self.r_x


def refine(mapping_and_hessian: Callable, x, y, x_source, y_source, radius, precision, max_iterations) -> _Point:
    """Roots of the lens equation from starting points, all at once.

    :param mapping_and_hessian: ``(x, y) -> (beta_x, beta_y), (f_xx, f_xy, f_yx, f_yy)``, elementwise
    :param x: starting points [arcsec], 1d
    :param y: starting points [arcsec], 1d
    :param x_source: source position [arcsec]
    :param y_source: source position [arcsec]
    :param radius: largest step [arcsec]
    :param precision: distance in the source plane at which a point is done [arcsec]
    :param max_iterations: largest number of steps
    :return: the last points, with the distances in the source plane and the Hessians there
    """

    def is_active(point, trust):
        return (point.error > precision) & (trust > precision)

    def step(state):
        point, trust, count = state
        trials = []
        for (d_x, d_y), fractions, longest in (
            (point.solve(point.r_x, point.r_y), _NEWTON, 1.0),
            (point.descent(), _DESCENT, jnp.inf),
        ):
            length = safe_hypot(d_x, d_y)
            scale = jnp.where(jnp.isfinite(length), jnp.minimum(longest, safe_divide(trust, length)), 0.0)
            d_x, d_y = (jnp.where(jnp.isfinite(d), d, 0.0) * scale for d in (d_x, d_y))
            trials += [(point.x + f * d_x, point.y + f * d_y) for f in fractions]
        x, y = (jnp.stack(t) for t in zip(*trials))
        (beta_x, beta_y), second = mapping_and_hessian(x, y)
        r_x, r_y = x_source - beta_x, y_source - beta_y
        error = safe_hypot(r_x, r_y)
        tried = _Point(jnp.where(jnp.isfinite(error), error, jnp.inf), x, y, r_x, r_y, *second)
        best = jnp.argmin(tried.error, axis=0)[None]
        tried = _Point(*(jnp.take_along_axis(t, best, 0)[0] for t in tried))
        active = is_active(point, trust)
        better = active & (tried.error < point.error)
        trust = jnp.where(active & (tried.error > _PROGRESS * point.error), _SHRINK * trust, trust)
        return _Point(*(jnp.where(better, new, old) for new, old in zip(tried, point))), trust, count + 1

    def go_on(state):
        point, trust, count = state
        return jnp.any(is_active(point, trust)) & (count <= max_iterations)

    dtype = jnp.result_type(x, float)
    x, y = jnp.asarray(x, dtype), jnp.asarray(y, dtype)
    trust = jnp.broadcast_to(jnp.asarray(radius, dtype), x.shape)
    # the first step has no length and evaluates the starting points
    zero = jnp.zeros_like(x)
    start = _Point(jnp.full_like(x, jnp.inf), x, y, zero, zero, zero, zero, zero, zero)
    return lax.while_loop(go_on, step, (start, trust, 0))[0]


def _on_grid(mapping, x, y, blocks=4):
    """The mapping on a square grid, evaluated in a loop over blocks of rows.

    Without the loop XLA fuses the mapping into what reads it, and evaluates it anew for every neighbour of every point.
    """
    n = x.size
    rows = -(-n // blocks)
    y = jnp.concatenate([y, jnp.broadcast_to(y[-1:], (rows * blocks - n,))]).reshape(blocks, rows)
    u, v = lax.map(lambda part: mapping(*jnp.broadcast_arrays(x[None, :], part[:, None])), y)
    return u.reshape(-1, n)[:n], v.reshape(-1, n)[:n]


def _selected(mask, size, score=None):
    """The first (or best) ``size`` elements of a mask: whether there are so many, and their indices."""
    # a selection of float32 is far quicker on the CPU than jnp.nonzero
    score = jnp.where(mask, 1.0 if score is None else score, -jnp.inf)
    value, index = lax.top_k(score.ravel().astype(jnp.float32), min(size, mask.size))
    return value > -jnp.inf, jnp.unravel_index(index, mask.shape)


def _cross(a, b):
    return a[0] * b[1] - a[1] * b[0]


def _weights(a, b, c):
    """Weights of the corners of triangles around the origin: twice the areas opposite them."""
    return _cross(b, c), _cross(c, a), _cross(a, b)


def _starts_in_triangles(x, y, u, v, size, near):
    """Starting points in the triangles that contain the source and have all corners closer to it than ``near``.

    A triangle around a singular centre is torn apart, and holds at best an image of no brightness.
    """

    def contains(a, b, c):
        weights = _weights(a, b, c)
        farthest = jnp.maximum(jnp.maximum(*(q[0] ** 2 + q[1] ** 2 for q in (a, b))), c[0] ** 2 + c[1] ** 2)
        positive, negative = (w >= 0 for w in weights), (w <= 0 for w in weights)
        return (reduce(jnp.logical_and, positive) | reduce(jnp.logical_and, negative)) & (farthest <= near**2)

    low, high = slice(None, -1), slice(1, None)
    p00, p01, p10, p11 = ((u[c], v[c]) for c in ((low, low), (low, high), (high, low), (high, high)))
    inside = jnp.stack([contains(p00, p01, p10), contains(p11, p10, p01)])
    used, (half, i, j) = _selected(inside, size)
    flip = 1 - 2 * half
    i, j = i + half, j + half
    corners = ((i, j), (i, j + flip), (i + flip, j))
    weights = jnp.stack(_weights(*((u[c], v[c]) for c in corners)))
    fractions = safe_divide(weights, weights.sum(0, keepdims=True), 1 / 3)
    start_x = sum(f * x[c[1]] for f, c in zip(fractions, corners))
    start_y = sum(f * y[c[0]] for f, c in zip(fractions, corners))
    return start_x, start_y, used, inside.sum() > size


def _starts_at_minima(x, y, u, v, size, near, spacing):
    """Starting points at the lowest of the local minima of the distance to the source; there are many around a ring.

    They have to be closer than ``near`` times the magnification, if that is larger than one.
    """
    d = u * u + v * v
    column = jnp.minimum(d[:-2], d[2:])
    sides = jnp.minimum(column, d[1:-1])
    around = jnp.minimum(jnp.minimum(sides[:, :-2], sides[:, 2:]), column[:, 1:-1])
    centre = d[1:-1, 1:-1]
    det_u, det_v = ((f[1:-1, 2:] - f[1:-1, :-2], f[2:, 1:-1] - f[:-2, 1:-1]) for f in (u, v))
    det = jnp.abs(det_u[0] * det_v[1] - det_u[1] * det_v[0]) / (4 * spacing**2)
    lowest = (centre < around) & (centre * jnp.minimum(det, 1) ** 2 <= near**2)
    used, (i, j) = _selected(lowest, size, -centre)
    return x[j + 1], y[i + 1], used


def _starts_in_torn_cells(mapping, x, y, u, v, spacing):
    """Starting points in the cells that the mapping tears apart: the best ones of a finer grid in each.

    Next to a singular centre there are faint images that the grid cannot resolve.
    """
    low, high = slice(None, -1), slice(1, None)
    across = [(f[high, high] - f[low, low], f[high, low] - f[low, high]) for f in (u, v)]
    size = jnp.sqrt(jnp.maximum(*(a**2 + b**2 for a, b in zip(*across))))
    used, (i, j) = _selected(size > _TEAR * spacing, _TORN, size)
    fine = (jnp.arange(_FINE) + 0.5) / _FINE * spacing
    fine_x, fine_y = (f.reshape(1, -1) for f in jnp.meshgrid(fine, fine))
    x, y = x[j][:, None] + fine_x, y[i][:, None] + fine_y
    best = jnp.argmin(sum(f**2 for f in mapping(x, y)), axis=1)[:, None]
    return *(jnp.take_along_axis(c, best, 1)[:, 0] for c in (x, y)), used


def _unique(x, y, good, distance):
    """Without the entries that are closer (in x and y) than ``distance`` to an earlier one."""
    close = (jnp.abs(x[:, None] - x[None, :]) < distance) & (jnp.abs(y[:, None] - y[None, :]) < distance)
    earlier = jnp.tril(jnp.ones(close.shape, bool), -1) & good[None, :]
    return good & ~jnp.any(close & earlier, axis=1)


def find_images(
    terms: list,
    x_source,
    y_source,
    window: tuple,
    extra: tuple,
    *,
    lens_map,
    num_pix: int,
    num_candidates: int,
    num_images: int,
    num_random: int,
    guess_cut: bool,
    faint: bool,
    sort: bool,
) -> Images:
    """All images of a source in a window.

    :param terms: terms of the lens model
    :param x_source: source position [arcsec]
    :param y_source: source position [arcsec]
    :param window: centre x, y and width [arcsec], spacing of the grid [arcsec] (also the largest step), precision in
        the source plane [arcsec], largest number of steps, separation within which two images are one [arcsec],
        smallest magnification
    :param extra: further arguments of the mapping
    :param lens_map: the :class:`~jaxtronomy.core.lensing.LensMap`
    :param num_pix: points of the grid along one axis; 0: no grid, random starting points only
    :param num_candidates: number of starting points kept of either kind
    :param num_images: number of images kept
    :param num_random: number of additional quasi-random starting points in the window
    :param guess_cut: leave out starting points that are implausibly far from the source
    :param faint: look for demagnified images at singular centres as well
    :param sort: order by arrival time; otherwise row by row
    """
    x_center, y_center, width, spacing, precision, max_iterations, separation, limit = window
    still, constants = frozen(terms, extra)
    source_x, source_y = lax.stop_gradient((x_source, y_source))
    precision = jnp.maximum(precision, 8 * jnp.finfo(jnp.result_type(float)).eps)
    starts, overflow = [], False
    if num_pix:
        axis = (jnp.arange(num_pix) - (num_pix - 1) / 2) * spacing
        x, y = x_center + axis, y_center + axis

        def relative(x, y):
            u, v = lens_map.ray_shooting(still, x, y, *constants)
            return u - source_x, v - source_y

        u, v = _on_grid(relative, x, y)
        near_corners, near_minimum = (
            (_NEAR_CORNERS * spacing, _NEAR_MINIMUM * spacing) if guess_cut else (jnp.inf, jnp.inf)
        )
        near_corners = jnp.inf if faint else near_corners
        *triangles, more = _starts_in_triangles(x, y, u, v, num_candidates, near_corners)
        starts = [triangles, _starts_at_minima(x, y, u, v, num_candidates, near_minimum, spacing)]
        starts += [_starts_in_torn_cells(relative, x, y, u, v, spacing)] if faint else []
        overflow = more
    if num_random:
        count = jnp.arange(1, num_random + 1)
        random = [c + width * ((0.5 + count * g) % 1 - 0.5) for c, g in zip((x_center, y_center), _GOLDEN)]
        starts.append((*random, jnp.ones(num_random, bool)))
    x, y, used = (jnp.concatenate(a) for a in zip(*starts))
    # unused slots start from a used one, so that they cost no further steps
    first = jnp.argmax(used)
    x, y = jnp.where(used, x, x[first]), jnp.where(used, y, y[first])
    point = refine(
        lambda x, y: lens_map.ray_shooting_and_hessian(still, x, y, *constants),
        *(x, y, source_x, source_y, spacing, precision, max_iterations),
    )
    by_row = jnp.lexsort((point.x, point.y))
    point, good = _Point(*(p[by_row] for p in point)), (used & (point.error <= precision))[by_row]
    good = _unique(point.x, point.y, good, separation) & (jnp.abs(point.determinant()) * limit <= 1)
    key = lens_map.delay(still, point.x, point.y, *constants) if sort else jnp.arange(good.size, dtype=float)
    order = jnp.argsort(jnp.where(good, key, jnp.inf))[:num_images]
    point, found = _Point(*(p[order] for p in point)), good[order]
    # what is no image repeats the first one
    point = _Point(*(jnp.where(found, p, p[0]) for p in point))
    x, y = _attach(terms, extra, lens_map, point, x_source, y_source)
    x, y = jnp.where(found[0], x, source_x), jnp.where(found[0], y, source_y)
    return Images(x, y, found, overflow | (good.sum() > num_images))


def _attach(terms, extra, lens_map, point, x_source, y_source):
    """The positions with first and second derivatives of the implicit function: those of two steps with a constant
    matrix, each of which gains an order.
    """
    point = lax.stop_gradient(point)
    x, y = point.x, point.y
    for _ in range(2):
        beta_x, beta_y = lens_map.ray_shooting(terms, x, y, *extra)
        r_x, r_y = x_source - beta_x, y_source - beta_y
        # the steps themselves would be rounding
        d_x, d_y = point.solve(r_x - lax.stop_gradient(r_x), r_y - lax.stop_gradient(r_y))
        x, y = x + d_x, y + d_y
    return x, y
