"""Multi-plane ray tracing of a few images, with the lenses in front of the main lens only once."""

import numpy as np

from jaxtronomy.core.compile import layout
from jaxtronomy.core.ray_tracing import Distances, trace
from jaxtronomy.LensModel.lens_model import LensModel

__all__ = ["MultiplaneFast"]


class MultiplaneFast:
    """Rays through a lens model whose first lenses, at one redshift, vary.

    The rays through the lenses in front are computed once, for the images given.
    """

    def __init__(
        self,
        x_image,
        y_image,
        z_lens,
        z_source,
        lens_model_list,
        redshift_list,
        astropy_instance,
        param_class,
        foreground_rays,
        tol_source=1e-5,
    ):
        """
        :param x_image: image positions [arcsec]
        :param y_image: image positions [arcsec]
        :param z_lens: redshift of the lenses that vary
        :param z_source: redshift of the source
        :param lens_model_list: model names; those that vary come first
        :param redshift_list: redshift of each lens model
        :param astropy_instance: astropy cosmology
        :param param_class: see :mod:`~jaxtronomy.LensModel.QuadOptimizer.param_manager`
        :param foreground_rays: rays of an earlier instance, or None
        :param tol_source: accepted for compatibility
        """
        index = param_class.to_vary_index

        def model(part):
            return LensModel(
                lens_model_list[part], z_lens, z_source, redshift_list[part], cosmo=astropy_instance, multi_plane=True
            )

        self.lensModel = model(slice(None))
        self.lens_model_to_vary, self.lens_model_fixed = model(slice(index)), model(slice(index, None))
        self._z_lens, self._z_source = z_lens, z_source
        self._x_image, self._y_image = x_image, y_image
        self._param_class = param_class
        self._tol_source = tol_source
        self._foreground_rays = foreground_rays

    def ray_shooting_fast(self, x_image, y_image, kwargs_lens):
        """Source positions of the images.

        :param x_image: not used: the rays are those of the images given at first
        :param y_image: not used
        :param kwargs_lens: parameters of each lens model
        :return: source-plane position x, y [arcsec]
        """
        index = self._param_class.to_vary_index
        rays = self.lens_model_to_vary.lens_model.ray_shooting_partial_comoving(
            *self._ray_shooting_fast_foreground(),
            self._z_lens,
            self._z_lens,
            kwargs_lens[:index],
            include_z_start=True,
        )
        x, y, _, _ = self.lens_model_fixed.lens_model.ray_shooting_partial_comoving(
            *rays, self._z_lens, self._z_source, kwargs_lens[index:], check_convention=False
        )
        return self.lens_model_fixed.lens_model.co_moving2angle_source(x, y)

    def _ray_shooting_fast_foreground(self):
        """Comoving positions and angles of the rays that arrive at the lenses that vary."""
        if self._foreground_rays is None:
            x, y = (np.asarray(p, dtype=float) for p in (self._x_image, self._y_image))
            self._foreground_rays = self.lens_model_fixed.lens_model.ray_shooting_partial_comoving(
                np.zeros_like(x),
                np.zeros_like(y),
                x,
                y,
                z_start=0.0,
                z_stop=self._z_lens,
                kwargs_lens=self._param_class.kwargs_lens[self._param_class.to_vary_index :],
            )
        return self._foreground_rays

    def plan(self):
        """What :func:`fast_source_positions` takes: hashable structure, and arrays."""
        kwargs = self._param_class.kwargs_lens
        index = self._param_class.to_vary_index
        planes = self.lens_model_to_vary.lens_model.multi_plane_base
        vary, _, near, _, _ = planes.path(kwargs[:index], self._z_lens, self._z_lens, include_z_start=True)
        order = tuple(int(i) for i in planes.sorted_redshift_index)
        planes = self.lens_model_fixed.lens_model.multi_plane_base
        behind, kwargs_behind, far, last, _ = planes.path(kwargs[index:], self._z_lens, self._z_source)
        packed, statics = layout(behind, "lens model").pack(kwargs_behind)
        source = self.lens_model_fixed.lens_model._T_z_source
        data = (self._ray_shooting_fast_foreground(), tuple(near), packed, tuple(far), float(last), float(source))
        return (vary, order, behind, statics), data


def fast_source_positions(kwargs_vary, structure, data):
    """Source positions of the images, pure.

    :param kwargs_vary: parameters of the lenses that vary
    :param structure: the hashable part of :meth:`MultiplaneFast.plan`
    :param data: the arrays
    :return: x, y [arcsec]
    """
    vary, order, behind, statics = structure
    rays, near, packed, far, last, source = data
    own = layout(vary, "lens model")
    rays = trace(own.bind(*own.pack([kwargs_vary[i] for i in order])), *rays, Distances(*near), 0.0)
    x, y, _, _ = trace(layout(behind, "lens model").bind(packed, statics), *rays, Distances(*far), last)
    return x / source, y / source
