"""One of several bands, with the models that it takes of those of all bands."""

import numpy as np

from jaxtronomy.Data.imaging_data import ImageData
from jaxtronomy.Data.psf import PSF
from jaxtronomy.ImSim.image_linear_solve import ImageLinearFit
from jaxtronomy.ImSim.image_model import ImageModel
from jaxtronomy.Util import class_creator

__all__ = ["SingleBandMultiModel"]


class SingleBandMultiModel(ImageLinearFit, ImageModel):
    """Model of one band.

    ``kwargs_model`` may hold ``index_lens_model_list``, ``index_source_light_model_list``,
    ``index_lens_light_model_list``, ``index_point_source_model_list`` and ``index_optical_depth_model_list``: for each
    band the indices of the models that it takes. Parameters are those of all models; this class selects.
    """

    def __init__(
        self,
        multi_band_list,
        kwargs_model,
        likelihood_mask_list=None,
        band_index=0,
        kwargs_pixelbased=None,
        linear_solver=True,
    ):
        """
        :param multi_band_list: ``[[kwargs_data, kwargs_psf, kwargs_numerics], ...]``
        :param kwargs_model: arguments of :func:`~jaxtronomy.Util.class_creator.create_class_instances`
        :param likelihood_mask_list: for each band, the pixels that count
        :param band_index: which band
        :param kwargs_pixelbased: options of the pixel-based solver
        :param linear_solver: whether amplitudes are solved for
        """
        models = class_creator.create_class_instances(band_index=band_index, **kwargs_model)

        def of_band(key):
            indices = kwargs_model.get(key)
            return None if indices is None else indices[band_index]

        self._index_lens_model = of_band("index_lens_model_list")
        self._index_source = of_band("index_source_light_model_list")
        self._index_lens_light = of_band("index_lens_light_model_list")
        self._index_point_source = of_band("index_point_source_model_list")
        self._index_optical_depth = of_band("index_optical_depth_model_list")
        self.linear_solver = linear_solver
        kwargs_data, kwargs_psf, kwargs_numerics = multi_band_list[band_index]
        super().__init__(
            ImageData(**kwargs_data),
            PSF(**kwargs_psf),
            *models,
            kwargs_numerics=kwargs_numerics,
            likelihood_mask=None if likelihood_mask_list is None else likelihood_mask_list[band_index],
            kwargs_pixelbased=kwargs_pixelbased,
        )
        self.type = "single-band-multi-model"

    def _structure(self):
        selections = (
            self._index_lens_model,
            self._index_source,
            self._index_lens_light,
            self._index_point_source,
            self._index_optical_depth,
        )
        chosen = tuple(None if s is None else tuple(s) for s in selections)
        return super()._structure(), self.linear_solver, chosen

    def select_kwargs(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_extinction=None,
        kwargs_special=None,
    ):
        """The parameters of the models that this band takes.

        :param kwargs_lens: parameters of each lens model of all bands, or None
        :param kwargs_source: parameters of each source model of all bands, or None
        :param kwargs_lens_light: parameters of each lens light model of all bands, or None
        :param kwargs_ps: parameters of each point source model of all bands, or None
        :param kwargs_extinction: parameters of each dust model of all bands, or None
        :param kwargs_special: plays no part
        :return: the five lists
        """
        pairs = (
            (kwargs_lens, self._index_lens_model),
            (kwargs_source, self._index_source),
            (kwargs_lens_light, self._index_lens_light),
            (kwargs_ps, self._index_point_source),
            (kwargs_extinction, self._index_optical_depth),
        )
        return tuple(k if k is None or index is None else [k[i] for i in index] for k, index in pairs)

    def _band_log_likelihood(
        self, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, extinction, special, linear_prior, **options
    ):
        """Logarithm of the likelihood and amplitudes (None where they are not solved for); pure."""
        trees = self.select_kwargs(kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, extinction)
        if self.linear_solver:
            return self._solved_log_likelihood(*trees, special, linear_prior, **options)
        return self._log_likelihood(*trees, special), None

    def image(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_extinction=None,
        kwargs_special=None,
        unconvolved=False,
        source_add=True,
        lens_light_add=True,
        point_source_add=True,
    ):
        """The image of this band, see :meth:`~jaxtronomy.ImSim.image_model.ImageModel.image`."""
        trees = self.select_kwargs(kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, kwargs_extinction)
        return super().image(
            *trees,
            kwargs_special,
            unconvolved=unconvolved,
            source_add=source_add,
            lens_light_add=lens_light_add,
            point_source_add=point_source_add,
        )

    def source_surface_brightness(
        self,
        kwargs_source,
        kwargs_lens=None,
        kwargs_extinction=None,
        kwargs_special=None,
        unconvolved=False,
        de_lensed=False,
        k=None,
        update_pixelbased_mapping=True,
    ):
        """Image of the sources, see
        :meth:`~jaxtronomy.ImSim.image_model.ImageModel.source_surface_brightness`.
        """
        lens, source, _, _, dust = self.select_kwargs(kwargs_lens, kwargs_source, kwargs_extinction=kwargs_extinction)
        return super().source_surface_brightness(
            source,
            lens,
            kwargs_extinction=dust,
            kwargs_special=kwargs_special,
            unconvolved=unconvolved,
            de_lensed=de_lensed,
            k=k,
            update_pixelbased_mapping=update_pixelbased_mapping,
        )

    def lens_surface_brightness(self, kwargs_lens_light, unconvolved=False, k=None):
        """Image of the lens light, see
        :meth:`~jaxtronomy.ImSim.image_model.ImageModel.lens_surface_brightness`.
        """
        lens_light = self.select_kwargs(kwargs_lens_light=kwargs_lens_light)[2]
        return super().lens_surface_brightness(lens_light, unconvolved=unconvolved, k=k)

    def point_source(self, kwargs_ps, kwargs_lens=None, kwargs_special=None, unconvolved=False, k=None):
        """Image of the point sources, see :meth:`~jaxtronomy.ImSim.image_model.ImageModel.point_source`."""
        lens, _, _, points, _ = self.select_kwargs(kwargs_lens, kwargs_ps=kwargs_ps)
        return super().point_source(points, lens, kwargs_special=kwargs_special, unconvolved=unconvolved, k=k)

    def image_linear_solve(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_extinction=None,
        kwargs_special=None,
        inv_bool=False,
    ):
        """The image of the best fit, see
        :meth:`~jaxtronomy.ImSim.image_linear_solve.ImageLinearFit.image_linear_solve`; of an interferometer the
        convolved image only.
        """
        trees = self.select_kwargs(kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, kwargs_extinction)
        model, error, cov, amplitudes = super().image_linear_solve(*trees, kwargs_special, inv_bool=inv_bool)
        if self._pixels.method == "interferometry_natwt":
            model = model[1]
        return model, error, cov, amplitudes

    def likelihood_data_given_model(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_extinction=None,
        kwargs_special=None,
        source_marg=False,
        linear_prior=None,
        check_positive_flux=False,
        linear_solver=None,
    ):
        """Logarithm of the likelihood of this band, see
        :meth:`~jaxtronomy.ImSim.image_linear_solve.ImageLinearFit.likelihood_data_given_model`.

        :param linear_solver: whether amplitudes are solved for, None: as the instance says
        :return: log likelihood, amplitudes (None where they are not solved for)
        """
        trees = self.select_kwargs(kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, kwargs_extinction)
        if self.linear_solver if linear_solver is None else linear_solver:
            return super().likelihood_data_given_model(
                *trees,
                kwargs_special,
                source_marg=source_marg,
                linear_prior=linear_prior,
                check_positive_flux=check_positive_flux,
            )
        return ImageModel.likelihood_data_given_model(self, *trees, kwargs_special), None

    def update_linear_kwargs(self, param, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, model_band=None):
        """Write amplitudes into the parameters of this band's models.

        :param param: amplitudes in the order of the response matrix
        :param kwargs_lens: parameters of each lens model of all bands
        :param kwargs_source: parameters of each source model of all bands, changed
        :param kwargs_lens_light: parameters of each lens light model of all bands, changed
        :param kwargs_ps: parameters of each point source model of all bands, changed
        :param model_band: plays no part
        :return: the four lists of this band
        """
        trees = self.select_kwargs(kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps)[:4]
        if self.linear_solver:
            return super().update_linear_kwargs(param, *trees)
        return trees

    def num_param_linear(self, kwargs_lens=None, kwargs_source=None, kwargs_lens_light=None, kwargs_ps=None):
        """Number of amplitudes that are solved for in this band.

        :param kwargs_lens: parameters of each lens model of all bands
        :param kwargs_source: parameters of each source model of all bands
        :param kwargs_lens_light: parameters of each lens light model of all bands
        :param kwargs_ps: parameters of each point source model of all bands
        """
        if not self.linear_solver:
            return 0
        trees = self.select_kwargs(kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps)[:4]
        return super().num_param_linear(*trees)

    def linear_response_matrix(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_extinction=None,
        kwargs_special=None,
    ):
        """Responses of the pixels of this band, see
        :meth:`~jaxtronomy.ImSim.image_linear_solve.ImageLinearFit.linear_response_matrix`.
        """
        trees = self.select_kwargs(kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, kwargs_extinction)
        return super().linear_response_matrix(*trees, kwargs_special)

    def error_map_source(self, kwargs_source, x_grid, y_grid, cov_param, model_index_select=True):
        """Variance of the reconstructed source, see
        :meth:`~jaxtronomy.ImSim.image_linear_solve.ImageLinearFit.error_map_source`.

        :param model_index_select: False if ``kwargs_source`` are those of this band already
        """
        if not self.linear_solver:
            return np.zeros_like(x_grid)
        if model_index_select:
            kwargs_source = self.select_kwargs(kwargs_source=kwargs_source)[1]
        return super().error_map_source(kwargs_source, x_grid, y_grid, cov_param)

    def error_response(self, kwargs_lens, kwargs_ps, kwargs_special):
        """Variance of the pixels of this band, see
        :meth:`~jaxtronomy.ImSim.image_model.ImageModel.error_response`.
        """
        lens, _, _, points, _ = self.select_kwargs(kwargs_lens, kwargs_ps=kwargs_ps)
        return super().error_response(lens, points, kwargs_special=kwargs_special)

    def extinction_map(self, kwargs_extinction=None, kwargs_special=None):
        """Factor by which dust dims each pixel of this band, see
        :meth:`~jaxtronomy.ImSim.image_model.ImageModel.extinction_map`.
        """
        return super().extinction_map(self.select_kwargs(kwargs_extinction=kwargs_extinction)[4], kwargs_special)

    def linear_param_from_kwargs(self, kwargs_source, kwargs_lens_light, kwargs_ps):
        """Amplitudes of this band's models.

        :param kwargs_source: parameters of each source model of all bands
        :param kwargs_lens_light: parameters of each lens light model of all bands
        :param kwargs_ps: parameters of each point source model of all bands
        :return: list of amplitudes
        """
        if not self.linear_solver:
            return []
        _, source, lens_light, points, _ = self.select_kwargs(None, kwargs_source, kwargs_lens_light, kwargs_ps)
        return super().linear_param_from_kwargs(source, lens_light, points)
