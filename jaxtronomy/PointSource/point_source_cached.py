"""A point source that remembers its images."""

from jaxtronomy.core.traces import is_traced

__all__ = ["PointSourceCached"]


class PointSourceCached:
    """A point source that, if asked to, solves the lens equation once and remembers the images.

    Delete the memory before calling with other parameters. Nothing is remembered inside ``jit``, ``grad`` and ``vmap``.
    """

    def __init__(self, point_source_model, save_cache=False):
        """
        :param point_source_model: one of the classes in :mod:`jaxtronomy.PointSource.Types`
        :param save_cache: whether to remember
        """
        self._model = point_source_model
        self._save_cache = save_cache
        self._cache = {}

    def delete_lens_model_cache(self):
        """Forget."""
        self._cache = {}

    def set_save_cache(self, save_bool):
        """Remember from now on, or not.

        :param save_bool: whether to remember
        """
        self._save_cache = save_bool

    def update_lens_model(self, lens_model_class):
        """Use another lens model.

        :param lens_model_class: :class:`~jaxtronomy.LensModel.lens_model.LensModel`
        """
        self._model.update_lens_model(lens_model_class)

    def _remembered(self, name, compute, *inputs):
        if not self._save_cache or is_traced(inputs):
            return compute()
        if name not in self._cache:
            self._cache[name] = compute()
        return self._cache[name]

    def images(
        self,
        kwargs_ps,
        kwargs_lens=None,
        magnification_limit=None,
        kwargs_lens_eqn_solver=None,
        additional_images=False,
    ):
        """Positions on the sky, and which of them are images (None: all); parameters as for :meth:`image_position`."""
        name = "additional" if additional_images and not self._model.additional_images else "images"

        def compute():
            return self._model.images(
                kwargs_ps,
                kwargs_lens=kwargs_lens,
                magnification_limit=magnification_limit,
                kwargs_lens_eqn_solver=kwargs_lens_eqn_solver,
                additional_images=additional_images,
            )

        return self._remembered(name, compute, kwargs_ps, kwargs_lens)

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
        :param kwargs_lens: parameters of each lens model
        :param magnification_limit: leave out images of a lower (absolute) magnification
        :param kwargs_lens_eqn_solver: options of the solver
        :param additional_images: solve the lens equation for further images
        :return: x, y [arcsec]
        """
        return self.images(kwargs_ps, kwargs_lens, magnification_limit, kwargs_lens_eqn_solver, additional_images)[:2]

    def source_position(self, kwargs_ps, kwargs_lens=None):
        """Position without lensing.

        :param kwargs_ps: parameters of the point source
        :param kwargs_lens: parameters of each lens model
        :return: x, y [arcsec]
        """
        return self._remembered(
            "source", lambda: self._model.source_position(kwargs_ps, kwargs_lens=kwargs_lens), kwargs_ps, kwargs_lens
        )

    def image_amplitude(self, kwargs_ps, kwargs_lens=None, magnification_limit=None, kwargs_lens_eqn_solver=None):
        """Amplitudes on the sky.

        :param kwargs_ps: parameters of the point source
        :param kwargs_lens: parameters of each lens model
        :param magnification_limit: leave out images of a lower (absolute) magnification
        :param kwargs_lens_eqn_solver: options of the solver
        :return: amplitudes
        """
        images = self.images(kwargs_ps, kwargs_lens, magnification_limit, kwargs_lens_eqn_solver)
        return self.amplitude_of(images, kwargs_ps, kwargs_lens)

    def amplitude_of(self, images, kwargs_ps, kwargs_lens=None):
        """Amplitudes of given images.

        :param images: what :meth:`images` returns
        :param kwargs_ps: parameters of the point source
        :param kwargs_lens: parameters of each lens model
        :return: amplitudes, zero for what is no image
        """
        x, y, found = images
        amplitude = self._model.image_amplitude(kwargs_ps, kwargs_lens=kwargs_lens, x_pos=x, y_pos=y)
        return amplitude if found is None else amplitude * found

    def source_amplitude(self, kwargs_ps, kwargs_lens=None):
        """Amplitude without lensing.

        :param kwargs_ps: parameters of the point source
        :param kwargs_lens: parameters of each lens model
        :return: amplitude
        """
        return self._model.source_amplitude(kwargs_ps, kwargs_lens=kwargs_lens)
