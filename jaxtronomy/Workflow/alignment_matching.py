"""Coordinates of an image, shifted and rotated so that a model fits best."""

import copy
import time

from jaxtronomy.ImSim.MultiBand.single_band_multi_model import SingleBandMultiModel
from jaxtronomy.Sampling.Pool.pool import choose_pool
from jaxtronomy.Sampling.Samplers.pso import ParticleSwarmOptimizer

__all__ = ["AlignmentFitting", "AlignmentLikelihood"]


class AlignmentFitting:
    """Fit of the coordinates of one image."""

    def __init__(
        self,
        multi_band_list,
        kwargs_model,
        kwargs_params,
        band_index=0,
        likelihood_mask_list=None,
        align_offset=True,
        align_rotation=False,
    ):
        """
        :param multi_band_list: the images
        :param kwargs_model: options of the models
        :param kwargs_params: parameter lists of the models
        :param band_index: which image
        :param likelihood_mask_list: for each image, the pixels that count
        :param align_offset: whether it is shifted
        :param align_rotation: whether it is rotated
        """
        self.chain = AlignmentLikelihood(
            multi_band_list,
            kwargs_model,
            kwargs_params,
            band_index,
            likelihood_mask_list,
            align_rotation=align_rotation,
            align_offset=align_offset,
        )

    def pso(
        self,
        n_particles=10,
        n_iterations=10,
        delta_shift=0.2,
        delta_rot=0.1,
        threadCount=1,
        mpi=False,
        print_key="default",
        verbose=False,
    ):
        """Fit with a swarm of particles.

        :param n_particles: number of particles
        :param n_iterations: largest number of steps
        :param delta_shift: largest shift of the first positions [arcsec]
        :param delta_rot: largest rotation of the first positions [radian]
        :param threadCount: number of processes
        :param mpi: True for an MPI pool
        :param print_key: what it is called when it is announced
        :param verbose: whether progress and result are printed
        :return: kwargs_data with ``ra_shift``, ``dec_shift``, ``phi_rot``; lists of the best log likelihood, position
            and velocity after each step
        """
        start = self.chain.get_args(self.chain.kwargs_data_init)
        lower, upper = self.chain.lower_upper_limit(delta_shift, delta_rot)
        pool = choose_pool(mpi=mpi, processes=threadCount) if mpi or threadCount != 1 else None
        swarm = ParticleSwarmOptimizer(self.chain, lower, upper, n_particles, pool=pool)
        swarm.set_global_best(start, [0] * len(start), self.chain.likelihood(start))
        verbose = verbose and swarm.is_master()
        if verbose:
            print(f"Computing the {print_key} ...")
        begin = time.time()
        result, history = swarm.optimize(n_iterations, verbose=verbose)
        if verbose:
            print("Shifts found: ", result)
            print(time.time() - begin, "time used for ", print_key)
        return self.chain.update_data(result), history


class AlignmentLikelihood:
    """Likelihood of one image as a function of its shift and rotation."""

    def __init__(
        self,
        multi_band_list,
        kwargs_model,
        kwargs_params,
        band_index=0,
        likelihood_mask_list=None,
        align_offset=True,
        align_rotation=False,
    ):
        """
        :param multi_band_list: the images
        :param kwargs_model: options of the models
        :param kwargs_params: parameter lists of the models
        :param band_index: which image
        :param likelihood_mask_list: for each image, the pixels that count
        :param align_offset: whether it is shifted
        :param align_rotation: whether it is rotated
        """
        # names in kwargs_data, in the order in which they are sampled
        self._names = ["ra_shift", "dec_shift"] * align_offset + ["phi_rot"] * align_rotation
        self._multi_band_list, self._band_index = multi_band_list, band_index
        self.kwargs_data_init = multi_band_list[band_index][0]
        self._kwargs_model, self._likelihood_mask_list = kwargs_model, likelihood_mask_list
        self._kwargs_params = copy.deepcopy(kwargs_params)
        self._kwargs_params.pop("kwargs_tracer_source", None)

    def __call__(self, a):
        return self.likelihood(a)

    def likelihood(self, a):
        """Log likelihood of the image.

        :param a: shifts [arcsec] and rotation [radian], as far as they are fitted
        :return: log likelihood
        """
        model = SingleBandMultiModel(
            self.update_multi_band(a),
            self._kwargs_model,
            likelihood_mask_list=self._likelihood_mask_list,
            band_index=self._band_index,
        )
        return model.likelihood_data_given_model(source_marg=False, **self._kwargs_params)[0]

    def setup(self):
        """Does nothing; it is there because lenstronomy has it."""

    def update_multi_band(self, args):
        """The images, this one shifted and rotated; those given stay as they are.

        :param args: shifts and rotation
        :return: list of bands
        """
        bands = list(self._multi_band_list)
        bands[self._band_index] = [self.update_data(args), *bands[self._band_index][1:]]
        return bands

    def update_data(self, args):
        """Options of the image, shifted and rotated.

        :param args: shifts and rotation
        :return: kwargs_data
        """
        return {**self.kwargs_data_init, **dict(zip(self._names, args))}

    def get_args(self, kwargs_data):
        """Shifts and rotation of an image.

        :param kwargs_data: options of the image
        :return: list
        """
        return [kwargs_data.get(name, 0) for name in self._names]

    @property
    def num_param(self):
        """Number of parameters."""
        return len(self._names)

    def lower_upper_limit(self, delta_shift, delta_rot):
        """Limits of the first positions.

        :param delta_shift: largest shift [arcsec]
        :param delta_rot: largest rotation [radian]
        :return: lower limits, upper limits
        """
        upper = [delta_rot if name == "phi_rot" else delta_shift for name in self._names]
        return [-limit for limit in upper], upper
