"""Several bands, amplitudes solved for in each of them."""

from jaxtronomy.core.tree import evaluate_method, to_leaves
from jaxtronomy.ImSim.MultiBand.multi_data_base import MultiDataBase
from jaxtronomy.ImSim.MultiBand.single_band_multi_model import SingleBandMultiModel

__all__ = ["MultiLinear"]


class MultiLinear(MultiDataBase):
    """Models of several bands that share the non-linear parameters."""

    def __init__(
        self,
        multi_band_list,
        kwargs_model,
        likelihood_mask_list=None,
        compute_bool=None,
        kwargs_pixelbased=None,
        linear_solver=True,
    ):
        """
        :param multi_band_list: ``[[kwargs_data, kwargs_psf, kwargs_numerics], ...]``
        :param kwargs_model: arguments of :func:`~jaxtronomy.Util.class_creator.create_class_instances`
        :param likelihood_mask_list: for each band, the pixels that count
        :param compute_bool: for each band, whether it is modelled; None: all are
        :param kwargs_pixelbased: options of the pixel-based solver
        :param linear_solver: whether amplitudes are solved for
        :raises ValueError: ``linear_solver=False`` with more than one band
        """
        self.type = "multi-linear"
        if linear_solver is False and len(multi_band_list) > 1:
            raise ValueError(f"linear_solver=False is possible with one band only, {len(multi_band_list)} given.")
        bands = [
            SingleBandMultiModel(
                multi_band_list,
                kwargs_model,
                likelihood_mask_list=likelihood_mask_list,
                band_index=i,
                kwargs_pixelbased=kwargs_pixelbased,
                linear_solver=linear_solver,
            )
            for i in range(len(multi_band_list))
        ]
        super().__init__(bands, compute_bool=compute_bool)

    def _band_log_likelihood(
        self, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, extinction, special, linear_prior, **options
    ):
        """Logarithm of the likelihood and amplitudes of each band; pure."""
        trees = (kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, extinction, special)
        total, amplitudes = 0.0, []
        for i, (band, compute) in enumerate(zip(self._image_model_list, self._compute_bool)):
            if compute:
                prior = None if linear_prior is None else linear_prior[i]
                value, param = band._band_log_likelihood(*trees, prior, **options)
                total = total + value
                amplitudes.append(param)
            else:
                amplitudes.append(None)
        return total, amplitudes

    def _call(self, function, *trees, **options):
        """A pure method of parameter trees, compiled, under the array rule."""
        if any([band._refresh() for band in self._image_model_list]):
            self.__dict__.pop("_flat", None)
        static = frozenset().union(*(band._static_names for band in self._image_model_list))
        return evaluate_method(function, self, *(to_leaves(t, static) for t in trees), **options)

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
        """The image of the best fit of each band.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model; their ``amp`` is set
        :param kwargs_lens_light: parameters of each lens light model; their ``amp`` is set
        :param kwargs_ps: parameters of each point source model; their amplitudes are set
        :param kwargs_extinction: parameters of each dust model
        :param kwargs_special: further parameters
        :param inv_bool: whether the covariance of the amplitudes is wanted
        :return: for each band: image, variance from the PSF, covariance, amplitudes (None for a band not modelled)
        """
        trees = (kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, kwargs_extinction, kwargs_special)
        results = [
            band.image_linear_solve(*trees, inv_bool=inv_bool) if compute else (None,) * 4
            for band, compute in zip(self._image_model_list, self._compute_bool)
        ]
        return tuple(list(column) for column in zip(*results)) if results else ([], [], [], [])

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
    ):
        """Logarithm of the likelihood of the data of all modelled bands, for the best amplitudes.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_lens_light: parameters of each lens light model
        :param kwargs_ps: parameters of each point source model
        :param kwargs_extinction: parameters of each dust model
        :param kwargs_special: further parameters
        :param source_marg: whether the amplitudes are marginalised over
        :param linear_prior: for each band, the width of their prior; None: flat
        :param check_positive_flux: whether a negative flux costs 1e8
        :return: log likelihood, list of amplitudes
        """
        trees = (kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, kwargs_extinction, kwargs_special)
        if any(band._pixelbased_bool for band in self._image_model_list):
            return self._each_likelihood(trees, source_marg, linear_prior, check_positive_flux)
        return self._call(
            type(self)._band_log_likelihood,
            *trees,
            linear_prior,
            source_marg=bool(source_marg),
            positive=bool(check_positive_flux),
        )

    def _each_likelihood(self, trees, source_marg, linear_prior, check_positive_flux):
        """The likelihood band by band, for solvers that cannot be compiled."""
        total, amplitudes = 0.0, []
        for i, (band, compute) in enumerate(zip(self._image_model_list, self._compute_bool)):
            if not compute:
                amplitudes.append(None)
                continue
            value, param = band.likelihood_data_given_model(
                *trees,
                source_marg=source_marg,
                linear_prior=None if linear_prior is None else linear_prior[i],
                check_positive_flux=check_positive_flux,
            )
            total += value
            amplitudes.append(param)
        return total, amplitudes

    def update_linear_kwargs(self, param, model_band, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps):
        """Write the amplitudes of one band into the parameters.

        :param param: list of the amplitudes of each band
        :param model_band: which band
        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model, changed
        :param kwargs_lens_light: parameters of each lens light model, changed
        :param kwargs_ps: parameters of each point source model, changed
        :return: the four lists of this band
        """
        band = self._image_model_list[model_band]
        return band.update_linear_kwargs(param[model_band], kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps)
