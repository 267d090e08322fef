"""What the kinds of point sources have in common."""

from contextlib import contextmanager

import numpy as np

from jaxtronomy.core.compile import namespace
from jaxtronomy.LensModel.Solver.lens_equation_solver import LensEquationSolver

__all__ = ["PSBase", "_expand_to_array", "_shrink_array"]


class PSBase:
    """Base class of the point sources."""

    def __init__(
        self,
        lens_model=None,
        fixed_magnification=False,
        additional_images=False,
        index_lens_model_list=None,
        point_source_frame_list=None,
        redshift=None,
    ):
        """
        :param lens_model: :class:`~jaxtronomy.LensModel.lens_model.LensModel`
        :param fixed_magnification: True if the flux ratios are those of the lens model, and ``source_amp`` is the
            amplitude
        :param additional_images: True to search for further images of the same source
        :param index_lens_model_list: for each frame (band), the indices of its lens models
        :param point_source_frame_list: the frame of each image
        :param redshift: redshift of the source, where there are several
        """
        self._redshift = redshift
        self._fixed_magnification = fixed_magnification
        self.additional_images = additional_images
        self.k_list = None
        if index_lens_model_list is not None:
            self.k_list = [index_lens_model_list[frame] for frame in point_source_frame_list]
        self.update_lens_model(lens_model)

    def image_position(self, kwargs_ps, **kwargs):
        """Positions on the sky.

        :param kwargs_ps: parameters of the point source
        :raises ValueError: in this base class
        """
        raise self._absent("image_position")

    def source_position(self, kwargs_ps, **kwargs):
        """Position without lensing.

        :param kwargs_ps: parameters of the point source
        :raises ValueError: in this base class
        """
        raise self._absent("source_position")

    def image_amplitude(self, kwargs_ps, *args, **kwargs):
        """Amplitudes on the sky.

        :param kwargs_ps: parameters of the point source
        :raises ValueError: in this base class
        """
        raise self._absent("image_amplitude")

    def source_amplitude(self, kwargs_ps, **kwargs):
        """Amplitude without lensing.

        :param kwargs_ps: parameters of the point source
        :raises ValueError: in this base class
        """
        raise self._absent("source_amplitude")

    def _absent(self, name):
        return ValueError(f"the point source {type(self).__name__} does not define {name}.")

    def images(self, kwargs_ps, **kwargs):
        """Positions on the sky, and which of them are images.

        :param kwargs_ps: parameters of the point source
        :param kwargs: as for :meth:`image_position`
        :return: x, y [arcsec] and a mask, or None if all are images (always, except inside ``jit``)
        """
        return *self.image_position(kwargs_ps, **kwargs), None

    def update_lens_model(self, lens_model_class):
        """Use another lens model.

        :param lens_model_class: :class:`~jaxtronomy.LensModel.lens_model.LensModel`, or None
        """
        self._lens_model = lens_model_class
        self._solver = None if lens_model_class is None else LensEquationSolver(lens_model_class)

    @contextmanager
    def _lens(self):
        """The lens model, for the time being at the redshift of this source."""
        lens = self._lens_model
        if lens is None:
            raise ValueError(f"the point source {type(self).__name__} needs a lens model, and PointSource has none.")
        before = lens.z_source
        lens.change_source_redshift(self._redshift)
        try:
            yield lens
        finally:
            lens.change_source_redshift(before)

    def _by_frame(self, function, x, y, kwargs_lens):
        """``function(x, y, kwargs_lens, k=...)`` of the images, each with the lens models of its frame."""
        if self.k_list is None:
            return function(x, y, kwargs_lens)
        if all(k == self.k_list[0] for k in self.k_list):
            return function(x, y, kwargs_lens, k=self.k_list[0])
        parts = [function(x[i], y[i], kwargs_lens, k=k) for i, k in zip(range(len(x)), self.k_list)]
        if isinstance(parts[0], tuple):
            return tuple(_array(list(p)) for p in zip(*parts))
        return _array(parts)


def _array(values):
    """A new array of floats: NumPy, unless there is a JAX array in it."""
    return namespace(values).array(values, dtype=float)


def _expand_to_array(array, num):
    """``num`` amplitudes: a number is repeated, a shorter array filled up with zeros."""
    xp = namespace(array)
    if np.ndim(array) == 0:
        return xp.ones(num) * array
    if len(array) < num:
        return xp.concatenate([xp.asarray(array, dtype=float), xp.zeros(num - len(array))])
    return array


def _shrink_array(array, num):
    """The first ``num`` entries; a number stays one.

    :raises ValueError: fewer entries than ``num``
    """
    if np.ndim(array) == 0:
        return array
    if len(array) < num:
        raise ValueError(f"{len(array)} values given for {num} images.")
    return array[:num]
