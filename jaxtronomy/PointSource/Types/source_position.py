"""A lensed point source, described by its position behind the lens."""

from jaxtronomy.core.compile import namespace
from jaxtronomy.PointSource.Types.base_ps import PSBase, _array, _expand_to_array, _shrink_array

__all__ = ["SourcePositions"]


class SourcePositions(PSBase):
    """One lensed source, 'SOURCE_POSITION', with parameters ``ra_source, dec_source, point_amp``, or ``source_amp`` in
    place of the last with a fixed magnification, and optionally ``mag_pert``, factors on the amplitudes of the images.

    The lens equation gives the images: all there are, or a fixed number of entries inside ``jit``, ``grad`` and
    ``vmap``, where those that are no images have no amplitude.
    """

    def image_position(
        self, kwargs_ps, kwargs_lens=None, magnification_limit=None, kwargs_lens_eqn_solver=None, **kwargs
    ):
        """Positions on the sky.

        :param kwargs_ps: parameters of the point source
        :param kwargs_lens: parameters of each lens model
        :param magnification_limit: leave out images of a lower (absolute) magnification
        :param kwargs_lens_eqn_solver: options of the
            :class:`~jaxtronomy.LensModel.Solver.lens_equation_solver.LensEquationSolver`
        :return: x, y [arcsec]
        """
        return self.images(kwargs_ps, kwargs_lens, magnification_limit, kwargs_lens_eqn_solver)[:2]

    def images(self, kwargs_ps, kwargs_lens=None, magnification_limit=None, kwargs_lens_eqn_solver=None, **kwargs):
        """Positions on the sky, and which of them are images; parameters as for :meth:`image_position`."""
        with self._lens():
            return self._solver.images(
                *self.source_position(kwargs_ps),
                kwargs_lens,
                magnification_limit=magnification_limit,
                **(kwargs_lens_eqn_solver or {}),
            )

    def source_position(self, kwargs_ps, **kwargs):
        """Position without lensing.

        :param kwargs_ps: parameters of the point source
        :return: x, y [arcsec]
        """
        return _array(kwargs_ps["ra_source"]), _array(kwargs_ps["dec_source"])

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
        :param magnification_limit: leave out images of a lower (absolute) magnification
        :param kwargs_lens_eqn_solver: options of the solver
        :return: amplitudes
        """
        if self._fixed_magnification:
            found = None
            if x_pos is None or y_pos is None:
                x_pos, y_pos, found = self.images(kwargs_ps, kwargs_lens, magnification_limit, kwargs_lens_eqn_solver)
            with self._lens() as lens:
                magnification = abs(lens.magnification(x_pos, y_pos, kwargs_lens))
            amplitude = _array(kwargs_ps["source_amp"]) * magnification
            if found is not None:
                amplitude = namespace(amplitude).where(found, amplitude, 0.0)
        else:
            amplitude = kwargs_ps["point_amp"]
            amplitude = _array(amplitude if x_pos is None else _expand_to_array(amplitude, len(x_pos)))
        perturbation = kwargs_ps.get("mag_pert", 1)
        return amplitude * _array(_shrink_array(perturbation, len(amplitude)))

    def source_amplitude(self, kwargs_ps, kwargs_lens=None):
        """Amplitude without lensing: the mean of amplitudes over (signed) magnifications, as in lenstronomy.

        :param kwargs_ps: parameters of the point source
        :param kwargs_lens: parameters of each lens model
        :return: amplitude
        """
        if self._fixed_magnification:
            return _array(kwargs_ps["source_amp"])
        x, y, found = self.images(kwargs_ps, kwargs_lens)
        with self._lens() as lens:
            magnification = lens.magnification(x, y, kwargs_lens)
        ratio = _array(_shrink_array(_expand_to_array(kwargs_ps["point_amp"], len(x)), len(x))) / magnification
        if found is None:
            return _array(ratio.mean())
        xp = namespace(ratio)
        return xp.where(found, ratio, 0.0).sum() / xp.maximum(found.sum(), 1)
