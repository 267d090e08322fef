"""From a multi-plane lens model to the decoupled approximation of it.

See :class:`~jaxtronomy.LensModel.MultiPlane.decoupled_multi_plane.MultiPlaneDecoupled`.
"""

import numpy as np

from jaxtronomy.core.compile import namespace
from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LensModel.MultiPlane.decoupled_multi_plane import Field, bilinear, constant, nearest

__all__ = [
    "coordinates_and_deflections",
    "decoupled_multiplane_class_setup",
    "setup_grids",
    "setup_lens_model",
    "setup_raytracing_lensmodels",
]


def setup_lens_model(lens_model, kwargs_lens, index_lens_split, use_jax=False):
    """Split a lens model into the lenses that stay free and those that are held fixed.

    :param lens_model: :class:`~jaxtronomy.LensModel.lens_model.LensModel` with multiple planes
    :param kwargs_lens: parameters of each lens model
    :param index_lens_split: indices of the lens models that stay free
    :param use_jax: accepted for compatibility; every profile is native
    :return: LensModel of the fixed and of the free lenses, parameters of both, source redshift, redshift of the free
        lenses, :class:`~jaxtronomy.Cosmo.background.Background`
    :raises ValueError: free lenses at different redshifts
    """
    everything = range(len(lens_model.lens_model_list))

    def part(indices):
        pick = lambda values: [values[i] for i in indices]  # noqa: E731
        model = LensModel(
            pick(lens_model.lens_model_list),
            lens_redshift_list=pick(lens_model.redshift_list),
            profile_kwargs_list=pick(lens_model.profile_kwargs_list),
            multi_plane=True,
            z_source=lens_model.z_source,
            cosmo=lens_model.cosmo,
        )
        return model, pick(kwargs_lens)

    redshifts = {lens_model.redshift_list[i] for i in everything if i in index_lens_split}
    if len(redshifts) != 1:
        raise ValueError(f"all free lens models have to be at the same redshift, not at {sorted(redshifts)}.")
    free, kwargs_free = part([i for i in everything if i in index_lens_split])
    fixed, kwargs_fixed = part([i for i in everything if i not in index_lens_split])
    background = lens_model.lens_model.multi_plane_base._cosmo_bkg
    return fixed, free, kwargs_fixed, kwargs_free, lens_model.z_source, redshifts.pop(), background


def setup_grids(grid_size, grid_resolution, coordinate_center_x=0.0, coordinate_center_y=0.0):
    """A square grid with an odd number of points, so that its centre is one of them.

    :param grid_size: side [arcsec]
    :param grid_resolution: spacing [arcsec], before the number of points is made odd
    :param coordinate_center_x: centre [arcsec]
    :param coordinate_center_y: centre [arcsec]
    :return: flat x, flat y, axes (x, y), number of points along an axis
    """
    npix = int(grid_size / grid_resolution)
    npix += npix % 2 == 0
    axis = np.linspace(-grid_size / 2, grid_size / 2, npix)
    x, y = axis + coordinate_center_x, axis + coordinate_center_y
    xx, yy = np.meshgrid(x, y)
    return xx.ravel(), yy.ravel(), (x, y), npix


def coordinates_and_deflections(
    lens_model_fixed,
    lens_model_free,
    kwargs_lens_fixed,
    kwargs_lens_free,
    x_coordinate_arcsec,
    y_coordinate_arcsec,
    z_split,
    z_source,
    cosmo_bkg,
):
    """The fixed quantities of the approximation along some rays.

    :param lens_model_fixed: LensModel of the fixed lenses
    :param lens_model_free: LensModel of the free lenses
    :param kwargs_lens_fixed: parameters of each fixed lens
    :param kwargs_lens_free: parameters of each free lens, near the truth
    :param x_coordinate_arcsec: angle on the sky [arcsec]
    :param y_coordinate_arcsec: angle on the sky [arcsec]
    :param z_split: redshift of the free lenses
    :param z_source: redshift of the source
    :param cosmo_bkg: :class:`~jaxtronomy.Cosmo.background.Background`
    :return: comoving position x, y at the free lenses, angle x, y of the ray that arrives there, effective deflection
        x, y behind them
    """
    between, to_lens = cosmo_bkg.T_xy(z_split, z_source), cosmo_bkg.T_xy(0, z_split)
    factor = cosmo_bkg.d_xy(0, z_source) / cosmo_bkg.d_xy(z_split, z_source)
    fixed = lens_model_fixed.lens_model
    zero = namespace(x_coordinate_arcsec).zeros_like(x_coordinate_arcsec, dtype=float)
    x, y, front_x, front_y = fixed.ray_shooting_partial_comoving(
        zero, zero, x_coordinate_arcsec, y_coordinate_arcsec, 0.0, z_split, kwargs_lens_fixed
    )
    f_x, f_y = lens_model_free.alpha(x / to_lens, y / to_lens, kwargs_lens_free)
    angle_x, angle_y = front_x - f_x * factor, front_y - f_y * factor
    x_source, y_source, _, _ = fixed.ray_shooting_partial_comoving(
        x, y, angle_x, angle_y, z_split, z_source, kwargs_lens_fixed
    )
    return x, y, front_x, front_y, (x_source - x) / between - angle_x, (y_source - y) / between - angle_y


def decoupled_multiplane_class_setup(
    lens_model_free,
    x,
    y,
    alpha_x_foreground,
    alpha_y_foreground,
    alpha_beta_subx,
    alpha_beta_suby,
    z_split,
    coordinate_type="POINT",
    interp_points=None,
    x_image=None,
    y_image=None,
    method="linear",
    bounds_error=False,
    fill_value=None,
):
    """Keyword arguments of a LensModel in the decoupled approximation.

    :param lens_model_free: LensModel of the free lenses
    :param x: comoving position at the free lenses
    :param y: comoving position at the free lenses
    :param alpha_x_foreground: angle of the ray that arrives there
    :param alpha_y_foreground: angle of the ray that arrives there
    :param alpha_beta_subx: effective deflection behind them
    :param alpha_beta_suby: effective deflection behind them
    :param z_split: redshift of the free lenses
    :param coordinate_type: "POINT" (the same everywhere), "GRID" or "MULTIPLE_IMAGES" (nearest of some points)
    :param interp_points: axes of the grid
    :param x_image: the points
    :param y_image: the points
    :param method: interpolation in the grid; other than "linear" it is that of scipy's RegularGridInterpolator
    :param bounds_error: as for RegularGridInterpolator
    :param fill_value: as for RegularGridInterpolator; None extrapolates
    :return: keyword arguments
    :raises ValueError: unknown coordinate type
    """
    fields = (x, y, alpha_x_foreground, alpha_y_foreground, alpha_beta_subx, alpha_beta_suby)
    if coordinate_type == "POINT":
        interpolations = [Field(constant, (), f) for f in fields]
    elif coordinate_type == "GRID":
        side = len(interp_points[0])
        tables = [np.reshape(f, (len(interp_points[1]), side)).T for f in fields]
        if method == "linear" and not bounds_error and fill_value is None:
            where = [p[0] for p in interp_points], [p[1] - p[0] for p in interp_points]
            interpolations = [Field(bilinear, where, t) for t in tables]
        else:
            from scipy.interpolate import RegularGridInterpolator

            interpolations = [
                RegularGridInterpolator(
                    interp_points, t, method=method, bounds_error=bounds_error, fill_value=fill_value
                )
                for t in tables
            ]
    elif coordinate_type == "MULTIPLE_IMAGES":
        interpolations = [Field(nearest, ((x_image, y_image),), f) for f in fields]
    else:
        raise ValueError(f"coordinate_type = {coordinate_type!r} is not 'POINT', 'GRID' or 'MULTIPLE_IMAGES'.")
    names = (
        "x0_interp",
        "y0_interp",
        "alpha_x_interp_foreground",
        "alpha_y_interp_foreground",
        "alpha_x_interp_background",
        "alpha_y_interp_background",
    )
    return {
        "lens_model_list": lens_model_free.lens_model_list,
        "profile_kwargs_list": lens_model_free.profile_kwargs_list,
        "lens_redshift_list": lens_model_free.redshift_list,
        "cosmo": lens_model_free.cosmo,
        "multi_plane": True,
        "z_source": lens_model_free.z_source,
        "decouple_multi_plane": True,
        "kwargs_multiplane_model": dict(zip(names, interpolations)) | {"z_split": z_split},
    }


def setup_raytracing_lensmodels(
    x_image, y_image, lens_model, kwargs_lens, index_lens_split, grid_size, grid_resolution
):
    """Decoupled lens models on a grid around each image.

    :param x_image: image positions [arcsec]
    :param y_image: image positions [arcsec]
    :param lens_model: LensModel with multiple planes
    :param kwargs_lens: parameters of each lens model
    :param index_lens_split: indices of the lens models that stay free
    :param grid_size: side of the grids [arcsec]
    :param grid_resolution: spacing of the grids [arcsec]
    :return: list of LensModel, list of their keyword arguments
    """
    fixed, free, kwargs_fixed, kwargs_free, z_source, z_split, background = setup_lens_model(
        lens_model, kwargs_lens, index_lens_split
    )
    options = []
    for x, y in zip(x_image, y_image):
        grid_x, grid_y, axes, _ = setup_grids(grid_size, grid_resolution, x, y)
        fields = coordinates_and_deflections(
            fixed, free, kwargs_fixed, kwargs_free, grid_x, grid_y, z_split, z_source, background
        )
        options.append(
            decoupled_multiplane_class_setup(free, *fields, z_split, coordinate_type="GRID", interp_points=axes)
        )
    return [LensModel(**o) for o in options], options
