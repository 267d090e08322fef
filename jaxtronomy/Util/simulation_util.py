"""The short way to a simulated image."""

import numpy as np

from . import image_util, util

__all__ = ["data_configure_simple", "simulate_simple"]


def data_configure_simple(
    num_pix, delta_pix, exposure_time=None, background_rms=None, center_ra=0, center_dec=0, inverse=False
):
    """Keyword arguments of ImageData for an empty square image.

    :param num_pix: pixels per side
    :param delta_pix: pixel size [arcsec]
    :param exposure_time: exposure time
    :param background_rms: standard deviation of the background noise of a pixel
    :param center_ra: RA of the middle [arcsec]
    :param center_dec: DEC of the middle [arcsec]
    :param inverse: bool, RA grows to the left
    :return: dictionary
    """
    _, _, ra_at_xy_0, dec_at_xy_0, _, _, transform_pix2angle, _ = util.make_grid_with_coordtransform(
        num_pix, delta_pix, center_ra=center_ra, center_dec=center_dec, inverse=inverse
    )
    return {
        "background_rms": background_rms,
        "exposure_time": exposure_time,
        "ra_at_xy_0": ra_at_xy_0,
        "dec_at_xy_0": dec_at_xy_0,
        "transform_pix2angle": transform_pix2angle,
        "image_data": np.zeros((num_pix, num_pix)),
    }


def simulate_simple(
    image_model_class,
    kwargs_lens=None,
    kwargs_source=None,
    kwargs_lens_light=None,
    kwargs_ps=None,
    no_noise=False,
    source_add=True,
    lens_light_add=True,
    point_source_add=True,
):
    """The image of a model with the noise of its data.

    :param image_model_class: ImageModel instance
    :param kwargs_lens: keyword arguments of the lens models
    :param kwargs_source: keyword arguments of the source light
    :param kwargs_lens_light: keyword arguments of the lens light
    :param kwargs_ps: keyword arguments of the point sources
    :param no_noise: bool, the image alone
    :param source_add: bool, the source is seen
    :param lens_light_add: bool, the lens is seen
    :param point_source_add: bool, point sources are seen
    :return: image
    """
    image = image_model_class.image(
        kwargs_lens,
        kwargs_source,
        kwargs_lens_light,
        kwargs_ps,
        source_add=source_add,
        lens_light_add=lens_light_add,
        point_source_add=point_source_add,
    )
    if no_noise:
        return image
    data = image_model_class.Data
    poisson = image_util.add_poisson(image, exp_time=data.exposure_map)
    return image + image_util.add_background(image, sigma_bkd=data.background_rms) + poisson
