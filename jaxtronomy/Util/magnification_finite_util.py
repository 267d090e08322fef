"""Grids for the magnification of sources of finite size."""

import numpy as np

__all__ = ["auto_raytracing_grid_resolution", "auto_raytracing_grid_size", "setup_mag_finite"]


def auto_raytracing_grid_size(source_fwhm_parcsec, grid_size_scale=0.005, power=1.0):
    """Radius of the window that holds an image, for a Gaussian source of 0.1 to 100 pc.

    :param source_fwhm_parcsec: full width at half maximum of the source [pc]
    :param grid_size_scale: radius at 1 pc [arcsec]
    :param power: exponent
    :return: radius [arcsec]
    """
    return grid_size_scale * source_fwhm_parcsec**power


def auto_raytracing_grid_resolution(source_fwhm_parcsec, grid_resolution_scale=0.0002, ref=10.0, power=1.0):
    """Side of a pixel that resolves an image, for a Gaussian source of 0.1 to 100 pc.

    :param source_fwhm_parcsec: full width at half maximum of the source [pc]
    :param grid_resolution_scale: side of a pixel at ``ref`` [arcsec]
    :param ref: reference width [pc]
    :param power: exponent
    :return: side of a pixel [arcsec]
    """
    return grid_resolution_scale * (source_fwhm_parcsec / ref) ** power


def setup_mag_finite(grid_radius_arcsec, grid_resolution, source_model, kwargs_source):
    """The grid of a window around an image.

    :param grid_radius_arcsec: half the side of the window [arcsec]
    :param grid_resolution: side of a pixel [arcsec]
    :param source_model: handed on
    :param kwargs_source: handed on
    :return: x and y of the grid [arcsec], source_model, kwargs_source, grid_resolution, grid_radius_arcsec
    """
    axis = np.linspace(-grid_radius_arcsec, grid_radius_arcsec, int(2 * grid_radius_arcsec / grid_resolution))
    x, y = np.meshgrid(axis, axis)
    return x, y, source_model, kwargs_source, grid_resolution, grid_radius_arcsec
