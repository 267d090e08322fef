r"""Rays through many lens planes.

In comoving transverse coordinates :math:`\mathbf{x}` and with the angle :math:`\boldsymbol\alpha` of the ray, each lens
is one step of a recursion (Blandford & Narayan 1986; McCully et al. 2014, equations 18 and 19):

.. math::
    \mathbf{x}_j = \mathbf{x}_{j-1} + T_{j-1, j}\,\boldsymbol\alpha_{j-1}, \qquad
    \boldsymbol\alpha_j = \boldsymbol\alpha_{j-1} - \frac{D_s}{D_{js}}\,\hat{\boldsymbol\alpha}_j(\mathbf{x}_j / T_j)

with the transverse comoving distances T and the reduced deflection of the lens. Lenses of one plane follow each other
at no distance. All lenses whose parameters are plain numbers are one loop, in which each step picks its profile: the
program grows with the number of profiles, not of lenses. Distances are arguments.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from .numerics import safe_divide
from .parameters import STACK, Term

__all__ = ["Distances", "delays", "trace", "unlensed_centres"]


class Distances(NamedTuple):
    """Distances along the path, one entry for each lens, in the order of the terms' indices.

    :param step: from the lens (or the start) before, transverse comoving [Mpc]
    :param plane: from the observer, transverse comoving [Mpc]
    :param factor: physical over reduced deflection
    """

    step: jax.Array
    plane: jax.Array
    factor: jax.Array

    def at(self, index) -> "Distances":
        """Those of one lens, or of a range of lenses."""
        return Distances(*(d[index] for d in self))


class _Kind(NamedTuple):
    """Lenses of one profile whose parameters are plain numbers."""

    profile: object
    fixed: tuple  # the static values, None where a number goes
    rows: list
    indices: list

    def values(self, row) -> tuple:
        """The parameters as the kernel takes them."""
        numbers = iter(range(len(self.fixed)))
        return tuple(row[next(numbers)] if f is None else f[0] for f in self.fixed)


def _parts(terms: Sequence[Term]) -> list:
    """The path as single terms and loops, ``(indices, term)`` or ``(indices, kinds)``, in order."""
    kinds, alone = {}, []
    for term in terms:
        term = term._replace(values=tuple(jnp.asarray(v) if isinstance(v, np.ndarray) else v for v in term.values))
        is_number = [isinstance(v, jax.Array) for v in term.values]
        scalar = all(n is False or v.ndim == (term.count > 1) for n, v in zip(is_number, term.values))
        if not scalar or any(v is None for v in term.values):
            alone.append(term)
            continue
        fixed = tuple(None if n else (v,) for n, v in zip(is_number, term.values))
        kind = kinds.setdefault((term.profile, fixed), _Kind(term.profile, fixed, [], []))
        numbers = [v for v, n in zip(term.values, is_number) if n]
        rows = jnp.stack(numbers, axis=-1) if numbers else jnp.zeros((term.count, 0)[term.count == 1 :])
        kind.rows.append(rows if term.count > 1 else rows[None])
        kind.indices.extend(term.indices)
    kinds = list(kinds.values())
    looped = sorted(i for k in kinds for i in k.indices)
    if len(looped) < STACK:
        alone, looped = terms, []
    # lenses that stand alone break the loop
    singles = {i: _row(t, n) for t in alone for n, i in enumerate(t.indices)}
    parts, start = [], 0
    for i in [*sorted(singles), np.inf]:
        end = bisect_left(looped, i)
        if end > start:
            parts.append((tuple(looped[start:end]), kinds))
        if i in singles:
            parts.append(((i,), singles[i]))
        start = end
    return parts


def _row(term, n):
    """The n-th of the stacked lenses of a term."""
    if term.count == 1:
        return term
    values = tuple(v[n] if isinstance(v, jax.Array) else v for v in term.values)
    return Term(term.profile, values, 1, (term.indices[n],))


def _loop(step: Callable, state, kinds, indices, xs):
    """``step(state, lens, x)`` for each of the indices; ``lens(method, *position)`` evaluates its profile."""
    width = max(k.rows[0].shape[1] for k in kinds)
    table = jnp.concatenate([jnp.pad(r, ((0, 0), (0, width - r.shape[1]))) for k in kinds for r in k.rows])
    place = {i: n for n, i in enumerate(i for k in kinds for i in k.indices)}
    number = {i: n for n, k in enumerate(kinds) for i in k.indices}
    used = sorted({number[i] for i in indices})
    rows = table[np.array([place[i] for i in indices])]
    which = jnp.asarray([used.index(number[i]) for i in indices])

    def body(state, item):
        row, n, x = item

        def lens(method, *position, replace=None):
            branches = [_branch(kinds[u], method, replace) for u in used]
            if len(branches) == 1:
                return branches[0](row, *position)
            return lax.switch(n, branches, row, *position)

        return step(state, lens, x), None

    return lax.scan(body, state, (rows, which, xs))[0]


def _branch(kind, method, replace):
    """The profile of a kind as a function of a row of the table and the position."""

    def branch(row, *position):
        values = kind.values(row)
        if replace:
            values = replace(kind.profile, values)
        return method(kind.profile)(*position, *values)

    return branch


def _along(terms, step: Callable, state, xs):
    """``step(state, lens, x)`` for each lens, in the order of the indices; ``xs`` hold its entry for each of them."""
    for indices, part in _parts(terms):
        if isinstance(part, Term):

            def lens(method, *position, replace=None, part=part):
                values = replace(part.profile, part.values) if replace else part.values
                return method(part.profile)(*position, *values)

            state = step(state, lens, jax.tree.map(lambda a, i=indices[0]: a[i], xs))
        else:
            state = _loop(step, state, part, indices, jax.tree.map(lambda a, i=np.array(indices): a[i], xs))
    return state


def _deflection(profile):
    return profile.kernel.deflection


def _potential(profile):
    return profile.kernel.potential


def _through(lens, d: Distances, x, y, alpha_x, alpha_y, **options):
    """Position at a lens and angle behind it."""
    x, y = x + alpha_x * d.step, y + alpha_y * d.step
    f_x, f_y = lens(_deflection, x / d.plane, y / d.plane, **options)
    return x, y, alpha_x - d.factor * f_x, alpha_y - d.factor * f_y


def trace(terms: Sequence[Term], x, y, alpha_x, alpha_y, distances: Distances, last) -> tuple:
    """Positions and angles at the end of the path.

    :param terms: the lenses
    :param x: comoving position at the start [Mpc, times the unit of the angles]
    :param y: comoving position at the start
    :param alpha_x: angle at the start [arcsec]
    :param alpha_y: angle at the start [arcsec]
    :param distances: :class:`Distances`
    :param last: distance from the last lens to the end [Mpc]
    :return: x, y, alpha_x, alpha_y
    """
    state = tuple(jnp.asarray(v, float) for v in (x, y, alpha_x, alpha_y))
    state = _along(terms, lambda state, lens, d: _through(lens, d, *state), state, distances)
    x, y, alpha_x, alpha_y = state
    return x + alpha_x * last, y + alpha_y * last, alpha_x, alpha_y


def delays(terms: Sequence[Term], theta_x, theta_y, distances: Distances, shapiro, last, source) -> tuple:
    """Geometric and gravitational delay relative to a straight ray through the origin.

    :param terms: the lenses
    :param theta_x: angle at the observer [arcsec]
    :param theta_y: angle at the observer [arcsec]
    :param distances: :class:`Distances`
    :param shapiro: for each lens, delay of unit potential [any unit per arcsec^2]
    :param last: distance from the last lens to the source [Mpc]
    :param source: distance from the observer to the source [Mpc]
    :return: geometric delay [Mpc arcsec^2], gravitational delay [the unit of ``shapiro``]
    """

    def geometry(x, y, plane_before, new_x, new_y, plane, step):
        """Detour between two planes; none from the observer to the first plane, where the rays begin."""
        scale = safe_divide(plane_before * plane, step)
        before = safe_divide(1.0, plane_before)
        return scale * ((new_x / plane - x * before) ** 2 + (new_y / plane - y * before) ** 2) / 2

    def step(state, lens, item):
        (x, y, alpha_x, alpha_y), plane, geometric, gravitational = state
        d, delay = item
        ray = _through(lens, d, x, y, alpha_x, alpha_y)
        geometric = geometric + geometry(x, y, plane, ray[0], ray[1], d.plane, d.step)
        gravitational = gravitational - delay * lens(_potential, ray[0] / d.plane, ray[1] / d.plane)
        return ray, d.plane, geometric, gravitational

    theta_x, theta_y = jnp.asarray(theta_x, float), jnp.asarray(theta_y, float)
    zero = jnp.zeros_like(theta_x)
    state = (zero, zero, theta_x, theta_y), jnp.zeros(()), zero, zero
    ray, plane, geometric, gravitational = _along(terms, step, state, (distances, shapiro))
    x, y, alpha_x, alpha_y = ray
    end = x + alpha_x * last, y + alpha_y * last
    return geometric + geometry(x, y, plane, *end, source, last), gravitational


def unlensed_centres(
    terms: Sequence[Term], theta_x, theta_y, distances: Distances, planes, *, observed: tuple[int, ...]
) -> tuple:
    """Where lenses that are observed at given positions are without the deflection by those in front of them.

    :param terms: the lenses; their parameters ``center_x, center_y`` are replaced
    :param theta_x: observed positions [arcsec], 1d
    :param theta_y: observed positions [arcsec], 1d
    :param distances: :class:`Distances`
    :param planes: distances by which the comoving positions are divided [Mpc]
    :param observed: indices of these lenses
    :return: x, y [arcsec]
    """
    number = max((i for t in terms for i in t.indices), default=-1) + 1
    place = np.full(number, -1)
    place[list(observed)] = np.arange(len(observed))

    def step(state, lens, item):
        ray, centres = state
        d, n = item
        here = tuple(r + a * d.step for r, a in zip(ray[:2], ray[2:]))
        own = n == jnp.arange(len(observed))
        centres = tuple(jnp.where(own, r / planes, c) for r, c in zip(here, centres))

        def replace(profile, values):
            names = [q.name for q in profile.parameters]
            values = list(values)
            for name, centre in zip(("center_x", "center_y"), centres):
                if name in names:
                    i = names.index(name)
                    values[i] = jnp.where(n >= 0, centre[jnp.maximum(n, 0)], values[i])
            return tuple(values)

        return _through(lens, d, *ray, replace=replace), centres

    theta = tuple(jnp.asarray(t, float) for t in (theta_x, theta_y))
    zero = jnp.zeros_like(theta[0])
    return _along(terms, step, ((zero, zero, *theta), theta), (distances, jnp.asarray(place)))[1]
