"""Fluxes of images, scaled against each other so that one set of amplitudes fits them all."""

import copy
import time

from jaxtronomy.Sampling.Likelihoods.image_likelihood import ImageLikelihood
from jaxtronomy.Sampling.Pool.pool import choose_pool
from jaxtronomy.Sampling.Samplers.pso import ParticleSwarmOptimizer

__all__ = ["CalibrationLikelihood", "FluxCalibration"]


class FluxCalibration:
    """Fit of the scalings."""

    def __init__(self, kwargs_imaging, kwargs_model, kwargs_params, calibrate_bands):
        """
        :param kwargs_imaging: options of :class:`~jaxtronomy.Sampling.Likelihoods.image_likelihood.ImageLikelihood`
        :param kwargs_model: options of the models
        :param kwargs_params: parameter lists of the models
        :param calibrate_bands: for each image, whether it is scaled; None: no image is
        :raises ValueError: when the images do not share their amplitudes
        """
        if kwargs_imaging["multi_band_type"] != "joint-linear":
            raise ValueError(
                f"multi_band_type is {kwargs_imaging['multi_band_type']!r}; fluxes can only be calibrated for "
                "'joint-linear'."
            )
        if calibrate_bands is None:
            calibrate_bands = [False] * len(kwargs_imaging["multi_band_list"])
        self._calibrate_bands = calibrate_bands
        self.chain = CalibrationLikelihood(
            kwargs_model, kwargs_params, calibrate_bands=calibrate_bands, kwargs_imaging=kwargs_imaging
        )

    def pso(
        self,
        n_particles=10,
        n_iterations=10,
        threadCount=1,
        mpi=False,
        scaling_lower_limit=0,
        scaling_upper_limit=1000,
        print_key="flux calibration",
    ):
        """Fit with a swarm of particles.

        :param n_particles: number of particles
        :param n_iterations: largest number of steps
        :param threadCount: number of processes
        :param mpi: True for an MPI pool
        :param scaling_lower_limit: lower limit of the first positions
        :param scaling_upper_limit: upper limit of the first positions
        :param print_key: what it is called when it is announced
        :return: list of bands with ``flux_scaling``; lists of the best log likelihood, position and velocity after each
            step
        """
        start = self.chain.get_args(self.chain.multi_band_list)
        number = self.chain.num_param
        pool = choose_pool(mpi=mpi, processes=threadCount) if mpi or threadCount != 1 else None
        limits = [scaling_lower_limit] * number, [scaling_upper_limit] * number
        swarm = ParticleSwarmOptimizer(self.chain, *limits, n_particles, pool=pool)
        swarm.set_global_best(start, [0] * number, self.chain.likelihood(start))
        if swarm.is_master():
            print(f"Computing the {print_key} ...")
        begin = time.time()
        result, history = swarm.optimize(n_iterations)
        if swarm.is_master():
            print("parameters found: ", result)
            print(time.time() - begin, "time used for ", print_key)
            print(f"Calibration completed for bands {self._calibrate_bands}.")
        return self.chain.update_data(result), history


class CalibrationLikelihood:
    """Likelihood of the images as a function of the scalings."""

    def __init__(self, kwargs_model, kwargs_params, calibrate_bands, kwargs_imaging):
        """
        :param kwargs_model: options of the models
        :param kwargs_params: parameter lists of the models
        :param calibrate_bands: for each image, whether it is scaled
        :param kwargs_imaging: options of the image likelihood
        """
        self._calibrate_bands = calibrate_bands
        self._kwargs_model, self._kwargs_params = kwargs_model, kwargs_params
        self._kwargs_imaging_likelihood = copy.deepcopy(kwargs_imaging)
        self.multi_band_list = self._kwargs_imaging_likelihood["multi_band_list"]

    def __call__(self, a):
        return self.likelihood(a)

    def likelihood(self, a):
        """Log likelihood of the images.

        :param a: scalings
        :return: log likelihood
        """
        self.update_data(a)
        likelihood = ImageLikelihood(kwargs_model=self._kwargs_model, **self._kwargs_imaging_likelihood)
        return likelihood.logL(**self._kwargs_params)[0]

    def setup(self):
        """Does nothing; it is there because lenstronomy has it."""

    def _calibrated(self, multi_band_list):
        """Options of the images that are scaled."""
        return [band[0] for band, calibrate in zip(multi_band_list, self._calibrate_bands) if calibrate]

    def update_data(self, args):
        """Scale the images.

        :param args: scalings
        :return: list of bands
        """
        for kwargs_data, scaling in zip(self._calibrated(self.multi_band_list), args):
            kwargs_data["flux_scaling"] = scaling
        return self.multi_band_list

    def get_args(self, multi_band_list):
        """Scalings of the images.

        :param multi_band_list: list of bands
        :return: list
        """
        return [kwargs_data.get("flux_scaling", 1) for kwargs_data in self._calibrated(multi_band_list)]

    @property
    def num_param(self):
        """Number of images that are scaled."""
        return sum(map(bool, self._calibrate_bands))
