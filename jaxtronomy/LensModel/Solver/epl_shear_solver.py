r"""The lens equation of an elliptical power law with external shear, as one equation of the polar angle.

On the ray of direction :math:`\hat{\mathbf e}(\varphi)` from the centre of the lens, its deflection is
:math:`r^{1-t}\boldsymbol\alpha_1(\varphi)`, :math:`t = \gamma - 1`, and shear acts as a matrix. With
:math:`\mathbf A = (1 - \Gamma)\hat{\mathbf e}` the lens equation for a source at :math:`\mathbf y` is
:math:`r\mathbf A - r^{1-t}\boldsymbol\alpha_1 = \mathbf y`. Its vector products with :math:`\boldsymbol\alpha_1` and
:math:`\mathbf A` give :math:`r D = N` and :math:`r^{1-t} D = M`, with :math:`D = \mathbf A\times\boldsymbol\alpha_1,
N = \mathbf y\times\boldsymbol\alpha_1, M = \mathbf y\times\mathbf A`, so that images are at the roots of
:math:`M |N|^{t-1} - D |D|^{t-1}` with a positive r. Each root is refined by Newton steps in two dimensions.
"""

import jax.numpy as jnp
import numpy as np
from jax import lax

from jaxtronomy.core.compile import to_numpy
from jaxtronomy.core.jit import jit
from jaxtronomy.core.lens_equation import refine
from jaxtronomy.core.numerics import power as power_of
from jaxtronomy.core.numerics import safe_divide, sincos
from jaxtronomy.LensModel.Profiles import epl
from jaxtronomy.LensModel.Util.epl_util import cart_to_pol, geomlinspace, pol_to_cart, rotmat
from jaxtronomy.Util.param_util import ellipticity2phi_q

__all__ = ["caustics_epl_shear", "solve_lenseq_pemd", "solvelenseq_majoraxis"]

_ROOTS = 12  # of the equation of the angle, at most
_TOLERANCE = 1e-8  # distance in the source plane at which a root counts as an image [arcsec]


def _cross(a, b):
    return a[0] * b[1] - a[1] * b[0]


def _lens(x, y, lens, shear):
    """Source position of an image position; the lens is centred."""
    theta_E, gamma, e1, e2 = lens
    alpha = epl.EPL.kernel.deflection(x, y, theta_E, gamma, e1, e2, 0.0, 0.0)
    return x - alpha[0] - shear[0] * x - shear[1] * y, y - alpha[1] - shear[1] * x + shear[0] * y


def _lens_and_hessian(x, y, lens, shear):
    """Source position and the Hessian of lens and shear."""
    theta_E, gamma, e1, e2 = lens
    f_xx, f_xy, f_yx, f_yy = epl.EPL.kernel.hessian(x, y, theta_E, gamma, e1, e2, 0.0, 0.0)
    return _lens(x, y, lens, shear), (f_xx + shear[0], f_xy + shear[1], f_yx + shear[1], f_yy - shear[0])


def _products(angle, source, lens, shear):
    """The vector products D, N, M of the module's description."""
    theta_E, gamma, e1, e2 = lens
    s, c = sincos(angle)
    alpha = epl.EPL.kernel.deflection(c, s, theta_E, gamma, e1, e2, 0.0, 0.0)
    ray = (c - shear[0] * c - shear[1] * s, s - shear[1] * c + shear[0] * s)
    return _cross(ray, alpha), _cross(source, alpha), _cross(source, ray)


def _equation(angle, source, lens, shear):
    """Zero at the angles of images; the factor that keeps it finite depends on the slope."""
    d, n, m = _products(angle, source, lens, shear)
    power = lens[1] - 2
    size_d, size_n = power_of(jnp.abs(d), jnp.abs(power)), power_of(jnp.abs(n), jnp.abs(power))
    return jnp.where(power >= 0, m * size_n - d * size_d, m * size_d - d * size_n)


def _roots(angles, source, lens, shear):
    """Angles of the roots between neighbouring sampling points, and which of them are used."""
    f = _equation(angles, source, lens, shear)
    left, right = angles[:-1], angles[1:]
    # a pair of roots may hide at an extremum between three points
    x1, x2, x3 = angles[:-2], angles[1:-1], angles[2:]
    a, b, c = f[1:-1] - f[2:], f[2:] - f[:-2], f[:-2] - f[1:-1]
    top = safe_divide(a * x1**2 + b * x2**2 + c * x3**2, 2 * (a * x1 + b * x2 + c * x3))
    top = jnp.clip(jnp.where(jnp.isfinite(top), top, x2), x1, x3)
    hidden = _equation(top, source, lens, shear) * f[1:-1] < 0
    hidden &= (f[:-2] * f[1:-1] > 0) & (f[2:] * f[1:-1] > 0)
    left = jnp.concatenate([left, x1, top])
    right = jnp.concatenate([right, top, x3])
    changes = jnp.concatenate([f[:-1] * f[1:] <= 0, hidden, hidden])
    used, chosen = lax.top_k(changes.astype(jnp.float32), _ROOTS)
    left, right = left[chosen], right[chosen]
    sign = jnp.sign(_equation(left, source, lens, shear))

    def halve(_, ends):
        left, right = ends
        middle = (left + right) / 2
        same = jnp.sign(_equation(middle, source, lens, shear)) == sign
        return jnp.where(same, middle, left), jnp.where(same, right, middle)

    left, right = lax.fori_loop(0, 12, halve, (left, right))
    return (left + right) / 2, used > 0


def _images(angles, source, lens, shear):
    """Candidates for images, their errors in the source plane."""
    angle, used = _roots(angles, source, lens, shear)
    d, n, m = _products(angle, source, lens, shear)
    power = 2 - lens[1]
    from_power = jnp.abs(safe_divide(m, d)) ** safe_divide(1.0, power, 1.0)
    radius = safe_divide(n, d)
    # a round lens without shear: all images are in line with the source, and the products vanish
    along = jnp.arctan2(source[1], source[0])
    far = jnp.hypot(*source)
    line = jnp.stack([along, along + jnp.pi, along + jnp.pi])
    guess = jnp.stack([lens[0] + far, jnp.abs(lens[0] - far), far * 1e-3])
    angle = jnp.concatenate([angle, angle, line])
    radius = jnp.concatenate([radius, jnp.where(power == 0, radius, from_power), guess])
    used = jnp.concatenate([used, used, jnp.ones(3, bool)]) & jnp.isfinite(radius) & (radius > 0)
    radius = jnp.where(used, radius, lens[0])
    point = refine(
        lambda x, y: _lens_and_hessian(x, y, lens, shear),
        *(radius * jnp.cos(angle), radius * jnp.sin(angle), *source, 0.1 * lens[0], 1e-14, 30),
    )
    return point.x, point.y, jnp.where(used, point.error, jnp.inf)


_solve = jit(_images)


def _unique(x, y, error):
    """Images without repetitions, the most precise first."""
    order = np.argsort(error)
    order = order[error[order] < _TOLERANCE]
    kept = []
    for i in order:
        if all(np.hypot(x[i] - x[j], y[i] - y[j]) > _TOLERANCE for j in kept):
            kept.append(i)
    return x[kept], y[kept]


def _sampling(source, shear, Nmeas, Nmeas_extra):
    """Angles at which the equation is sampled: all around, and densely where the ray points to the source."""
    near = geomlinspace(1e-4, 0.1, Nmeas_extra)
    toward = np.arctan2(
        source[1] * (1 - shear[0]) + shear[1] * source[0], source[0] * (1 + shear[0]) + shear[1] * source[1]
    )
    dense = [(toward + side + sign * near) % (2 * np.pi) for side in (0, np.pi) for sign in (-1, 1)]
    return np.sort(np.concatenate([np.linspace(0, 2 * np.pi, 2 * Nmeas), *dense]))


def _solve_centred(source, lens, shear, Nmeas, Nmeas_extra):
    """Images of a source behind a centred lens."""
    arguments = tuple(tuple(float(v) for v in t) for t in (source, lens, shear))
    return _unique(*to_numpy(_solve(_sampling(source, shear, Nmeas, Nmeas_extra), *arguments)))


def solvelenseq_majoraxis(args, Nmeas=200, Nmeas_extra=50):
    """Images behind a lens that is centred, with its major axis along x.

    :param args: b = theta_E sqrt(q) [arcsec], t = gamma - 1, source position x, y [arcsec], axis ratio q, shear
        gamma1, gamma2
    :param Nmeas: number of sampling points in half a turn
    :param Nmeas_extra: number of additional ones toward the source
    :return: x, y of the images [arcsec]
    """
    b, t, x, y, q, gamma1, gamma2 = args
    return _solve_centred((x, y), (b / np.sqrt(q), t + 1, (1 - q) / (1 + q), 0), (gamma1, gamma2), Nmeas, Nmeas_extra)


def _parameters(kwargs_lens):
    """Centre, lens and shear, shear position, as tuples."""
    main = kwargs_lens[0]
    lens = (main["theta_E"], main.get("gamma", 2), main.get("e1", 0), main.get("e2", 0))
    extra = kwargs_lens[1] if len(kwargs_lens) > 1 else {"gamma1": 0, "gamma2": 0}
    centre = main.get("center_x", 0), main.get("center_y", 0)
    return centre, lens, (extra["gamma1"], extra["gamma2"]), (extra.get("ra_0", 0), extra.get("dec_0", 0))


def solve_lenseq_pemd(pos_, kwargs_lens, Nmeas=400, Nmeas_extra=80, **kwargs):
    """Images behind an elliptical power law with shear, with the demagnified central one.

    :param pos_: source position x, y [arcsec]
    :param kwargs_lens: parameters of EPL (or SIE, SIS) and, if there is one, of SHEAR
    :param Nmeas: number of sampling points in half a turn
    :param Nmeas_extra: number of additional ones toward the source
    :return: x, y of the images [arcsec]
    """
    centre, lens, shear, origin = _parameters(kwargs_lens)
    # seen from the centre of the lens, where the shear about its own origin shifts the source
    offset = centre[0] - origin[0], centre[1] - origin[1]
    x = float(np.squeeze(pos_[0])) - centre[0] + shear[0] * offset[0] + shear[1] * offset[1]
    y = float(np.squeeze(pos_[1])) - centre[1] + shear[1] * offset[0] - shear[0] * offset[1]
    x, y = _solve_centred((x, y), lens, shear, Nmeas, Nmeas_extra)
    return x + centre[0], y + centre[1]


def caustics_epl_shear(kwargs_lens, num_th=500, maginf=0, sourceplane=True, return_which=None):
    """Caustics of an elliptical power law with shear.

    On each ray the inverse magnification is a quadratic form in r**-t.

    :param kwargs_lens: parameters of EPL (or SIE) and, if there is one, of SHEAR
    :param num_th: number of points
    :param maginf: inverse magnification that stands in for zero on the curve that bounds two images, where t > 1 and
        there is no critical curve, and on the radial one
    :param sourceplane: False for the critical curves
    :param return_which: 'caustic' (the diamond), 'cut' (the radial caustic, or the source positions of images at the
        centre of an isothermal lens), 'double' or 'quad' (boundaries of the regions with two and four images), or None
    :return: array (2, num_th), or for None the diamond, the cut and the quad region
    """
    centre, lens, shear, _ = _parameters(kwargs_lens)
    t = lens[1] - 1
    turn, _ = ellipticity2phi_q(lens[2], lens[3])
    angle = turn + np.linspace(0, 2 * np.pi, num_th, endpoint=False)
    x, y = np.cos(angle), np.sin(angle)
    f_xx, f_xy, _, f_yy = epl.EPL().hessian(x, y, *lens)
    # det(1 - shear - u H) = c + b u + a u^2, u = r^-t
    a = f_xx * f_yy - f_xy**2
    b = -(f_xx * (1 + shear[0]) + f_yy * (1 - shear[0]) + 2 * f_xy * shear[1])
    c = 1 - shear[0] ** 2 - shear[1] ** 2

    def smaller(level):
        """The root that is farther out."""
        return 2 * (c - level) / (-b + np.sqrt(b**2 - 4 * a * (c - level)))

    def curve(r):
        return (r * x, r * y) if not sourceplane else _source(r * x, r * y, lens, shear)

    diamond = curve(smaller(0) ** (-1 / t))
    if t > 1:
        cut = curve(smaller(maginf) ** (-1 / t))
    elif np.all(np.abs(a) < 1e-12):  # isothermal: images vanish at the centre
        alpha = epl.EPL().derivatives(x, y, *lens)
        cut = (-alpha[0], -alpha[1]) if sourceplane else (0 * x, 0 * y)
    else:
        u = (-b + np.sqrt(b**2 - 4 * a * (c + maginf))) / (2 * a)
        cut = curve(u ** (-1 / t))
    centre = np.array(centre, dtype=float)[:, None]
    if return_which == "caustic":
        return np.array(diamond) + centre
    if return_which == "cut":
        return np.array(cut) + centre
    frame = rotmat(turn)  # radii are compared at the same angle, in the frame of the major axis
    r_cut, angle_cut = cart_to_pol(*(frame @ np.array(cut)))
    r, angle = cart_to_pol(*(frame @ np.array(diamond)))
    other = np.interp(angle, angle_cut, r_cut, period=2 * np.pi)
    r = np.fmax(r, other) if return_which == "double" else np.fmin(r, other)
    region = frame.T @ np.array(pol_to_cart(r, angle)) + centre
    if return_which in ("double", "quad"):
        return region
    return np.array(diamond) + centre, np.array(cut) + centre, region


def _source(x, y, lens, shear):
    """Source positions of image positions, as NumPy arrays."""
    return to_numpy(_lens_jitted(x, y, tuple(map(float, lens)), tuple(map(float, shear))))


_lens_jitted = jit(_lens)
