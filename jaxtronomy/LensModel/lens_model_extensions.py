"""What follows from a lens model beside its mapping: finite sources, critical curves, stretches and arcs."""

import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.compile import elementwise, namespace
from jaxtronomy.core.numerics import arctan2, safe_hypot
from jaxtronomy.Util import util
from jaxtronomy.Util.magnification_finite_util import setup_mag_finite

__all__ = ["LensModelExtensions"]


def eigenvectors(f_xx, f_xy, f_yx, f_yy):
    """Eigenvalues and -vectors of ``[[1 - f_xx, f_xy], [f_yx, 1 - f_yy]]``, in the order and with the signs of LAPACK.

    :return: w1, w2, v11, v12, v21, v22; the columns (v11, v21) and (v12, v22) are the vectors
    """
    a, b, c, d = 1 - f_xx, f_xy, f_yx, 1 - f_yy
    half = (a - d) / 2
    root = jnp.sqrt(jnp.maximum(half**2 + b * c, 0.0))
    # LAPACK's dlanv2: a rotation makes the matrix triangular, the larger of the two steps is taken
    z = half + jnp.where(half >= 0, root, -root)
    diagonal = (b == 0) & (c == 0)
    w1, w2 = jnp.where(diagonal, a, d + z), jnp.where(diagonal, d, d - b * c / jnp.where(z == 0, 1.0, z))
    size1 = jnp.where(diagonal, 1.0, safe_hypot(z, c))
    v11, v21 = jnp.where(diagonal, 1.0, z / size1), jnp.where(diagonal, 0.0, c / size1)
    size2 = jnp.where(diagonal, 1.0, safe_hypot(b, z))
    v12, v22 = jnp.where(diagonal, 0.0, -b / size2), jnp.where(diagonal, 1.0, z / size2)
    return w1, w2, v11, v12, v21, v22


def stretches(w1, w2, v11, v12, v21, v22, v_x, v_y, by_frame):
    """Radial and tangential stretch and their directions.

    :param w1, w2, v11, v12, v21, v22: what :func:`eigenvectors` returns
    :param v_x, v_y: position relative to the centre
    :param by_frame: 1: the direction closer to that of the centre is the radial one; 0: that of the larger eigenvalue
    :return: lambda_rad, lambda_tan, v1_rad, v2_rad, v1_tan, v2_tan
    """
    first, second = v_x * v11 + v_y * v12, v_x * v21 + v_y * v22
    keep = jnp.where(by_frame > 0, jnp.abs(first) >= jnp.abs(second), w1 >= w2)
    pick = lambda one, two: jnp.where(keep, one, two)  # noqa: E731
    sign = jnp.where(pick(first, second) < 0, -1.0, 1.0)
    v1_rad, v2_rad = sign * pick(v11, v21), sign * pick(v12, v22)
    v1_tan, v2_tan = pick(v21, v11), pick(v22, v12)
    turn = jnp.where(v1_rad * v2_tan - v2_rad * v1_tan < 0, -1.0, 1.0)
    return 1 / pick(w1, w2), 1 / pick(w2, w1), v1_rad, v2_rad, turn * v1_tan, turn * v2_tan


def angle_between(x, y, u, v):
    """Angle between two vectors, without the loss of precision of an arc cosine."""
    return jnp.abs(arctan2(x * v - y * u, x * u + y * v))


_eigenvectors, _stretches, _angle_between = (
    elementwise(eigenvectors),
    elementwise(stretches),
    elementwise(angle_between),
)


def _padded(function, *arrays):
    """``function`` of flat arrays, filled up to a power of two: few programs serve all sizes."""
    size = len(arrays[0])
    if size == 0:
        return function(*arrays)
    width = 1 << max(8, (size - 1).bit_length())
    out = function(*(np.concatenate([a, np.full(width - size, a[-1])]) for a in arrays))
    return tuple(o[:size] for o in out) if isinstance(out, tuple) else out[:size]


def _number(window, spacing):
    """Points of a grid along an axis."""
    number = int(window / spacing) if spacing > 0 else 0
    if number < 1:
        raise ValueError(f"a window of {window} arcsec with a spacing of {spacing} arcsec holds no grid.")
    return number


def _spacing(window, number):
    """Spacing of a grid [arcsec]."""
    if not (number >= 1 and window > 0):
        raise ValueError(f"window_size = {window} and grid_number = {number} make no grid; both have to be positive.")
    return float(window) / number


class LensModelExtensions:
    """What follows from a lens model beside its mapping."""

    def __init__(self, lensModel):
        """
        :param lensModel: :class:`~jaxtronomy.LensModel.lens_model.LensModel`
        """
        self._lensModel = lensModel

    def magnification_finite_adaptive(
        self,
        x_image,
        y_image,
        kwargs_lens,
        source_model,
        kwargs_source,
        grid_resolution,
        grid_radius_arcsec,
        axis_ratio=0.5,
        tol=0.001,
        step_size=0.05,
        use_largest_eigenvalue=True,
        fixed_aperture_size=False,
    ):
        """Magnifications of a source of finite size, in ellipses around the images that grow until the flux converges.

        :param x_image: image positions [arcsec]
        :param y_image: image positions [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param source_model: :class:`~jaxtronomy.LightModel.light_model.LightModel` of the source
        :param kwargs_source: parameters of each light model
        :param grid_resolution: side of a pixel [arcsec]
        :param grid_radius_arcsec: largest semi-major axis, half the side of the window [arcsec]
        :param axis_ratio: axis ratio of the ellipses; 0: from the eigenvalues of the Hessian
        :param tol: relative change of the flux at which an ellipse is large enough
        :param step_size: step of the semi-major axis, in units of ``grid_radius_arcsec``
        :param use_largest_eigenvalue: the major axis is along the eigenvector of the largest eigenvalue
        :param fixed_aperture_size: True for the largest ellipse at once
        :return: array of magnifications
        """
        x, y, *_ = setup_mag_finite(grid_radius_arcsec, grid_resolution, source_model, kwargs_source)
        x, y = x.ravel(), y.ravel()
        step = step_size * grid_radius_arcsec
        smallest = 1e-5

        magnifications = []
        for x_i, y_i in zip(x_image, y_image):
            radius = self._elliptical_radius(x, y, x_i, y_i, kwargs_lens, axis_ratio, use_largest_eigenvalue)
            flux, before = np.zeros(len(x)), 0.0
            r_min, r_max = 0.0, grid_radius_arcsec if fixed_aperture_size else step
            while True:
                flux = self._magnification_adaptive_iteration(
                    *(flux, x_i, y_i, x, y, radius, r_min, r_max),
                    *(self._lensModel, kwargs_lens, source_model, kwargs_source),
                )
                now = flux.sum() * grid_resolution**2
                if r_max >= grid_radius_arcsec or (abs(now - before) < tol * now and now > smallest):
                    break
                r_min, r_max, before = r_min + step, r_max + step, now
            magnifications.append(now)
        return np.array(magnifications)

    @staticmethod
    def _magnification_adaptive_iteration(
        flux_array,
        x_image,
        y_image,
        grid_x,
        grid_y,
        grid_r,
        r_min,
        r_max,
        lensModel,
        kwargs_lens,
        source_model,
        kwargs_source,
    ):
        """The flux of the pixels, filled in between two radii."""

        def brightness(x, y):
            beta = lensModel.ray_shooting(x, y, kwargs_lens)
            return source_model.surface_brightness(*beta, kwargs_source)

        ring = np.nonzero((grid_r >= r_min) & (grid_r < r_max))[0]
        if len(ring):
            flux_array[ring] = _padded(brightness, grid_x[ring] + x_image, grid_y[ring] + y_image)
        return flux_array

    def _elliptical_radius(self, x, y, x_image, y_image, kwargs_lens, axis_ratio, use_largest_eigenvalue):
        """Semi-major axes of the ellipses through the points, oriented by the Hessian at the image."""
        if axis_ratio == 1:
            return np.hypot(x, y)
        w1, w2, v11, v12, v21, v22 = self.hessian_eigenvectors(x_image, y_image, kwargs_lens)
        first = (abs(w1) >= abs(w2)) if use_largest_eigenvalue else (abs(w1) <= abs(w2))
        v_x, v_y = (v11, v12) if first else (v21, v22)
        u, v = util.rotate(x, y, np.arctan(v_y / v_x) - np.pi / 2)
        q = axis_ratio or min(abs(w1), abs(w2)) / max(abs(w1), abs(w2))
        return np.hypot(u, v / q)

    def magnification_finite(
        self,
        x_pos,
        y_pos,
        kwargs_lens,
        source_sigma=0.003,
        window_size=0.1,
        grid_number=100,
        polar_grid=False,
        aspect_ratio=0.5,
    ):
        """Magnifications of a Gaussian source, from windows around the images.

        :param x_pos: image positions [arcsec]
        :param y_pos: image positions [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param source_sigma: standard deviation of the source [arcsec]
        :param window_size: side of the windows [arcsec]
        :param grid_number: number of pixels along a side
        :param polar_grid: only the ellipse in the window whose major axis is at minus the image's position angle
        :param aspect_ratio: axis ratio of that ellipse
        :return: array of magnifications
        """
        delta_pix = _spacing(window_size, grid_number)
        x, y = util.make_grid(num_pix=grid_number, delta_pix=delta_pix)
        if polar_grid is True:
            inside = np.hypot(x, y / aspect_ratio) <= window_size / 2
            x, y = x[inside], y[inside]
        xp = namespace(x_pos, y_pos, kwargs_lens)
        x_pos, y_pos = (xp.asarray(p, dtype=float)[:, None] for p in (x_pos, y_pos))
        x, y = x[None, :], y[None, :]
        if polar_grid is True:
            radius = xp.hypot(x_pos, y_pos)
            c, s = (
                xp.where(radius > 0, p / xp.where(radius > 0, radius, 1.0), q) for p, q in ((x_pos, 1.0), (y_pos, 0.0))
            )
            x, y = x * c + y * s, y * c - x * s
        x_source, y_source = self._lensModel.ray_shooting(x_pos, y_pos, kwargs_lens)
        beta_x, beta_y = self._lensModel.ray_shooting(x + x_pos, y + y_pos, kwargs_lens)
        square = (beta_x - x_source) ** 2 + (beta_y - y_source) ** 2
        light = xp.exp(-square / (2 * source_sigma**2)) / (2 * np.pi * source_sigma**2)
        return light.sum(-1) * delta_pix**2

    def zoom_source(
        self, x_pos, y_pos, kwargs_lens, source_sigma=0.003, window_size=0.1, grid_number=100, shape="GAUSSIAN"
    ):
        """Surface brightness of a source of finite size in a window around an image.

        :param x_pos: image position [arcsec]
        :param y_pos: image position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param source_sigma: size of the source [arcsec]
        :param window_size: side of the window [arcsec]
        :param grid_number: number of pixels along a side
        :param shape: "GAUSSIAN", or "TORUS" for a homogeneous disc
        :return: image [grid_number, grid_number]
        :raises ValueError: any other shape
        """
        if shape == "GAUSSIAN":
            from jaxtronomy.LightModel.Profiles.gaussian import Gaussian as Source
        elif shape == "TORUS":
            from jaxtronomy.LightModel.Profiles.ellipsoid import Ellipsoid as Source
        else:
            raise ValueError(f"shape = {shape!r} is not 'GAUSSIAN' or 'TORUS'.")
        x, y = util.make_grid(num_pix=grid_number, delta_pix=_spacing(window_size, grid_number))
        centre = self._lensModel.ray_shooting(x_pos, y_pos, kwargs_lens)
        beta = self._lensModel.ray_shooting(x + x_pos, y + y_pos, kwargs_lens)
        shaped = {"center_x": centre[0], "center_y": centre[1]}
        size = {"sigma": source_sigma} if shape == "GAUSSIAN" else {"radius": source_sigma, "e1": 0, "e2": 0}
        return util.array2image(Source().function(*beta, amp=1.0, **size, **shaped))

    def critical_curve_tiling(
        self, kwargs_lens, compute_window=5, start_scale=0.5, max_order=10, center_x=0, center_y=0
    ):
        """Points of the critical curves, by dividing triangles across which the magnification changes its sign.

        :param kwargs_lens: parameters of each lens model
        :param compute_window: side of the window [arcsec]
        :param start_scale: side of the first triangles [arcsec]; closer curves may be missed
        :param max_order: how often a triangle is divided, plus one
        :param center_x: centre of the window [arcsec]
        :param center_y: centre of the window [arcsec]
        :return: x, y [arcsec]
        """

        def positive(x, y):
            return _padded(lambda u, v: self._lensModel.magnification(u, v, kwargs_lens), x, y) > 0

        number = _number(compute_window, start_scale)
        x, y = util.make_grid(number, delta_pix=start_scale)
        corners = np.stack([x + center_x, y + center_y, positive(x + center_x, y + center_y)])
        corners = corners.reshape(3, number, -1)
        low, high = slice(None, -1), slice(1, None)
        a, b = corners[:, low, low], corners[:, high, high]
        halves = [np.stack([a, b, c]) for c in (corners[:, low, high], corners[:, high, low])]
        # triangles [2 ends of the long side and the right angle; x, y and sign; number], in the order of the cells
        triangles = np.stack(halves, axis=-1).reshape(3, 3, -1)
        for _ in range(max_order - 1):
            triangles = _across(triangles)
            one, two, right = triangles
            middle = (one + two) / 2
            middle[2] = positive(middle[0], middle[1])
            children = [np.stack([right, end, middle]) for end in (one, two)]
            triangles = np.stack(children, axis=-1).reshape(3, 3, -1)
        x, y, _ = _across(triangles).mean(axis=0)
        return x, y

    def caustic_area(self, kwargs_lens, kwargs_caustic_num, index_vertices=0):
        """Area inside a caustic.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_caustic_num: options of :meth:`critical_curve_caustics`
        :param index_vertices: index of the caustic in its result
        :return: area [arcsec^2]
        """
        _, _, x, y = self.critical_curve_caustics(kwargs_lens, **kwargs_caustic_num)
        return util.area(np.dstack([x[index_vertices], y[index_vertices]])[0])

    def critical_curve_caustics(self, kwargs_lens, compute_window=5, grid_scale=0.01, center_x=0, center_y=0):
        """Critical curves and caustics, as contours on a grid.

        :param kwargs_lens: parameters of each lens model
        :param compute_window: side of the window [arcsec]
        :param grid_scale: spacing of the grid [arcsec]
        :param center_x: centre of the window [arcsec]
        :param center_y: centre of the window [arcsec]
        :return: lists of arrays, one entry per curve: x and y of the critical curves, x and y of the caustics [arcsec]
        """
        from skimage.measure import find_contours

        num_pix = _number(compute_window, grid_scale)
        num_pix += num_pix % 2
        x, y = util.make_grid(num_pix, delta_pix=grid_scale)
        magnification = self._lensModel.magnification(x + center_x, y + center_y, kwargs_lens)
        paths = find_contours(1 / util.array2image(magnification), 0.0)
        if not paths:
            return [], [], [], []
        row, column = (np.concatenate(paths) * grid_scale - grid_scale * (num_pix - 1) / 2.0).T
        x, y = column + center_x, row + center_y
        caustics = _padded(lambda u, v: self._lensModel.ray_shooting(u, v, kwargs_lens), x, y)
        ends = np.cumsum([len(p) for p in paths])[:-1]
        return tuple(np.split(values, ends) for values in (x, y, *caustics))

    def hessian_eigenvectors(self, x, y, kwargs_lens, diff=None):
        """Eigenvalues of the inverse magnification and their directions.

        The direction of the first is (v11, v12), that of the second (v21, v22).

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param diff: take differences of the deflection over this width [arcsec]; None: exact
        :return: w1, w2, v11, v12, v21, v22
        """
        return _eigenvectors(*self._lensModel.hessian(x, y, kwargs_lens, diff=diff))

    def radial_tangential_stretch(
        self, x, y, kwargs_lens, diff=None, ra_0=0, dec_0=0, coordinate_frame_definitions=False
    ):
        """Radial and tangential stretch and their directions.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param diff: take differences of the deflection over this width [arcsec]; None: exact
        :param ra_0: centre [arcsec]
        :param dec_0: centre [arcsec]
        :param coordinate_frame_definitions: True: the direction closer to that of the centre is the radial one; False:
            that of the larger eigenvalue
        :return: lambda_rad, lambda_tan, unit vectors v1_rad, v2_rad (outward), v1_tan, v2_tan (counter-clockwise of it)
        """
        xp = namespace(x, y, kwargs_lens)
        relative = xp.asarray(x, dtype=float) - ra_0, xp.asarray(y, dtype=float) - dec_0
        by_frame = 1.0 if coordinate_frame_definitions is True else 0.0
        return _stretches(*self.hessian_eigenvectors(x, y, kwargs_lens, diff=diff), *relative, by_frame)

    def radial_tangential_differentials(
        self, x, y, kwargs_lens, center_x=0, center_y=0, smoothing_3rd=0.001, smoothing_2nd=None
    ):
        """Changes of the stretches and their directions along both directions.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param center_x: centre [arcsec]
        :param center_y: centre [arcsec]
        :param smoothing_3rd: width of the differences [arcsec]
        :param smoothing_2nd: width of the differences for the Hessian [arcsec]; None: exact
        :return: lambda_rad, lambda_tan, angle of the tangential direction [rad], derivatives of lambda_tan along tan
            and rad, of lambda_rad along rad and tan, of the angle of the tangential direction along tan and rad, of
            that of the radial one along rad and tan
        """
        xp = namespace(x, y, kwargs_lens)
        x, y = xp.asarray(x, dtype=float), xp.asarray(y, dtype=float)

        def stretch(u, v):
            return self.radial_tangential_stretch(
                u, v, kwargs_lens, smoothing_2nd, center_x, center_y, coordinate_frame_definitions=True
            )

        rad, tan, *directions = stretch(x, y)
        v_rad, v_tan = directions[:2], directions[2:]
        orientation = _angle_between(x - center_x, y - center_y, *v_tan) - np.pi / 2
        moved = {}
        for name, v in (("tan", v_tan), ("rad", v_rad)):
            rad_to, tan_to, *to = stretch(x + smoothing_3rd * v[0], y + smoothing_3rd * v[1])
            turn = _angle_between(*v_tan, *to[2:])
            moved[name] = (
                (rad_to - rad) / smoothing_3rd,
                (tan_to - tan) / smoothing_3rd,
                _angle_between(*v_rad, *to[:2]) / smoothing_3rd,
                xp.minimum(turn, np.pi - turn) / smoothing_3rd,
            )
        (rad_tan, tan_tan, phi_rad_tan, phi_tan_tan), (rad_rad, tan_rad, phi_rad_rad, phi_tan_rad) = moved.values()
        return (
            rad,
            tan,
            orientation,
            *(tan_tan, tan_rad, rad_rad, rad_tan),
            *(phi_tan_tan, phi_tan_rad, phi_rad_rad, phi_rad_tan),
        )

    def curved_arc_estimate(self, x, y, kwargs_lens, smoothing=None, smoothing_3rd=0.001, tan_diff=False):
        """Parameters of a curved arc that describe the lens model at a position.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param smoothing: width of the differences for the stretches [arcsec]; None: exact
        :param smoothing_3rd: width of the differences for the curvature [arcsec]
        :param tan_diff: True to add ``dtan_dtan``, the relative change of the tangential stretch along its direction
        :return: parameters of a CURVED_ARC lens model
        """
        xp = namespace(x, y, kwargs_lens)
        radial, tangential, *v_rad, v_x, v_y = self.radial_tangential_stretch(x, y, kwargs_lens, diff=smoothing)
        *_, to_x, to_y = self.radial_tangential_stretch(
            x + smoothing_3rd * v_x, y + smoothing_3rd * v_y, kwargs_lens, diff=smoothing
        )
        change = xp.hypot(to_x - v_x, to_y - v_y)
        change = xp.where(change > 1, xp.hypot(to_x + v_x, to_y + v_y), change)
        outward = xp.sign(v_rad[0] * x + v_rad[1] * y)
        kwargs_arc = {
            "radial_stretch": radial,
            "tangential_stretch": tangential,
            "curvature": change / smoothing_3rd,
            "direction": xp.arctan2(v_rad[1] * outward, v_rad[0] * outward),
            "center_x": x,
            "center_y": y,
        }
        if tan_diff:
            _, tangential, _, slope, *_ = self.radial_tangential_differentials(
                x, y, kwargs_lens, smoothing_3rd=smoothing_3rd
            )
            kwargs_arc["dtan_dtan"] = slope / tangential
        return kwargs_arc

    def tangential_average(self, x, y, kwargs_lens, dr, smoothing=None, num_average=9):
        """Mean tangential stretch along the radial direction.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param dr: length over which to average [arcsec]
        :param smoothing: width of the differences for the stretches [arcsec]; None: exact
        :param num_average: number of points
        :return: mean tangential stretch
        """
        _, _, v_x, v_y, _, _ = self.radial_tangential_stretch(x, y, kwargs_lens, diff=smoothing)
        along = np.linspace(-dr / 2.0, dr / 2.0, num_average)
        return self.radial_tangential_stretch(x + along * v_x, y + along * v_y, kwargs_lens, diff=smoothing)[1].mean()

    def curved_arc_finite_area(self, x, y, kwargs_lens, dr):
        """Parameters of a curved arc that describe the image of a source of finite size.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param dr: radius of the image [arcsec]
        :return: parameters of a CURVED_ARC lens model
        """
        # as in lenstronomy, the circle of points is around the origin
        x_c, y_c = util.points_on_circle(radius=dr, num_points=20, connect_ends=False)
        arcs = self.curved_arc_estimate(x_c, y_c, kwargs_lens)
        xp = namespace(x, y, arcs)
        center_x = xp.median(x_c - xp.cos(arcs["direction"]) / arcs["curvature"])
        center_y = xp.median(y_c - xp.sin(arcs["direction"]) / arcs["curvature"])
        direction = xp.arctan2(y - center_y, x - center_x)

        def stretch(u, v):
            """Length of a step over that of its source positions."""
            ends = xp.stack([u, -u]), xp.stack([v, -v])
            beta_x, beta_y = self._lensModel.ray_shooting(x + dr * ends[0], y + dr * ends[1], kwargs_lens)
            return 2 * dr / xp.hypot(beta_x[0] - beta_x[1], beta_y[0] - beta_y[1])

        c, s = xp.cos(direction), xp.sin(direction)
        return {
            "direction": direction,
            "radial_stretch": stretch(c, s),
            "tangential_stretch": stretch(-s, c),
            "center_x": x,
            "center_y": y,
            "curvature": 1 / xp.hypot(x - center_x, y - center_y),
        }


def _across(triangles):
    """The triangles whose corners differ in sign."""
    signs = triangles[:, 2]
    return triangles[:, :, ~((signs[0] == signs[1]) & (signs[0] == signs[2]))]
