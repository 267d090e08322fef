"""Point sources as they are seen, stars for example."""

from jaxtronomy.PointSource.Types.base_ps import PSBase, _array

__all__ = ["Unlensed"]


class Unlensed(PSBase):
    """Any number of unlensed point sources, 'UNLENSED', with parameters ``ra_image, dec_image, point_amp``."""

    def image_position(self, kwargs_ps, **kwargs):
        """Positions on the sky.

        :param kwargs_ps: parameters of the point source
        :return: x, y [arcsec]
        """
        return _array(kwargs_ps["ra_image"]), _array(kwargs_ps["dec_image"])

    def source_position(self, kwargs_ps, **kwargs):
        """The same positions.

        :param kwargs_ps: parameters of the point source
        :return: x, y [arcsec]
        """
        return self.image_position(kwargs_ps)

    def image_amplitude(self, kwargs_ps, **kwargs):
        """Amplitudes on the sky.

        :param kwargs_ps: parameters of the point source
        :return: amplitudes
        """
        return _array(kwargs_ps["point_amp"])

    def source_amplitude(self, kwargs_ps, **kwargs):
        """The same amplitudes.

        :param kwargs_ps: parameters of the point source
        :return: amplitudes
        """
        return _array(kwargs_ps["point_amp"])
