"""Metropolis-Hastings chains with Cobaya (Torrado & Lewis 2021; Lewis & Bridle 2002; Lewis 2013)."""

import numpy as np

from jaxtronomy.core.extras import require

# options of Cobaya's mcmc and their defaults; those that depend on the number of parameters are added in the run
MCMC_OPTIONS = {
    "burn_in": 0,
    "covmat": None,
    "proposal_scale": 1,
    "output_every": 500,
    "learn_proposal": True,
    "learn_proposal_Rminus1_max": 2,
    "learn_proposal_Rminus1_max_early": 30,
    "learn_proposal_Rminus1_min": 0,
    "max_samples": np.inf,
    "Rminus1_stop": 0.01,
    "Rminus1_cl_stop": 0.2,
    "Rminus1_cl_level": 0.95,
    "Rminus1_single_split": 4,
    "measure_speeds": True,
    "oversample_power": 0.4,
    "oversample_thin": True,
}


class CobayaSampler:
    """Wrapper of Cobaya's mcmc, with uniform priors between the limits."""

    def __init__(self, likelihood_class, mean_start, sigma_start):
        """
        :param likelihood_class: Likelihood
        :param mean_start: middle of the normal distribution from which the start is drawn
        :param sigma_start: its standard deviations
        :raises ImportError: when Cobaya is not installed
        """
        self._check_install()
        self._likelihood_module = likelihood_class
        self._num_params, self._param_names = likelihood_class.param.num_param()
        self._lower_limit, self._upper_limit = likelihood_class.param.param_limits()
        self._mean_start, self._sigma_start = mean_start, sigma_start

    def run(self, **kwargs):
        """Run the sampler.

        :param kwargs: ``proposal_widths`` (list, or dictionary of parameter names), ``latex`` (labels), ``path`` (where
            chains are kept), ``force_overwrite``, ``mpi``, and the options of Cobaya's mcmc but ``drag``
        :return: updated information, sampler, best vector
        :raises TypeError: when ``proposal_widths`` is neither a list nor a dictionary
        :raises ValueError: when there are too few or too many widths or labels, or ``drag`` is given
        """
        if "drag" in kwargs:
            raise ValueError("drag is not possible: no parameter of a lens is faster than another.")
        parameters = {
            name: {
                "prior": {"dist": "uniform", "min": float(low), "max": float(high)},
                "ref": {"dist": "norm", "loc": float(mean), "scale": float(sigma)},
            }
            for name, low, high, mean, sigma in zip(
                self._param_names, self._lower_limit, self._upper_limit, self._mean_start, self._sigma_start
            )
        }
        if "proposal_widths" in kwargs:
            self._add(parameters, "proposal", self._widths(kwargs["proposal_widths"]))
        if "latex" in kwargs:
            self._add(parameters, "latex", kwargs["latex"])
        else:
            print("No LaTeX labels provided: GetDist may fail on the names; edit the updated.yaml file.")
        names = list(parameters)

        def log_likelihood(**values):
            return self._likelihood_module.likelihood([values[name] for name in names])

        defaults = {**MCMC_OPTIONS, "max_tries": 100 * self._num_params, "learn_every": 40 * self._num_params}
        information = {
            "likelihood": {"lens": {"external": log_likelihood, "input_params": names}},
            "params": parameters,
            "sampler": {"mcmc": {k: kwargs.get(k, v) for k, v in defaults.items()}},
            "output": kwargs.get("path"),
            "force": kwargs.get("force_overwrite", True),
        }
        updated, sampler = self._run_cobaya(information, kwargs.get("mpi", False))
        return updated, sampler, sampler.collection.bestfit()[names].values.tolist()

    def _widths(self, widths):
        """Proposal widths in the order of the parameters."""
        if isinstance(widths, dict):
            return list(widths.values())
        if isinstance(widths, list):
            return widths
        raise TypeError(f"proposal_widths has to be a list or a dictionary, not {type(widths).__name__}.")

    @staticmethod
    def _add(parameters, key, values):
        """Add an entry to each parameter."""
        if len(values) != len(parameters):
            raise ValueError(
                f"{key}: {len(values)} values are given for {len(parameters)} parameters {list(parameters)}."
            )
        for entry, value in zip(parameters.values(), values):
            entry[key] = value

    @staticmethod
    def _run_cobaya(information, mpi):
        """Run Cobaya; with MPI an error in one process stops all of them."""
        run = require("cobaya.run", "The Cobaya sampler").run
        if not mpi:
            return run(information)
        communicator = require("mpi4py.MPI", "Cobaya with MPI").COMM_WORLD
        logged = require("cobaya.log", "The Cobaya sampler").LoggedError
        result, error = None, None
        try:
            result = run(information)
        except logged as caught:
            error = caught
        if not all(communicator.allgather(error is None)):
            raise RuntimeError("Cobaya failed in one of the processes.") from error
        return result

    @staticmethod
    def _check_install():
        """Raise where Cobaya is missing."""
        require("cobaya", "The Cobaya sampler")
