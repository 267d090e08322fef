"""What models of several data sets share."""

from jaxtronomy.core.tree import Model, structure

__all__ = ["MultiDataBase"]


class MultiDataBase(Model):
    """Models of several images."""

    _arrays = ("_image_model_list",)

    def __init__(self, image_model_list, compute_bool=None):
        """
        :param image_model_list: ImageLinearFit instances
        :param compute_bool: for each band, whether it is modelled; None: all are
        :raises ValueError: ``compute_bool`` of another length
        """
        self._num_bands = len(image_model_list)
        compute_bool = [True] * self._num_bands if compute_bool is None else list(compute_bool)
        if len(compute_bool) != self._num_bands:
            raise ValueError(f"compute_bool has {len(compute_bool)} entries for {self._num_bands} bands.")
        self._compute_bool = compute_bool
        self._image_model_list = list(image_model_list)
        self._num_response_list = [model.num_data_evaluate for model in image_model_list]

    def _structure(self):
        return tuple(bool(c) for c in self._compute_bool), tuple(structure(m) for m in self._image_model_list)

    def __getstate__(self):
        return {k: v for k, v in self.__dict__.items() if k != "_flat"}

    def _computed(self):
        """The models of the bands that are modelled."""
        return [model for model, compute in zip(self._image_model_list, self._compute_bool) if compute]

    @property
    def num_bands(self):
        """Number of bands."""
        return self._num_bands

    @property
    def num_response_list(self):
        """For each band, the number of pixels that count."""
        return self._num_response_list

    def reset_point_source_cache(self, cache=True):
        """Forget the image positions that point sources keep.

        :param cache: whether they keep the next ones
        """
        for model in self._image_model_list:
            model.reset_point_source_cache(cache=cache)

    @property
    def num_data_evaluate(self):
        """Number of pixels that count, in all modelled bands."""
        return sum(model.num_data_evaluate for model in self._computed())

    def num_param_linear(self, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps):
        """Number of amplitudes that are solved for, in all modelled bands.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_lens_light: parameters of each lens light model
        :param kwargs_ps: parameters of each point source model
        """
        trees = (kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps)
        return sum(model.num_param_linear(*trees) for model in self._computed())

    def reduced_residuals(self, model_list, error_map_list=None):
        """For each modelled band, (data - model) / noise.

        :param model_list: image of each modelled band
        :param error_map_list: further variance of each modelled band
        :return: list of 2d images
        """
        errors = [0] * self._num_bands if error_map_list is None else error_map_list
        return [
            band.reduced_residuals(model, error_map=error)
            for band, model, error in zip(self._computed(), model_list, errors)
        ]
