"""The likelihood of the map of a tracer."""

import numpy as np

from jaxtronomy.Util import class_creator

__all__ = ["TracerLikelihood"]

UNDEFINED = -(10.0**15)  # log likelihood where it is not a number


class TracerLikelihood:
    """Likelihood of the map of a tracer, with the light of the source as the images give it."""

    def __init__(self, tracer_data, kwargs_model, kwargs_imaging, tracer_likelihood_mask=None, linear_solver=True):
        """
        :param tracer_data: ``[kwargs_data, kwargs_psf, kwargs_numerics]`` of the map
        :param kwargs_model: arguments of :func:`~jaxtronomy.Util.class_creator.create_class_instances`
        :param kwargs_imaging: further arguments of :func:`~jaxtronomy.Util.class_creator.create_im_sim`
        :param tracer_likelihood_mask: 2d array, True (1) for the pixels that count
        :param linear_solver: whether the amplitudes of the images are solved for
        """
        self._tracer_light_model_band = kwargs_model.get("tracer_source_band", 0)
        self.image_model = class_creator.create_im_sim(
            kwargs_model=kwargs_model, linear_solver=linear_solver, **kwargs_imaging
        )
        self.tracerModel = class_creator.create_tracer_model(
            tracer_data, kwargs_model, tracer_likelihood_mask=tracer_likelihood_mask
        )

    def logL(
        self,
        kwargs_tracer_source,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_special=None,
        kwargs_extinction=None,
        param=None,
    ):
        """Logarithm of the likelihood of the map.

        :param kwargs_tracer_source: parameters of each tracer model
        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model; amplitudes are set
        :param kwargs_lens_light: parameters of each lens light model; amplitudes are set
        :param kwargs_ps: parameters of each point source model; amplitudes are set
        :param kwargs_special: further parameters
        :param kwargs_extinction: parameters of each dust model
        :param param: amplitudes that the images give (for several bands with their own amplitudes, a list of them)
        :return: log likelihood, -1e15 where it is not a number
        """
        kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps = self.image_model.update_linear_kwargs(
            param,
            model_band=self._tracer_light_model_band,
            kwargs_lens=kwargs_lens,
            kwargs_source=kwargs_source,
            kwargs_lens_light=kwargs_lens_light,
            kwargs_ps=kwargs_ps,
        )
        value = self.tracerModel.likelihood_data_given_model(
            kwargs_tracer_source=kwargs_tracer_source,
            kwargs_lens=kwargs_lens,
            kwargs_source=kwargs_source,
            kwargs_extinction=kwargs_extinction,
            kwargs_special=kwargs_special,
        )
        return UNDEFINED if np.isnan(value) else value

    @property
    def num_data(self):
        """Number of pixels that count."""
        return self.tracerModel.num_data_evaluate

    def reset_point_source_cache(self, cache=True):
        """Forget the image positions that point sources keep.

        :param cache: whether they keep the next ones
        """
        self.tracerModel.reset_point_source_cache(cache=cache)
