"""Several exposures with the same amplitudes."""

from functools import reduce

import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.linear import best_fit, inverse, log_marginal, normal_equations
from jaxtronomy.core.tree import unwrap
from jaxtronomy.ImSim.image_linear_solve import _those_present
from jaxtronomy.ImSim.MultiBand.multi_linear import MultiLinear

__all__ = ["JointLinear"]

NEGATIVE_FLUX = 1e5  # what a negative amplitude costs in log likelihood


class JointLinear(MultiLinear):
    """Models of several exposures, the amplitudes of which are solved for jointly.

    All exposures have to take the same surface brightness models.
    """

    def __init__(self, multi_band_list, kwargs_model, compute_bool=None, likelihood_mask_list=None):
        """
        :param multi_band_list: ``[[kwargs_data, kwargs_psf, kwargs_numerics], ...]``
        :param kwargs_model: arguments of :func:`~jaxtronomy.Util.class_creator.create_class_instances`
        :param compute_bool: for each band, whether it is modelled; None: all are
        :param likelihood_mask_list: for each band, the pixels that count
        """
        super().__init__(
            multi_band_list,
            kwargs_model=kwargs_model,
            compute_bool=compute_bool,
            likelihood_mask_list=likelihood_mask_list,
        )
        self.type = "joint-linear"

    def _joint_solution(
        self, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, extinction, special, covariance=False
    ):
        """For each modelled band image and variance from the PSF; covariance (or None), amplitudes, and which of them
        are there; pure.
        """
        trees = (kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, extinction)
        parts = self._band_equations(trees, special)
        bands, present = tuple(p.band for p in parts), reduce(jnp.logical_or, (p.present for p in parts))
        matrix, vector = normal_equations(bands, present)
        best, models = best_fit(bands, matrix, vector)
        images = [p.image(best, model) for p, model in zip(parts, models)]
        return images, [p.variance for p in parts], inverse(matrix) if covariance else None, best, present

    def _band_equations(self, trees, special):
        """For each modelled band what :meth:`ImageLinearFit._equations` gives; pure."""
        return [band._equations(*band.select_kwargs(*trees), special) for band in self._computed()]

    def _band_log_likelihood(
        self,
        kwargs_lens,
        kwargs_source,
        kwargs_lens_light,
        kwargs_ps,
        extinction,
        special,
        linear_prior,
        source_marg=False,
        positive=False,
    ):
        """Logarithm of the likelihood of all bands, and amplitudes; pure."""
        trees = (kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps)
        images, errors, cov, amplitudes, present = self._joint_solution(
            *trees, extinction, special, covariance=source_marg
        )
        total = sum(
            band._pixels.log_likelihood(image, error) for band, image, error in zip(self._computed(), images, errors)
        )
        if source_marg:
            total = total + log_marginal(cov, linear_prior, present)
        if positive and self._num_bands:
            first = self._image_model_list[0]
            selected = (unwrap(t) for t in first.select_kwargs(*trees)[:4])
            total = total - NEGATIVE_FLUX * first._any_negative(amplitudes, *selected)
        return jnp.asarray(total, dtype=float), amplitudes

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
        """The images of the joint best fit.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_lens_light: parameters of each lens light model
        :param kwargs_ps: parameters of each point source model
        :param kwargs_extinction: parameters of each dust model
        :param kwargs_special: further parameters
        :param inv_bool: whether the covariance of the amplitudes is wanted
        :return: list of images, list of variances from the PSF (of the modelled bands), covariance or None, amplitudes
        """
        images, errors, cov, amplitudes, present = self._call(
            type(self)._joint_solution,
            kwargs_lens,
            kwargs_source,
            kwargs_lens_light,
            kwargs_ps,
            kwargs_extinction,
            kwargs_special,
            covariance=bool(inv_bool),
        )
        amplitudes, cov = _those_present(amplitudes, cov, present)
        return images, errors, cov, amplitudes

    def linear_response_matrix(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_extinction=None,
        kwargs_special=None,
    ):
        """Responses of the pixels that count in all modelled bands to each amplitude.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_lens_light: parameters of each lens light model
        :param kwargs_ps: parameters of each point source model
        :param kwargs_extinction: parameters of each dust model
        :param kwargs_special: further parameters
        :return: matrix (components, pixels)
        """
        trees = (kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, kwargs_extinction, kwargs_special)
        return np.concatenate([band.linear_response_matrix(*trees) for band in self._computed()], axis=1)

    @property
    def data_response(self):
        """1d array of the data of the pixels that count in all modelled bands."""
        return np.concatenate([band.data_response for band in self._computed()])

    def _array2image_list(self, array):
        """1d array of all pixels that count as one image for each modelled band."""
        ends = np.cumsum([band.num_data_evaluate for band in self._computed()])[:-1]
        return [band.array_masked2image(part) for band, part in zip(self._computed(), np.split(array, ends))]

    def error_response(self, kwargs_lens, kwargs_ps, kwargs_special=None):
        """Variance of the pixels that count in all modelled bands.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_ps: parameters of each point source model
        :param kwargs_special: further parameters
        :return: 1d array of the variance, list of images of the part that comes from the PSF
        """
        parts = [band.error_response(kwargs_lens, kwargs_ps, kwargs_special) for band in self._computed()]
        return np.concatenate([p[0] for p in parts]), [p[1] for p in parts]

    def update_linear_kwargs(self, param, model_band, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps):
        """Write amplitudes into the parameters.

        :param param: amplitudes
        :param model_band: which band
        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model, changed
        :param kwargs_lens_light: parameters of each lens light model, changed
        :param kwargs_ps: parameters of each point source model, changed
        :return: the four lists of this band
        """
        band = self._image_model_list[model_band]
        return band.update_linear_kwargs(param, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps)
