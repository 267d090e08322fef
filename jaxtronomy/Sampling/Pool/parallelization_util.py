"""What the worker processes of a pool evaluate: a likelihood that each of them is given once.

A likelihood is large; sending it along with every vector would cost more than evaluating it.
"""

import numpy as np

__all__ = [
    "nested_logl_worker",
    "sampler_logl_worker",
    "set_nested_likelihood_module",
    "set_sampler_likelihood_module",
]

NOT_FINITE = -1e15

_SAMPLER_LIKELIHOOD_MODULE = None
_NESTED_LIKELIHOOD_MODULE = None
_NESTED_N_DIMS = None
_NESTED_HAS_WARNED = False


def set_sampler_likelihood_module(likelihood_module):
    """Give this process the likelihood that :func:`sampler_logl_worker` evaluates.

    :param likelihood_module: object with a method ``logL``
    """
    global _SAMPLER_LIKELIHOOD_MODULE
    _SAMPLER_LIKELIHOOD_MODULE = likelihood_module


def sampler_logl_worker(args):
    """Log likelihood of a vector, by the likelihood of this process.

    :param args: vector
    :return: log likelihood
    :raises RuntimeError: when :func:`set_sampler_likelihood_module` was not called
    """
    if _SAMPLER_LIKELIHOOD_MODULE is None:
        raise RuntimeError("This process has no likelihood; call set_sampler_likelihood_module first.")
    return _SAMPLER_LIKELIHOOD_MODULE.logL(args)


def set_nested_likelihood_module(likelihood_module, n_dims):
    """Give this process the likelihood that :func:`nested_logl_worker` evaluates.

    :param likelihood_module: function of a vector
    :param n_dims: number of parameters
    """
    global _NESTED_LIKELIHOOD_MODULE, _NESTED_N_DIMS, _NESTED_HAS_WARNED
    _NESTED_LIKELIHOOD_MODULE, _NESTED_N_DIMS, _NESTED_HAS_WARNED = likelihood_module, n_dims, False


def nested_logl_worker(p, *args):
    """Log likelihood of a vector, by the likelihood of this process, for nested samplers.

    :param p: vector, may be a bare pointer
    :param args: not used
    :return: log likelihood, -1e15 where it is not finite (said once)
    :raises RuntimeError: when :func:`set_nested_likelihood_module` was not called
    """
    global _NESTED_HAS_WARNED
    if _NESTED_LIKELIHOOD_MODULE is None or _NESTED_N_DIMS is None:
        raise RuntimeError("This process has no likelihood; call set_nested_likelihood_module first.")
    value = _NESTED_LIKELIHOOD_MODULE(np.array([p[i] for i in range(_NESTED_N_DIMS)]))
    if np.isfinite(value):
        return float(value)
    if not _NESTED_HAS_WARNED:
        print("WARNING : logL is not finite : return very low value instead")
        _NESTED_HAS_WARNED = True
    return NOT_FINITE
