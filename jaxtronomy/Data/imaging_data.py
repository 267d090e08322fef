"""An image with its coordinates, its noise and its likelihood."""

import numpy as np

from .image_noise import ImageNoise, _check_image, native
from .pixel_grid import PixelGrid

__all__ = ["ImageData"]

LIKELIHOOD_METHODS = ("diagonal", "interferometry_natwt")


class ImageData(PixelGrid, ImageNoise):
    """An image, the map from its pixels to the sky, and the noise of its pixels.

    Fluxes are counts per unit of exposure time, and so is the background; data times exposure time are counts.

    :param image_data: image, shape (ny, nx)
    :param exposure_time: exposure time, a number or an image
    :param background_rms: standard deviation of the background noise of a pixel, a number or an image
    :param noise_map: image of the total standard deviation; exposure time and background play no part then
    :param gradient_boost_factor: the gradient of the image times this number is added in quadrature; None for none
    :param ra_at_xy_0: RA of pixel (0, 0) [arcsec]
    :param dec_at_xy_0: DEC of pixel (0, 0) [arcsec]
    :param transform_pix2angle: 2x2 matrix from pixels to angles [arcsec]; None for the unit matrix
    :param ra_shift: shift of all pixels in RA [arcsec]
    :param dec_shift: shift of all pixels in DEC [arcsec]
    :param phi_rot: rotation of the image about pixel (0, 0) [rad]
    :param log_likelihood_constant: constant that is added to the interferometric log likelihood
    :param antenna_primary_beam: primary beam of the antennae, shape of the image
    :param likelihood_method: 'diagonal' (independent pixels) or 'interferometry_natwt' (naturally weighted
        interferometric images)
    :param flux_scaling: factor of model fluxes in the units of this image
    :raises ValueError: when the image is not two-dimensional or not finite, the likelihood method is not known, the
        noise is not positive, or a shape differs
    """

    def __init__(
        self,
        image_data,
        exposure_time=None,
        background_rms=None,
        noise_map=None,
        gradient_boost_factor=None,
        ra_at_xy_0=0,
        dec_at_xy_0=0,
        transform_pix2angle=None,
        ra_shift=0,
        dec_shift=0,
        phi_rot=0,
        log_likelihood_constant=0,
        antenna_primary_beam=None,
        likelihood_method="diagonal",
        flux_scaling=1,
    ):
        if np.ndim(image_data) != 2:
            raise ValueError(f"image_data has shape {np.shape(image_data)}; two axes are needed.")
        if likelihood_method not in LIKELIHOOD_METHODS:
            raise ValueError(
                f"likelihood_method is {likelihood_method!r}; allowed are {', '.join(LIKELIHOOD_METHODS)}."
            )
        ny, nx = np.shape(image_data)
        cos, sin = np.cos(phi_rot), np.sin(phi_rot)
        matrix = np.eye(2) if transform_pix2angle is None else transform_pix2angle
        matrix = np.dot(matrix, [[cos, -sin], [sin, cos]])
        PixelGrid.__init__(self, nx, ny, matrix, ra_at_xy_0 + ra_shift, dec_at_xy_0 + dec_shift, antenna_primary_beam)
        ImageNoise.__init__(
            self,
            image_data,
            exposure_time=exposure_time,
            background_rms=background_rms,
            noise_map=noise_map,
            gradient_boost_factor=gradient_boost_factor,
            verbose=False,
            flux_scaling=flux_scaling,
        )
        self._logL_constant = log_likelihood_constant
        self._logL_method = likelihood_method

    def update_data(self, image_data):
        """Replace the image, and the variances that are estimated from it.

        :param image_data: image of the same shape
        :raises ValueError: when the shape is another one or a pixel is not finite
        """
        if np.shape(image_data) != (self._ny, self._nx):
            raise ValueError(f"the new image has shape {np.shape(image_data)}, and the old one {(self._ny, self._nx)}.")
        _check_image(image_data)
        self._data = native(image_data)
        if self._noise_map is None:
            self.__dict__.pop("_C_D", None)

    @property
    def data(self):
        """The image."""
        return self._data

    def log_likelihood(self, model, mask, additional_error_map=0):
        """Log likelihood of the image, up to a constant, with the Poisson noise of the model.

        :param model: image of the model; for the interferometric likelihood the pair of the unconvolved and the
            convolved one
        :param mask: image of 1 for pixels that count and 0 for others
        :param additional_error_map: variance that is added
        :return: log likelihood
        """
        if self._logL_method == "interferometry_natwt":
            return self.log_likelihood_interferometry(model)
        variance = self.C_D_model(model) + abs(additional_error_map)
        return -((model - self._data) ** 2 / variance * mask).sum() / 2

    def log_likelihood_interferometry(self, model):
        r"""Log likelihood of a naturally weighted interferometric image.

        The covariance of the pixels is :math:`C = \sigma^2 A` (Powell et al. 2021, MNRAS 501, 515, section 3.2) with A
        the convolution with the dirty beam whose peak is 1 (arXiv:2508.08393), so that :math:`-\chi^2/2 =
        (2 x^T d - x^T A x)/(2 \sigma^2)` up to a constant.

        :param model: pair of images: unconvolved x, convolved A x
        :return: log likelihood
        """
        unconvolved, convolved = model
        signal = (unconvolved * self._data).sum() - (unconvolved * convolved).sum() / 2
        return signal / self.background_rms**2 + self._logL_constant

    def likelihood_method(self):
        """Name of the likelihood: 'diagonal' or 'interferometry_natwt'."""
        return self._logL_method
