"""The likelihood of all data, as a function of the vector that is sampled."""

import jax
import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.batch import evaluate_batch
from jaxtronomy.core.compile import to_numpy
from jaxtronomy.core.stack import evaluate_each
from jaxtronomy.core.tree import Model, freeze, packed, program
from jaxtronomy.Sampling.Likelihoods.flux_ratio_likelihood import FluxRatioLikelihood
from jaxtronomy.Sampling.Likelihoods.image_likelihood import ImageLikelihood
from jaxtronomy.Sampling.Likelihoods.position_likelihood import PositionLikelihood
from jaxtronomy.Sampling.Likelihoods.prior_likelihood import PriorLikelihood
from jaxtronomy.Sampling.Likelihoods.time_delay_likelihood import TimeDelayLikelihood
from jaxtronomy.Util import class_creator

__all__ = ["Likelihood", "logL_of_lenses"]

OUT_OF_BOUNDS = -(10.0**18)
NOT_FINITE = -(10.0**15)


class Likelihood(Model):
    """Likelihood of images, positions, time delays, flux ratios and priors.

    :meth:`logL`, :meth:`logL_batch` and :meth:`value_and_grad` are one program of the sampled vector and the data. A
    model that has to change while it is sampled (redshifts or a cosmology, pixel-based sources, kinematics, tracers, a
    number of images that has to be counted) is evaluated outside of a program; :attr:`host_reason` says why.
    """

    _arrays = (
        "_param",
        "_prior_likelihood",
        "_image",
        "_time_delay",
        "_flux_ratio",
        "_position_likelihood",
        "_lower_limit",
        "_upper_limit",
    )

    def __init__(
        self,
        kwargs_data_joint,
        kwargs_model,
        param_class,
        image_likelihood=True,
        check_bounds=True,
        astrometric_likelihood=False,
        image_position_likelihood=False,
        source_position_likelihood=None,
        image_position_uncertainty=0.004,
        check_positive_flux=False,
        source_position_tolerance=None,
        source_position_sigma=0.001,
        force_no_add_image=False,
        source_marg=False,
        linear_prior=None,
        restrict_image_number=False,
        max_num_images=None,
        bands_compute=None,
        time_delay_likelihood=False,
        time_delay_measurement_bool_list=None,
        bimodal_time_delay_measurement=False,
        image_likelihood_mask_list=None,
        flux_ratio_likelihood=False,
        kwargs_flux_compute=None,
        prior_lens=None,
        prior_source=None,
        prior_extinction=None,
        prior_lens_light=None,
        prior_ps=None,
        prior_special=None,
        prior_lens_kde=None,
        prior_source_kde=None,
        prior_lens_light_kde=None,
        prior_ps_kde=None,
        prior_special_kde=None,
        prior_extinction_kde=None,
        prior_lens_lognormal=None,
        prior_source_lognormal=None,
        prior_extinction_lognormal=None,
        prior_lens_light_lognormal=None,
        prior_ps_lognormal=None,
        prior_special_lognormal=None,
        custom_logL_addition=None,
        kwargs_pixelbased=None,
        kinematic_2d_likelihood=False,
        kin_lens_idx=0,
        kin_lens_light_idx=0,
        tracer_likelihood=False,
        tracer_likelihood_mask=None,
    ):
        """
        :param kwargs_data_joint: the data: ``multi_band_list``, ``multi_band_type``, ``time_delays_measured``,
            ``time_delays_uncertainties``, ``flux_ratios``, ``flux_ratio_errors``, ``ra_image_list``,
            ``dec_image_list``, ``kinematic_data``, ``tracer_data``
        :param kwargs_model: arguments of :func:`~jaxtronomy.Util.class_creator.create_class_instances`
        :param param_class: Param instance
        :param image_likelihood: whether images are part of it
        :param check_bounds: whether a vector out of its limits has log likelihood -1e18
        :param astrometric_likelihood: whether shifts of images are part of it
        :param image_position_likelihood: whether measured image positions are part of it
        :param source_position_likelihood: whether images have to come from one source position; None: if there are
            point sources of type LENSED_POSITION
        :param image_position_uncertainty: standard deviation of image positions [arcsec]
        :param check_positive_flux: whether negative fluxes are punished
        :param source_position_tolerance: distance in the source plane beyond which an image is punished [arcsec]
        :param source_position_sigma: standard deviation for ``source_position_likelihood`` [arcsec]
        :param force_no_add_image: punish images beyond those modelled
        :param source_marg: whether amplitudes are marginalised over
        :param linear_prior: width of their prior (for several bands a list), None: flat
        :param restrict_image_number: punish images beyond ``max_num_images``
        :param max_num_images: number of images allowed
        :param bands_compute: for each band, whether it is modelled
        :param time_delay_likelihood: whether time delays are part of it
        :param time_delay_measurement_bool_list: for each point source, which delays were measured
        :param bimodal_time_delay_measurement: two alternative sets of delays are given
        :param image_likelihood_mask_list: for each band, the pixels that count
        :param flux_ratio_likelihood: whether flux ratios are part of it
        :param kwargs_flux_compute: options of
            :class:`~jaxtronomy.Sampling.Likelihoods.flux_ratio_likelihood.FluxRatioLikelihood`
        :param prior_lens: priors, see :class:`~jaxtronomy.Sampling.Likelihoods.prior_likelihood.PriorLikelihood`; as
            are all further ``prior_...``
        :param custom_logL_addition: function of the parameter lists that returns a log likelihood to add; one that JAX
            can trace becomes part of the program
        :param kwargs_pixelbased: options of the pixel-based solver
        :param kinematic_2d_likelihood: whether a velocity dispersion map is part of it
        :param kin_lens_idx: its lens model
        :param kin_lens_light_idx: its lens light model
        :param tracer_likelihood: whether a tracer map is part of it
        :param tracer_likelihood_mask: the pixels of that map that count
        """
        data = self._unpack_data(**kwargs_data_joint)
        multi_band_list, multi_band_type, delays, delay_errors, ratios, ratio_errors, ra, dec, kinematics, tracer = data
        self.kinematic_data = kinematics
        self.param = param_class
        self._lower_limit, self._upper_limit = param_class.param_limits()
        self._prior_likelihood = PriorLikelihood(
            prior_lens,
            prior_source,
            prior_lens_light,
            prior_ps,
            prior_special,
            prior_extinction,
            prior_lens_kde,
            prior_source_kde,
            prior_lens_light_kde,
            prior_ps_kde,
            prior_special_kde,
            prior_extinction_kde,
            prior_lens_lognormal,
            prior_source_lognormal,
            prior_lens_light_lognormal,
            prior_ps_lognormal,
            prior_special_lognormal,
            prior_extinction_lognormal,
        )
        self._image_likelihood = image_likelihood and len(multi_band_list) > 0
        self._time_delay_likelihood = time_delay_likelihood
        self._flux_ratio_likelihood = flux_ratio_likelihood
        self._tracer_likelihood = tracer_likelihood
        self._kinematic_2D_likelihood = kinematic_2d_likelihood
        self._check_bounds = check_bounds
        self._custom_logL_addition = custom_logL_addition
        self._kwargs_image_likelihood = {
            "source_marg": source_marg,
            "linear_prior": linear_prior,
            "check_positive_flux": check_positive_flux,
            "kwargs_pixelbased": kwargs_pixelbased,
            "linear_solver": param_class.linear_solver,
        }
        self._kwargs_image_sim = {
            "multi_band_list": multi_band_list,
            "multi_band_type": multi_band_type,
            "bands_compute": bands_compute,
            "image_likelihood_mask_list": image_likelihood_mask_list,
        }
        self._kwargs_time_delay = {
            "time_delays_measured": delays,
            "time_delays_uncertainties": delay_errors,
            "time_delay_measurement_bool_list": time_delay_measurement_bool_list,
            "bimodal_measurement": bimodal_time_delay_measurement,
        }
        self._kwargs_position = {
            "astrometric_likelihood": astrometric_likelihood,
            "image_position_likelihood": image_position_likelihood,
            "source_position_likelihood": source_position_likelihood,
            "ra_image_list": ra,
            "dec_image_list": dec,
            "image_position_uncertainty": image_position_uncertainty,
            "source_position_tolerance": source_position_tolerance,
            "source_position_sigma": source_position_sigma,
            "force_no_add_image": force_no_add_image,
            "restrict_image_number": restrict_image_number,
            "max_num_images": max_num_images,
        }
        self._kwargs_tracer = {
            "tracer_data": tracer,
            "tracer_likelihood_mask": tracer_likelihood_mask,
            "linear_solver": param_class.linear_solver,
        }
        self._kwargs_flux = {
            "flux_ratios": ratios,
            "flux_ratio_errors": ratio_errors,
            **(kwargs_flux_compute or {}),
        }
        self._kin_lens_idx, self._kin_lens_light_idx = kin_lens_idx, kin_lens_light_idx
        self._class_instances(kwargs_model)

    def _class_instances(self, kwargs_model):
        """The terms of the likelihood for given model options."""
        lens_model, _, lens_light_model, point_source, _ = class_creator.create_class_instances(
            all_models=True, **kwargs_model
        )
        self.PointSource = point_source
        self._image = self._time_delay = self._flux_ratio = None
        if self._time_delay_likelihood:
            self._time_delay = self.time_delay_likelihood = TimeDelayLikelihood(
                lens_model_class=lens_model, point_source_class=point_source, **self._kwargs_time_delay
            )
        imaging = {**self._kwargs_image_likelihood, **self._kwargs_image_sim}
        if self._image_likelihood:
            self._image = self.image_likelihood = ImageLikelihood(kwargs_model=kwargs_model, **imaging)
        self._position_likelihood = PositionLikelihood(point_source, **self._kwargs_position)
        if self._flux_ratio_likelihood:
            self._flux_ratio = self.flux_ratio_likelihood = FluxRatioLikelihood(
                lens_model,
                num_point_sources=len(point_source.point_source_type_list),
                point_source_redshift_list=point_source._redshift_list,
                **self._kwargs_flux,
            )
        if self._tracer_likelihood:
            from jaxtronomy.Sampling.Likelihoods.tracer_likelihood import TracerLikelihood

            self.tracer_likelihood = TracerLikelihood(
                kwargs_model=kwargs_model, kwargs_imaging=self._kwargs_image_sim, **self._kwargs_tracer
            )
        if self._kinematic_2D_likelihood:
            from jaxtronomy.Sampling.Likelihoods.kinematic_2D_likelihood import KinLikelihood

            self.kinematic_2D_likelihood = KinLikelihood(
                self.kinematic_data,
                lens_model,
                lens_light_model,
                imaging["multi_band_list"][0][0],
                self._kin_lens_idx,
                self._kin_lens_light_idx,
            )
        self._param = self.param.with_fixed()
        self.host_reason = self._reason_for_host(kwargs_model)
        self._custom_traced = (
            None if self._custom_logL_addition is None else self._can_trace(self._custom_logL_addition)
        )
        self.__dict__.pop("_flat", None)

    def _reason_for_host(self, kwargs_model):
        """Why the likelihood cannot be one program, or None."""
        if self.param._num_z_sampling:
            return "redshifts are sampled"
        for key in ("cosmology_sampling", "distance_ratio_sampling"):
            if kwargs_model.get(key):
                return f"{key} is on"
        if self._tracer_likelihood or self._kinematic_2D_likelihood:
            return "tracers or kinematics are part of it"
        if self._position_likelihood.counts_images:
            return "the number of images has to be counted"
        bands = getattr(self._image.imSim, "_image_model_list", [self._image.imSim]) if self._image else []
        if any(band._pixelbased_bool for band in bands):
            return "the source is pixel-based"
        return None

    def _can_trace(self, function):
        """Whether JAX can trace a function of the parameter lists."""
        args = np.asarray(self._lower_limit, dtype=float)
        try:
            jax.eval_shape(lambda a: jnp.asarray(function(**self.param.args2kwargs(a)), dtype=float), args)
        except Exception:  # whatever a user's function raises when it meets a tracer
            return False
        return True

    def _structure(self):
        return (
            self._check_bounds,
            freeze(self._custom_logL_addition) if self._custom_traced else None,
            self._flux_ratio is not None,
        )

    def __getstate__(self):
        return {k: v for k, v in self.__dict__.items() if k != "_flat"}

    # one program ------------------------------------------------------------------------------------------------------

    def _log_likelihood(self, args):
        """Logarithm of the likelihood of a vector; pure. The one place where penalties are."""
        inside = jnp.clip(args, self._lower_limit, self._upper_limit)
        value = jnp.asarray(self._terms(self._param.args2kwargs(inside)), dtype=float)
        if self._custom_traced:
            value = value + self._custom_logL_addition(**self._param.args2kwargs(inside))
        value = jnp.where(jnp.isfinite(value), value, NOT_FINITE)
        if self._check_bounds:
            value = jnp.where(jnp.all((args >= self._lower_limit) & (args <= self._upper_limit)), value, OUT_OF_BOUNDS)
        return value

    def _terms(self, kwargs, verbose=False):
        """Sum of the terms that may be part of a program."""
        kwargs_lens, kwargs_ps = kwargs.get("kwargs_lens"), kwargs.get("kwargs_ps")
        special = kwargs.get("kwargs_special")
        parts = {"prior": self._prior_likelihood.logL(**kwargs)}
        if self._image is not None:
            parts["image"], self._last_amplitudes = self._image.logL(**kwargs)
        if self._time_delay is not None:
            parts["time delay"] = self._time_delay.logL(kwargs_lens, kwargs_ps, special)
        if self._flux_ratio is not None:
            images = self.PointSource.image_position(kwargs_ps=kwargs_ps, kwargs_lens=kwargs_lens)
            parts["flux ratio"] = self._flux_ratio.logL(*images, kwargs_lens, special)
        parts["position"] = self._position_likelihood.logL(kwargs_lens, kwargs_ps, special, verbose=verbose)
        if verbose:
            for name, value in parts.items():
                print(f"{name} logL = {value}")
        return sum(parts.values())

    def _host_addition(self, args):
        """What a custom function adds that JAX cannot trace."""
        if self._custom_logL_addition is None or self._custom_traced:
            return 0.0
        return self._custom_logL_addition(**self.param.args2kwargs(args))

    # public methods ---------------------------------------------------------------------------------------------------

    @property
    def kwargs_imaging(self):
        """Options of the image likelihood."""
        return {**self._kwargs_image_likelihood, **self._kwargs_image_sim}

    def __call__(self, a):
        return self.logL(a)

    def logL(self, args, verbose=False):
        """Logarithm of the likelihood.

        :param args: vector that is sampled
        :param verbose: whether each term is printed
        :return: log likelihood; -1e18 out of bounds, -1e15 where it is not finite
        """
        if verbose or self.host_reason is not None:
            return self._host_logL(args, verbose)
        leaves, treedef = packed(self)
        traced = isinstance(args, jax.Array)
        args = args if traced else np.asarray(args, dtype=float)
        value = program(Likelihood._log_likelihood, treedef)(leaves, args)
        if traced:
            return value
        return float(np.asarray(value)) + self._host_addition(args)  # float(value) takes several times as long

    def traced_function(self):
        """The pure function and the model of which the log likelihood is one program, or None."""
        whole = self.host_reason is None and (self._custom_logL_addition is None or self._custom_traced)
        return (Likelihood._log_likelihood, self) if whole else None

    def logL_batch(self, args):
        """Logarithm of the likelihood of many vectors at once.

        :param args: vectors, (n, parameters)
        :return: log likelihoods, (n)
        """
        args = np.atleast_2d(args) if not isinstance(args, jax.Array) else args
        if self.traced_function() is None:
            return np.array([self.logL(a) for a in args])
        return evaluate_batch(Likelihood._log_likelihood, self, args)

    def value_and_grad(self, args):
        """Logarithm of the likelihood and its gradient.

        :param args: vector that is sampled
        :return: log likelihood, gradient (parameters)
        :raises ValueError: where the likelihood cannot be one program
        """
        self._require_program("a gradient")
        leaves, treedef = packed(self)
        traced = isinstance(args, jax.Array)
        args = args if traced else np.asarray(args, dtype=float)
        out = program(Likelihood._log_likelihood, treedef, jax.value_and_grad)(leaves, args)
        return out if traced else to_numpy(out)

    def _require_program(self, what):
        """Raise where the likelihood is not one program."""
        reason = self.host_reason
        if reason is None and self._custom_traced is False:
            reason = "JAX cannot trace custom_logL_addition"
        if reason is not None:
            raise ValueError(f"{what} needs a likelihood that is one program; here {reason}.")

    def _host_logL(self, args, verbose=False):
        """Logarithm of the likelihood evaluated term by term."""
        args = np.asarray(args, dtype=float)
        if self._check_bounds and self.check_bounds(args, self._lower_limit, self._upper_limit, verbose=verbose)[1]:
            return OUT_OF_BOUNDS
        value = self.log_likelihood(self.param.args2kwargs(args), verbose=verbose)
        return float(value) if np.isfinite(value) else NOT_FINITE

    def log_likelihood(self, kwargs_return, verbose=False):
        """Logarithm of the likelihood of parameter lists.

        :param kwargs_return: dictionary of parameter lists, as :meth:`Param.args2kwargs` returns
        :param verbose: whether each term is printed
        :return: log likelihood
        """
        special = kwargs_return.get("kwargs_special", {})
        kwargs_model, changed = self.param.update_kwargs_model(special)
        if changed:
            self._class_instances(kwargs_model)
        value = 0.0
        if self._custom_logL_addition is not None:
            value += self._custom_logL_addition(**kwargs_return)
            if verbose:
                print(f"custom logL = {value}")
            if not value > OUT_OF_BOUNDS:
                return value
        value += self._terms(kwargs_return, verbose=verbose)
        if self._kinematic_2D_likelihood:
            lens, light = kwargs_return.get("kwargs_lens"), kwargs_return.get("kwargs_lens_light")
            term = self.kinematic_2D_likelihood.logL(lens, light, special)
            value += term
            if verbose:
                print(f"kinematic logL = {term}")
        if self._tracer_likelihood:
            term = self.tracer_likelihood.logL(param=getattr(self, "_last_amplitudes", None), **kwargs_return)
            value += term
            if verbose:
                print(f"tracer logL = {term}")
        return value

    @staticmethod
    def check_bounds(args, lowerLimit, upperLimit, verbose=False):
        """Whether a vector is out of its limits.

        :param args: vector
        :param lowerLimit: lower limits
        :param upperLimit: upper limits
        :param verbose: whether the first such value is printed
        :return: penalty (0 or 1e5), whether it is
        """
        args = np.atleast_1d(args)
        outside = np.flatnonzero((args < lowerLimit) | (args > upperLimit))
        if not len(outside):
            return 0.0, False
        if verbose:
            i = outside[0]
            print(f"parameter {i} with value {args[i]} hit the bounds [{lowerLimit[i]}, {upperLimit[i]}]")
        return 10.0**5, True

    def _data_terms(self):
        """The terms that are made of data."""
        terms = [self._image, self._time_delay, self._flux_ratio, self._position_likelihood]
        terms += [self.tracer_likelihood] if self._tracer_likelihood else []
        return [term for term in terms if term is not None]

    @property
    def num_data(self):
        """Number of independent data."""
        return sum(term.num_data for term in self._data_terms())

    @property
    def param_limits(self):
        """Lower and upper limits of the vector that is sampled."""
        return self._lower_limit, self._upper_limit

    def effective_num_data_points(self, **kwargs):
        """Number of data less the number of parameters, sampled and solved for.

        :param kwargs: parameter lists
        """
        linear = self._image.num_param_linear(**kwargs) if self._image is not None else 0
        return self.num_data - self.param.num_param()[0] - linear

    def likelihood(self, a):
        """:meth:`logL`.

        :param a: vector that is sampled
        """
        return self.logL(a)

    def negativelogL(self, a):
        """The negative of :meth:`logL`, for minimisers.

        :param a: vector that is sampled
        """
        return -self.logL(a)

    @staticmethod
    def _unpack_data(
        multi_band_list=None,
        multi_band_type="multi-linear",
        time_delays_measured=None,
        time_delays_uncertainties=None,
        flux_ratios=None,
        flux_ratio_errors=None,
        ra_image_list=None,
        dec_image_list=None,
        kinematic_data=None,
        tracer_data=None,
    ):
        """The data in fixed order, empty lists where there are none."""
        return (
            multi_band_list or [],
            multi_band_type,
            time_delays_measured,
            time_delays_uncertainties,
            flux_ratios,
            flux_ratio_errors,
            [] if ra_image_list is None else ra_image_list,
            [] if dec_image_list is None else dec_image_list,
            kinematic_data,
            tracer_data,
        )


def logL_of_lenses(likelihoods, args):
    """Logarithm of the likelihood of many lenses at once, each with its own data and its own vector.

    Lenses of the same models whose images have the same shape are one program: on a GPU thousands in one call.

    :param likelihoods: list of :class:`Likelihood`, equal but for their data, noise, masks, PSFs and limits
    :param args: one vector for each, (lenses, parameters)
    :return: log likelihoods, (lenses)
    :raises ValueError: naming the first that is not like the others, or that cannot be one program
    """
    for i, likelihood in enumerate(likelihoods):
        if likelihood.traced_function() is None:
            likelihood._require_program(f"likelihood {i}: a batch of lenses")
    return evaluate_each(Likelihood._log_likelihood, likelihoods, args)
