"""Several exposures with the same amplitudes, each with a background of its own."""

import jax.numpy as jnp
import numpy as np

from jaxtronomy.ImSim.MultiBand.joint_linear import JointLinear

__all__ = ["JointLinear_VaryBG"]


class JointLinear_VaryBG(JointLinear):
    """Models of several exposures, the amplitudes of which are solved for jointly, with a constant background in each.

    All exposures have to take the same surface brightness models. The backgrounds [flux / pixel] of the modelled bands
    follow the other amplitudes, in the order of the bands; they may be negative. Where negative fluxes cost, those are
    meant that were solved for (lenstronomy looks at the ones given).
    """

    def __init__(self, multi_band_list, kwargs_model, compute_bool=None, likelihood_mask_list=None):
        """
        :param multi_band_list: ``[[kwargs_data, kwargs_psf, kwargs_numerics], ...]``; ``flux_scaling`` of the data
            takes care of different transparencies
        :param kwargs_model: arguments of :func:`~jaxtronomy.Util.class_creator.create_class_instances`
        :param compute_bool: for each band, whether it is modelled; None: all are
        :param likelihood_mask_list: for each band, the pixels that count
        :raises ValueError: for the data of an interferometer, which have no background
        """
        super().__init__(multi_band_list, kwargs_model, compute_bool, likelihood_mask_list)
        for i, band in enumerate(self._image_model_list):
            if band._pixels.method == "interferometry_natwt":
                raise ValueError(f"band {i} is of an interferometer; it has no background to solve for.")

    def _band_equations(self, trees, special):
        """Those of the models, with a constant image for each modelled band behind them."""
        bands, parts = self._computed(), []
        for i, band in enumerate(bands):
            constants = jnp.zeros((len(bands), *band._pixels.mask.shape)).at[i].set(1.0)
            parts.append(band._equations(*band.select_kwargs(*trees), special, constants))
        return parts

    def linear_response_matrix(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_extinction=None,
        kwargs_special=None,
    ):
        """Responses of the pixels that count in all modelled bands to each amplitude and each background.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_lens_light: parameters of each lens light model
        :param kwargs_ps: parameters of each point source model
        :param kwargs_extinction: parameters of each dust model
        :param kwargs_special: further parameters
        :return: matrix (components and modelled bands, pixels)
        """
        models = super().linear_response_matrix(
            kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, kwargs_extinction, kwargs_special
        )
        numbers = [band.num_data_evaluate for band in self._computed()]
        return np.concatenate([models, np.repeat(np.eye(len(numbers)), numbers, axis=1)])
