"""The likelihood of measured flux ratios."""

import numpy as np

from jaxtronomy.core.compile import namespace
from jaxtronomy.core.tree import Model, freeze, structure

__all__ = ["FluxRatioLikelihood"]

UNDEFINED = -(10.0**15)  # log likelihood where ratios cannot be compared


class FluxRatioLikelihood(Model):
    """Likelihood of flux ratios between the images of point sources."""

    _arrays = ("_flux_ratios", "_flux_ratio_errors")

    def __init__(
        self,
        lens_model_class,
        flux_ratios,
        flux_ratio_errors,
        flux_ratio_measurement_bool=None,
        num_point_sources=1,
        source_type="INF",
        window_size=0.1,
        grid_number=100,
        polar_grid=False,
        aspect_ratio=0.5,
        point_source_redshift_list=None,
    ):
        """
        :param lens_model_class: LensModel instance
        :param flux_ratios: fluxes relative to the first image; a list of them for several point sources
        :param flux_ratio_errors: standard deviations, or the covariance matrix of the logarithms
        :param flux_ratio_measurement_bool: for each point source, whether its ratios were measured; None: all
        :param num_point_sources: number of point source models
        :param source_type: "INF" for a point, otherwise the finite source of
            :meth:`~jaxtronomy.LensModel.lens_model_extensions.LensModelExtensions.magnification_finite`
        :param window_size: width of the window in which that is computed [arcsec]
        :param grid_number: number of points of that window per axis
        :param polar_grid: whether that window is polar
        :param aspect_ratio: its axis ratio
        :param point_source_redshift_list: redshift of each point source
        """
        self._lens_model_class = lens_model_class
        self._num_point_sources = num_point_sources
        if num_point_sources == 1:
            flux_ratios, flux_ratio_errors = [flux_ratios], [flux_ratio_errors]
        self._flux_ratios = [np.array(r) for r in flux_ratios]
        self._flux_ratio_errors = [np.array(e) for e in flux_ratio_errors]
        for error in self._flux_ratio_errors:
            if error.ndim > 2:
                raise ValueError(f"flux_ratio_errors have 1 or 2 dimensions, not {error.ndim}.")
        self._source_type = source_type
        self._finite = {
            "window_size": window_size,
            "grid_number": grid_number,
            "polar_grid": polar_grid,
            "aspect_ratio": aspect_ratio,
        }
        if source_type != "INF":
            from jaxtronomy.LensModel.lens_model_extensions import LensModelExtensions

            self._lens_model_extensions = LensModelExtensions(lensModel=lens_model_class)
        given = flux_ratio_measurement_bool, point_source_redshift_list
        self._flux_ratio_measurement_bool, self._point_source_redshift_list = (
            [default] * num_point_sources if values is None else list(values)
            for values, default in zip(given, (True, None))
        )

    def _structure(self):
        flags = freeze(self._flux_ratio_measurement_bool), freeze(self._point_source_redshift_list)
        return structure(self._lens_model_class), self._source_type, freeze(self._finite), flags

    def logL(self, ra_image_list, dec_image_list, kwargs_lens, kwargs_special):
        """Logarithm of the likelihood of the flux ratios.

        :param ra_image_list: positions of the images of each point source [arcsec]
        :param dec_image_list: positions of the images of each point source [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param kwargs_special: holds ``source_size`` for a finite source
        :return: log likelihood
        """
        total = 0.0
        for k, (x_pos, y_pos) in enumerate(zip(ra_image_list, dec_image_list)):
            if not self._flux_ratio_measurement_bool[k]:
                continue
            self._lens_model_class.change_source_redshift(z_source=self._point_source_redshift_list[k])
            if self._source_type == "INF":
                magnification = abs(self._lens_model_class.magnification(x_pos, y_pos, kwargs_lens))
            else:
                size = kwargs_special["source_size"]
                magnification = self._lens_model_extensions.magnification_finite(
                    x_pos, y_pos, kwargs_lens, source_sigma=size, **self._finite
                )
            if len(magnification) - 1 != len(self._flux_ratios[k]):
                return UNDEFINED
            total = total + self._logL(magnification[1:] / magnification[0], k=k)
        return total

    def _logL(self, flux_ratios, k=0):
        """Logarithm of the likelihood of the flux ratios of one point source."""
        xp = namespace(flux_ratios, self._flux_ratios)
        observed, errors = self._flux_ratios[k], self._flux_ratio_errors[k]
        if errors.ndim <= 1:
            value = -xp.sum((flux_ratios - observed) ** 2 / errors**2 / 2)
        else:
            difference = xp.log(flux_ratios) - xp.log(observed)
            value = -0.5 * difference @ xp.linalg.solve(xp.asarray(errors), difference)
        return xp.where(xp.isfinite(value), value, UNDEFINED)[()]

    @property
    def num_data(self):
        """Number of measured flux ratios."""
        return sum(len(r) for r, use in zip(self._flux_ratios, self._flux_ratio_measurement_bool) if use)
