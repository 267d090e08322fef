"""Binned maps of stellar kinematics."""

import numpy as np

from .pixel_grid import PixelGrid

__all__ = ["KinBin"]


class KinBin:
    """Kinematic data in bins of pixels.

    :param bin_data: value of each bin
    :param bin_cov: covariance of the bins, shape (bins, bins)
    :param bin_mask: image of the index of the bin that each pixel belongs to
    :param ra_at_xy_0: RA of pixel (0, 0) [arcsec]
    :param dec_at_xy_0: DEC of pixel (0, 0) [arcsec]
    :param transform_pix2angle: 2x2 matrix from pixels to angles [arcsec]
    :param psf_class: PSF instance
    :param ra_shift: shift of all pixels in RA [arcsec]
    :param dec_shift: shift of all pixels in DEC [arcsec]
    """

    def __init__(
        self,
        bin_data,
        bin_cov,
        bin_mask,
        ra_at_xy_0,
        dec_at_xy_0,
        transform_pix2angle,
        psf_class,
        ra_shift=0,
        dec_shift=0,
    ):
        self.PSF = psf_class
        self._ny, self._nx = np.shape(bin_mask)
        ra, dec = ra_at_xy_0 + ra_shift, dec_at_xy_0 + dec_shift
        self.PixelGrid = PixelGrid(self._nx, self._ny, transform_pix2angle, ra, dec)
        self.data = bin_data
        self.covariance = bin_cov
        self.bin_mask = bin_mask
        self._pix2a = transform_pix2angle
        self._ra_at_xy_0 = ra_at_xy_0
        self._dec_at_xy_0 = dec_at_xy_0

    @staticmethod
    def binned_image(data, bin_mask):
        """Image of the values of the bins.

        :param data: value of each bin
        :param bin_mask: image of the index of the bin of each pixel
        :return: image of the type of ``bin_mask``; 0 where there is no such bin
        """
        image = np.zeros_like(bin_mask)
        for index, value in enumerate(data):
            image[bin_mask == index] = value
        return image

    def kin_bin2kwargs(self):
        """Image, pixel size and coordinates as keyword arguments of the kinematic likelihood."""
        return {
            "image": self.binned_image(self.data, self.bin_mask),
            "delta_pix": self.PixelGrid.pixel_width,
            "transform_pix2angle": self._pix2a,
            "ra_at_xy0": self._ra_at_xy_0,
            "dec_at_xy0": self._dec_at_xy_0,
        }

    def kin_grid(self):
        """RA and DEC [arcsec] of the pixels, arrays of the shape of the map."""
        return self.PixelGrid.pixel_coordinates
