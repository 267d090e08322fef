r"""Moffat profile (Moffat 1969).

.. math::
    I(r) = A \left(1 + r^2/\alpha^2\right)^{-\beta}
"""

from jaxtronomy.core.numerics import power
from jaxtronomy.core.parameters import Parameter

from .profile_base import AMP, CENTRE, LightProfileBase, round_profile

__all__ = ["Moffat"]


def moffat(r2, alpha, beta):
    """Profile of unit amplitude at the squared radius r2."""
    return power(1 + r2 / alpha**2, -beta)


class Moffat(LightProfileBase):
    """Round Moffat profile, the shape of a point-spread function."""

    parameters = (AMP, Parameter("alpha", 0, 10, unit="arcsec"), Parameter("beta", 0, 10), *CENTRE)
    kernel = staticmethod(round_profile(moffat))
