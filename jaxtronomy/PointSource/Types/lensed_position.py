"""A lensed point source, described by the positions of its images."""

from jaxtronomy.PointSource.Types.base_ps import PSBase, _array, _expand_to_array

__all__ = ["LensedPositions"]


class LensedPositions(PSBase):
    """The images of one lensed source, 'LENSED_POSITION', with parameters ``ra_image, dec_image, point_amp``, or
    ``source_amp`` in place of the last with a fixed magnification.
    """

    def image_position(
        self,
        kwargs_ps,
        kwargs_lens=None,
        magnification_limit=None,
        kwargs_lens_eqn_solver=None,
        additional_images=False,
    ):
        """Positions on the sky.

        :param kwargs_ps: parameters of the point source
        :param kwargs_lens: parameters of each lens model, for additional images
        :param magnification_limit: leave out additional images of a lower (absolute) magnification
        :param kwargs_lens_eqn_solver: options of the
            :class:`~jaxtronomy.LensModel.Solver.lens_equation_solver.LensEquationSolver`
        :param additional_images: solve the lens equation for all images of the mean source position
        :return: x, y [arcsec]
        """
        return self.images(kwargs_ps, kwargs_lens, magnification_limit, kwargs_lens_eqn_solver, additional_images)[:2]

    def images(
        self,
        kwargs_ps,
        kwargs_lens=None,
        magnification_limit=None,
        kwargs_lens_eqn_solver=None,
        additional_images=False,
    ):
        """Positions on the sky, and which of them are images; parameters as for :meth:`image_position`."""
        if not (self.additional_images is True or additional_images):
            return _array(kwargs_ps["ra_image"]), _array(kwargs_ps["dec_image"]), None
        source = self.source_position(kwargs_ps, kwargs_lens)
        with self._lens():
            return self._solver.images(
                *source, kwargs_lens, magnification_limit=magnification_limit, **(kwargs_lens_eqn_solver or {})
            )

    def source_position(self, kwargs_ps, kwargs_lens=None):
        """Position without lensing: the mean over the images.

        :param kwargs_ps: parameters of the point source
        :param kwargs_lens: parameters of each lens model
        :return: x, y [arcsec]
        """
        x, y = _array(kwargs_ps["ra_image"]), _array(kwargs_ps["dec_image"])
        with self._lens() as lens:
            x_source, y_source = self._by_frame(lens.ray_shooting, x, y, kwargs_lens)
        return _array(x_source.mean()), _array(y_source.mean())

    def image_amplitude(
        self,
        kwargs_ps,
        kwargs_lens=None,
        x_pos=None,
        y_pos=None,
        magnification_limit=None,
        kwargs_lens_eqn_solver=None,
    ):
        """Amplitudes on the sky.

        :param kwargs_ps: parameters of the point source
        :param kwargs_lens: parameters of each lens model
        :param x_pos: image positions [arcsec], if they are known
        :param y_pos: image positions [arcsec], if they are known
        :param magnification_limit: leave out additional images of a lower (absolute) magnification
        :param kwargs_lens_eqn_solver: options of the solver
        :return: amplitudes
        """
        if not self._fixed_magnification:
            amplitude = kwargs_ps["point_amp"]
            return _array(amplitude if x_pos is None else _expand_to_array(amplitude, len(x_pos)))
        if x_pos is None or y_pos is None:
            x_pos, y_pos = self.image_position(kwargs_ps, kwargs_lens, magnification_limit, kwargs_lens_eqn_solver)
        return _array(kwargs_ps["source_amp"]) * self._magnification(x_pos, y_pos, kwargs_lens)

    def _magnification(self, x, y, kwargs_lens):
        """Absolute magnification of the images."""
        with self._lens() as lens:
            return abs(self._by_frame(lens.magnification, x, y, kwargs_lens))

    def source_amplitude(self, kwargs_ps, kwargs_lens=None):
        """Amplitude without lensing: the mean of amplitudes over magnifications.

        :param kwargs_ps: parameters of the point source
        :param kwargs_lens: parameters of each lens model
        :return: amplitude
        """
        if self._fixed_magnification:
            return _array(kwargs_ps["source_amp"])
        x, y = _array(kwargs_ps["ra_image"]), _array(kwargs_ps["dec_image"])
        return _array((_array(kwargs_ps["point_amp"]) / self._magnification(x, y, kwargs_lens)).mean())
