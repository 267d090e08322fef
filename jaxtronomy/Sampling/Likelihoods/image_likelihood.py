"""The likelihood of imaging data."""

from jaxtronomy.core.tree import Model, freeze
from jaxtronomy.Util import class_creator

__all__ = ["ImageLikelihood"]


class ImageLikelihood(Model):
    """Likelihood of one or several images."""

    _arrays = ("imSim",)

    def __init__(
        self,
        multi_band_list,
        multi_band_type,
        kwargs_model,
        bands_compute=None,
        image_likelihood_mask_list=None,
        source_marg=False,
        linear_prior=None,
        check_positive_flux=False,
        kwargs_pixelbased=None,
        linear_solver=True,
    ):
        """
        :param multi_band_list: ``[[kwargs_data, kwargs_psf, kwargs_numerics], ...]``
        :param multi_band_type: "multi-linear", "joint-linear" or "single-band"
        :param kwargs_model: arguments of :func:`~jaxtronomy.Util.class_creator.create_class_instances`
        :param bands_compute: for each band, whether it is modelled
        :param image_likelihood_mask_list: for each band, the pixels that count
        :param source_marg: whether the amplitudes are marginalised over
        :param linear_prior: width of their prior (for several bands a list), None: flat
        :param check_positive_flux: whether negative fluxes are punished
        :param kwargs_pixelbased: options of the pixel-based solver
        :param linear_solver: whether amplitudes are solved for
        """
        self.imSim = class_creator.create_im_sim(
            multi_band_list,
            multi_band_type,
            kwargs_model,
            bands_compute=bands_compute,
            image_likelihood_mask_list=image_likelihood_mask_list,
            kwargs_pixelbased=kwargs_pixelbased,
            linear_solver=linear_solver,
        )
        self._model_type = self.imSim.type
        self._source_marg = source_marg
        self._linear_prior = linear_prior
        self._check_positive_flux = check_positive_flux

    def _structure(self):
        return self._source_marg, freeze(self._linear_prior), self._check_positive_flux

    def logL(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_special=None,
        kwargs_extinction=None,
        **kwargs,
    ):
        """Logarithm of the likelihood of the images.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_lens_light: parameters of each lens light model
        :param kwargs_ps: parameters of each point source model
        :param kwargs_special: further parameters
        :param kwargs_extinction: parameters of each dust model
        :return: log likelihood, amplitudes
        """
        return self.imSim.likelihood_data_given_model(
            kwargs_lens,
            kwargs_source,
            kwargs_lens_light,
            kwargs_ps,
            kwargs_extinction=kwargs_extinction,
            kwargs_special=kwargs_special,
            source_marg=self._source_marg,
            linear_prior=self._linear_prior,
            check_positive_flux=self._check_positive_flux,
        )

    @property
    def num_data(self):
        """Number of pixels that count."""
        return self.imSim.num_data_evaluate

    def num_param_linear(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_special=None,
        kwargs_extinction=None,
        kwargs_tracer_source=None,
    ):
        """Number of amplitudes that are solved for.

        :param kwargs_lens: parameters of each lens model, and so on
        """
        return self.imSim.num_param_linear(kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps)

    def reset_point_source_cache(self, cache=True):
        """Forget the image positions that point sources keep.

        :param cache: whether they keep the next ones
        """
        self.imSim.reset_point_source_cache(cache=cache)
