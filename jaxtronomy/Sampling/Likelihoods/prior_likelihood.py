"""Priors on parameters: normal, log-normal, and given by samples."""

import numpy as np
import scipy

from jaxtronomy.core.compile import namespace
from jaxtronomy.core.tree import Model

__all__ = ["PriorLikelihood"]

GROUPS = ("lens", "source", "lens_light", "ps", "special", "extinction")


class PriorLikelihood(Model):
    """Logarithm of the prior. An entry is ``[index, name, ...]``, for special parameters ``[name, ...]``."""

    _arrays = ("_numbers",)

    def __init__(
        self,
        prior_lens=None,
        prior_source=None,
        prior_lens_light=None,
        prior_ps=None,
        prior_special=None,
        prior_extinction=None,
        prior_lens_kde=None,
        prior_source_kde=None,
        prior_lens_light_kde=None,
        prior_ps_kde=None,
        prior_special_kde=None,
        prior_extinction_kde=None,
        prior_lens_lognormal=None,
        prior_source_lognormal=None,
        prior_lens_light_lognormal=None,
        prior_ps_lognormal=None,
        prior_special_lognormal=None,
        prior_extinction_lognormal=None,
    ):
        """
        :param prior_lens: ``[[index, name, mean, sigma], ...]``; likewise for source, lens light, point sources, dust;
            ``prior_special``: ``[[name, mean, sigma], ...]``
        :param prior_lens_kde: ``[[index, name, samples], ...]``, likewise for the others
        :param prior_lens_lognormal: mean and sigma of the logarithm, likewise for the others
        """
        normal = (prior_lens, prior_source, prior_lens_light, prior_ps, prior_special, prior_extinction)
        kde = (
            prior_lens_kde,
            prior_source_kde,
            prior_lens_light_kde,
            prior_ps_kde,
            prior_special_kde,
            prior_extinction_kde,
        )
        lognormal = (
            prior_lens_lognormal,
            prior_source_lognormal,
            prior_lens_light_lognormal,
            prior_ps_lognormal,
            prior_special_lognormal,
            prior_extinction_lognormal,
        )
        self._terms, self._numbers = [], []
        for kind, priors in (("normal", normal), ("lognormal", lognormal), ("kde", kde)):
            for group, entries in zip(GROUPS, priors):
                for entry in entries or ():
                    index, name, *numbers = [None, *entry] if group == "special" else entry
                    self._terms.append((kind, group, index, name))
                    self._numbers.append(_kernel(*numbers) if kind == "kde" else tuple(np.asarray(n) for n in numbers))

    def _structure(self):
        return tuple(self._terms)

    def logL(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_special=None,
        kwargs_extinction=None,
        kwargs_tracer_source=None,
    ):
        """Logarithm of the prior (the normalisation of normal priors left out).

        :param kwargs_lens: parameters of each lens model, and so on
        :return: log prior
        """
        lists = dict(
            zip(GROUPS, (kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, kwargs_special, kwargs_extinction))
        )
        total = 0.0
        for (kind, group, index, name), numbers in zip(self._terms, self._numbers):
            value = lists[group][name] if index is None else lists[group][index][name]
            total = total + _TERMS[kind](value, *numbers)
        return total


def _normal(value, mean, sigma):
    """Logarithm of a normal distribution, up to a constant."""
    return -namespace(value, mean).sum((value - mean) ** 2 / sigma**2 / 2)


def _lognormal(value, mean, sigma):
    """Logarithm of lenstronomy's log-normal prior; the value itself stands for the Jacobian there."""
    xp = namespace(value, mean)
    return -xp.sum((xp.log(value) - mean) ** 2 / sigma**2 / 2 + value)


def _kernel(samples):
    """Samples and width of a kernel density estimate."""
    kernel = scipy.stats.gaussian_kde(samples)
    return np.asarray(samples, dtype=float), np.sqrt(kernel.covariance[0, 0])


def _kde(value, samples, width):
    """Logarithm of a kernel density estimate."""
    xp = namespace(value, samples)
    density = xp.mean(xp.exp(-0.5 * ((value - samples) / width) ** 2)) / (width * np.sqrt(2 * np.pi))
    return xp.log(density)


_TERMS = {"normal": _normal, "lognormal": _lognormal, "kde": _kde}
