"""The state of a fit to several images that have lens models of their own."""

import copy

from jaxtronomy.Workflow.update_manager import UpdateManager

__all__ = ["MultiBandUpdateManager"]


class MultiBandUpdateManager(UpdateManager):
    """State of a fit in which the lens models of some images may be fixed together."""

    def __init__(self, kwargs_model, kwargs_constraints, kwargs_likelihood, kwargs_params, num_bands=0):
        """
        :param kwargs_model: as in :class:`~jaxtronomy.Workflow.update_manager.UpdateManager`, as are the next three;
            ``index_lens_model_list`` says which lens models belong to each image
        :param kwargs_constraints: options of Param
        :param kwargs_likelihood: options of Likelihood
        :param kwargs_params: start, width, fixed parameters and limits
        :param num_bands: number of images
        """
        super().__init__(kwargs_model, kwargs_constraints, kwargs_likelihood, kwargs_params)
        self._kwargs_lens_fixed_init = copy.deepcopy(self._lens_fixed)
        self._num_bands = num_bands
        self._index_lens_model_list = kwargs_model.get("index_lens_model_list") or [None] * num_bands

    def _lens_models_of(self, frames):
        """Indices of the lens models of some images."""
        return [i for frame in frames for i in self._index_lens_model_list[frame] or ()]

    def keep_frame_fixed(self, frame_list_fixed):
        """Fix the lens models of some images as they are now.

        :param frame_list_fixed: indices of the images
        """
        for i in self._lens_models_of(frame_list_fixed):
            self._lens_fixed[i] = copy.deepcopy(self._kwargs_temp["kwargs_lens"][i])

    def undo_frame_fixed(self, frame_list):
        """Free the lens models of some images; what was fixed at first is fixed again.

        :param frame_list: indices of the images
        """
        for i in self._lens_models_of(frame_list):
            self._lens_fixed[i] = copy.deepcopy(self._kwargs_lens_fixed_init[i])

    def fix_not_computed(self, free_bands):
        """Free the lens models of the images that are fitted, fix those of the others.

        :param free_bands: for each image, whether it is fitted
        """
        self.undo_frame_fixed([i for i, free in enumerate(free_bands) if free])
        self.keep_frame_fixed([i for i, free in enumerate(free_bands) if not free])
