r"""Elliptical convergences as sums of Gaussians.

Shajib 2019 (https://arxiv.org/abs/1906.08263): a profile is written as an integral of Gaussians over their width, whose
weight is an integral transform of the profile that 2P + 1 complex arguments give to precision P (Abate & Whitt 2006),

.. math::
    f(\sigma) = \sum_{k=0}^{2P} \eta_k\, \mathrm{Re}\,\kappa(\sigma\beta_k), \qquad
    \beta_k = \sqrt{\tfrac{2P\ln 10}{3} + 2\pi i k},

and the integral over :math:`\ln\sigma` by the trapezoidal rule. Lensing is that of
:class:`~jaxtronomy.LensModel.Profiles.multi_gaussian_ellipse_kappa.MultiGaussianEllipseKappa`.
"""

import abc
import math
from functools import cached_property

import jax
import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.compile import elementwise, to_numpy
from jaxtronomy.core.frames import centred, reparametrised
from jaxtronomy.core.special.quadrature import integrate

from . import gnfw, nfw, sersic
from .base_profile import CENTRE, E1, E2, LensProfileBase, Parameter
from .multi_gaussian_ellipse_kappa import KERNEL, density_2d
from .sersic_utils import b_n

__all__ = [
    "CTNFWGaussDec",
    "GaussDecompositionAbstract",
    "GaussDecompositionAbstract3D",
    "GeneralizedNFWEllipseGaussDec",
    "NFWEllipseGaussDec",
    "SersicEllipseGaussDec",
]

_SQRT_2PI = math.sqrt(2 * math.pi)
_FRAME = ("e1", "e2", "center_x", "center_y")


def transform(precision):
    """Arguments beta and weights eta of the transform."""
    k = np.arange(2 * precision + 1)
    weights = np.ones(2 * precision + 1)
    weights[0] = 0.5
    weights[-1] = 0.5**precision
    for i in range(1, precision):
        weights[2 * precision - i] = weights[2 * precision - i + 1] + 0.5**precision * math.comb(precision, i)
    betas = np.sqrt(2 * precision * math.log(10) / 3 + 2j * math.pi * k)
    return betas, (-1.0) ** k * weights * 10 ** (precision / 3) * 2 * _SQRT_2PI


_density_2d = elementwise(density_2d)


class GaussDecompositionAbstract(LensProfileBase, metaclass=abc.ABCMeta):
    """What the decompositions have in common.

    A subclass declares ``parameters`` and gives ``get_scale`` and ``get_kappa_1d``, pure functions of its parameters
    that JAX can trace; the latter is called with complex radii.
    """

    def __init__(
        self,
        n_sigma=15,
        sigma_start_mult=0.02,
        sigma_end_mult=15.0,
        precision=10,
        use_scipy_wofz=True,
        min_ellipticity=1e-5,
    ):
        """
        :param n_sigma: number of Gaussians
        :param sigma_start_mult: width of the narrowest, in units of the profile's scale
        :param sigma_end_mult: width of the widest
        :param precision: P of the transform
        :param use_scipy_wofz: accepted for compatibility: the Gaussians are exact
        :param min_ellipticity: accepted for compatibility: they are smooth where they are round
        """
        self.n_sigma = n_sigma
        self.sigma_start_mult = sigma_start_mult
        self.sigma_end_mult = sigma_end_mult
        self.precision = precision
        super().__init__(
            n_sigma=n_sigma,
            sigma_start_mult=sigma_start_mult,
            sigma_end_mult=sigma_end_mult,
            precision=precision,
            use_scipy_wofz=use_scipy_wofz,
            min_ellipticity=min_ellipticity,
        )

    @abc.abstractmethod
    def get_scale(self, **kwargs):
        """The radius in whose units the widths are given.

        :param kwargs: parameters of the profile
        :return: radius [arcsec]
        """

    @abc.abstractmethod
    def get_kappa_1d(self, y, **kwargs):
        """The profile at a real or complex radius.

        :param y: radius [arcsec]
        :param kwargs: parameters of the profile
        :return: convergence
        """

    def _amplitudes(self, kwargs):
        """Peak convergences of the Gaussians and their widths."""
        betas, etas = transform(self.precision)
        scale = jnp.asarray(1.0 * self.get_scale(**kwargs))
        widths = np.geomspace(self.sigma_start_mult, self.sigma_end_mult, self.n_sigma)
        sigmas = scale * jnp.asarray(widths, scale.dtype)
        kappa = self.get_kappa_1d(sigmas[:, None] * jnp.asarray(betas, (1j * sigmas).dtype)[None, :], **kwargs)
        step = math.log(self.sigma_end_mult / self.sigma_start_mult) / (self.n_sigma - 1)
        ends = np.ones(self.n_sigma)
        ends[[0, -1]] = 0.5
        weights = jnp.asarray(np.outer(ends, etas) * (step / _SQRT_2PI), scale.dtype)
        return jnp.sum(weights * jnp.real(kappa), axis=1), sigmas

    @cached_property
    def _own_names(self):
        """Names of the parameters but those of ellipticity and centre."""
        return [p.name for p in self.parameters if p.name not in _FRAME]

    @cached_property
    def _program(self):
        """The decomposition, compiled."""
        return elementwise(lambda *values: self._amplitudes(dict(zip(self._own_names, values))))

    @cached_property
    def kernel(self):
        """Gaussians with one ellipticity and one centre."""
        names = [p.name for p in self.parameters]

        def convert(*values):
            kwargs = dict(zip(names, values))
            frame = [kwargs.pop(name) for name in _FRAME]
            amps, sigmas = self._amplitudes(kwargs)
            return 2 * math.pi * amps * sigmas**2, sigmas, *frame

        return reparametrised(centred(KERNEL), convert)

    def gauss_decompose(self, **kwargs):
        """The Gaussians.

        :param kwargs: parameters of the profile, without ellipticity and centre
        :return: their convergences at the centre, their widths [arcsec]
        """
        return self._program(*(kwargs[name] for name in self._own_names))

    def function(self, x, y, e1=0.0, e2=0.0, center_x=0.0, center_y=0.0, **kwargs):
        """Lensing potential [arcsec^2].

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param e1: ellipticity component
        :param e2: ellipticity component
        :param center_x: centre [arcsec]
        :param center_y: centre [arcsec]
        :param kwargs: parameters of the profile
        :return: potential
        """
        return super().function(x, y, e1=e1, e2=e2, center_x=center_x, center_y=center_y, **kwargs)

    def derivatives(self, x, y, e1=0.0, e2=0.0, center_x=0.0, center_y=0.0, **kwargs):
        """Deflection angles [arcsec]; arguments as for :meth:`function`."""
        return super().derivatives(x, y, e1=e1, e2=e2, center_x=center_x, center_y=center_y, **kwargs)

    def hessian(self, x, y, e1=0.0, e2=0.0, center_x=0.0, center_y=0.0, **kwargs):
        """Second derivatives of the potential; arguments as for :meth:`function`."""
        return super().hessian(x, y, e1=e1, e2=e2, center_x=center_x, center_y=center_y, **kwargs)

    def density_2d(self, x, y, e1=0.0, e2=0.0, center_x=0.0, center_y=0.0, **kwargs):
        """Convergence; arguments as for :meth:`function`."""
        amps, sigmas = self.gauss_decompose(**kwargs)
        return _density_2d(x, y, 2 * math.pi * amps * sigmas**2, sigmas, e1, e2, center_x, center_y)


def _in_kind(value, y):
    """A result as NumPy, unless the radius came as a JAX array."""
    return value if isinstance(y, jax.Array) else to_numpy(value)


def _own_methods(cls):
    """Keep the signatures of the abstract class, in which the ellipticity comes before the parameters."""
    for name in ("function", "derivatives", "hessian"):
        setattr(cls, name, getattr(GaussDecompositionAbstract, name))
    return cls


_ROUND_BY_DEFAULT = (E1(default=0.0), E2(default=0.0))


@_own_methods
class SersicEllipseGaussDec(GaussDecompositionAbstract):
    """Elliptical Sersic profile."""

    parameters = (
        sersic.K_EFF(upper=100.0),
        sersic.R_SERSIC,
        sersic.N_SERSIC,
        *_ROUND_BY_DEFAULT,
        *CENTRE,
    )

    def get_scale(self, **kwargs):
        """Half-light radius [arcsec].

        :param kwargs: parameters of the profile
        :return: R_sersic
        """
        return kwargs["R_sersic"]

    def get_kappa_1d(self, y, **kwargs):
        """Sersic law.

        :param y: radius [arcsec], real or complex
        :param kwargs: parameters of the profile
        :return: convergence
        """
        n = kwargs["n_sersic"]
        ratio = jnp.asarray(y) / kwargs["R_sersic"]
        return _in_kind(kwargs["k_eff"] * jnp.exp(-b_n(n) * (ratio ** (1.0 / n) - 1)), y)


@_own_methods
class NFWEllipseGaussDec(GaussDecompositionAbstract):
    """Elliptical Navarro-Frenk-White profile."""

    parameters = (nfw.RS, nfw.ALPHA_RS, *_ROUND_BY_DEFAULT, *CENTRE)

    def __init__(
        self,
        n_sigma=20,
        sigma_start_mult=0.0001,
        sigma_end_mult=250.0,
        precision=10,
        use_scipy_wofz=True,
        min_ellipticity=1e-5,
    ):
        """The options of :class:`GaussDecompositionAbstract`."""
        super().__init__(n_sigma, sigma_start_mult, sigma_end_mult, precision, use_scipy_wofz, min_ellipticity)

    def get_scale(self, **kwargs):
        """Scale radius [arcsec].

        :param kwargs: parameters of the profile
        :return: Rs
        """
        return kwargs["Rs"]

    def get_kappa_1d(self, y, **kwargs):
        """Projected NFW profile.

        :param y: radius [arcsec], real or complex
        :param kwargs: parameters of the profile
        :return: convergence
        """
        Rs = kwargs["Rs"]
        x = jnp.asarray(y) / Rs + 0j
        root = jnp.sqrt(1 - x * x)
        value = (jnp.log((1 + root) / x) / root - 1) / (root * root)
        value = 2 * nfw.alpha2rho0(kwargs["alpha_Rs"], Rs) * Rs * value
        return _in_kind(value if jnp.iscomplexobj(y) else value.real, y)


@_own_methods
class GeneralizedNFWEllipseGaussDec(GaussDecompositionAbstract):
    """Elliptical Navarro-Frenk-White profile with a free inner slope."""

    parameters = (
        nfw.RS,
        nfw.ALPHA_RS,
        *_ROUND_BY_DEFAULT,
        *CENTRE,
        gnfw.GAMMA_IN(upper=2.5),
    )

    def __init__(
        self,
        n_sigma=20,
        sigma_start_mult=0.0001,
        sigma_end_mult=250.0,
        precision=10,
        use_scipy_wofz=False,
        min_ellipticity=1e-5,
    ):
        """The options of :class:`GaussDecompositionAbstract`."""
        super().__init__(n_sigma, sigma_start_mult, sigma_end_mult, precision, use_scipy_wofz, min_ellipticity)

    def get_scale(self, **kwargs):
        """Scale radius [arcsec].

        :param kwargs: parameters of the profile
        :return: Rs
        """
        return kwargs["Rs"]

    def get_kappa_1d(self, y, **kwargs):
        """Projected profile, by the integral of :mod:`~jaxtronomy.LensModel.Profiles.gnfw`.

        :param y: radius [arcsec], real or complex
        :param kwargs: parameters of the profile
        :return: convergence
        """
        Rs, gamma_in = kwargs["Rs"], kwargs["gamma_in"]
        x = jnp.asarray(y) / Rs + 0j
        outer = integrate(lambda t: (t + x) ** (gamma_in - 4), gnfw.KAPPA_RULE, x.real.dtype)
        shape = x ** (1 - gamma_in) * ((1 + x) ** (gamma_in - 3) + (3 - gamma_in) * outer)
        value = 2 * gnfw.alpha_Rs_to_kappa_s(Rs, kwargs["alpha_Rs"], gamma_in) * shape
        return _in_kind(value if jnp.iscomplexobj(y) else value.real, y)


class GaussDecompositionAbstract3D(GaussDecompositionAbstract):
    """Decomposition of a 3d density, which is then projected."""

    def _amplitudes(self, kwargs):
        amps, sigmas = super()._amplitudes(kwargs)
        return amps * sigmas * _SQRT_2PI, sigmas


@_own_methods
class CTNFWGaussDec(GaussDecompositionAbstract3D):
    r"""Cored and truncated NFW profile.

    .. math::
        \rho(r) = \frac{\rho_s}{(x^a + \beta^a)^{1/a}(1 + x)^2}\,\frac{\tau^2}{\tau^2 + x^2}, \qquad
        x = r/r_s,\ \beta = r_{\rm core}/r_s,\ \tau = r_{\rm trunc}/r_s
    """

    parameters = (
        Parameter("r_s", 0, 100, unit="arcsec"),
        Parameter("r_core", 0, 100, unit="arcsec"),
        Parameter("r_trunc", 0, 100, unit="arcsec"),
        Parameter("a", 0.0, 10.0),
        Parameter("rho_s", 0, 1000),
        *(p(hidden=True) for p in _ROUND_BY_DEFAULT),
        *CENTRE,
    )

    def __init__(self, n_sigma=15, sigma_start_mult=0.01, sigma_end_mult=20.0, precision=10, use_scipy_wofz=True):
        """The options of :class:`GaussDecompositionAbstract`."""
        super().__init__(n_sigma, sigma_start_mult, sigma_end_mult, precision, use_scipy_wofz)
        del self._options["min_ellipticity"]  # not an option here, so not one to rebuild the profile with

    def get_scale(self, **kwargs):
        """Scale radius [arcsec].

        :param kwargs: parameters of the profile
        :return: r_s
        """
        return kwargs["r_s"]

    def get_kappa_1d(self, y, **kwargs):
        """3d density.

        :param y: radius [arcsec], real or complex
        :param kwargs: parameters of the profile
        :return: density
        """
        r_s, a = kwargs["r_s"], kwargs["a"]
        beta, tau = kwargs["r_core"] / r_s, kwargs["r_trunc"] / r_s
        x = jnp.asarray(y) / r_s
        core = (x**a + beta**a) ** (1.0 / a) * (1 + x) ** 2
        return _in_kind(kwargs["rho_s"] * tau * tau / (tau * tau + x * x) / core, y)
