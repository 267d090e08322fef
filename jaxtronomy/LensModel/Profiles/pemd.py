r"""Power law with elliptical density and a core of 1e-7 arcsec, as lenstronomy has it from fastell.

.. math::
    \kappa = \frac{3-\gamma}{2} \left(\frac{\theta_E}{\rho}\right)^{\gamma-1}

See :mod:`~jaxtronomy.LensModel.Profiles.spemd` (Barkana 1998, ApJ 502, 531); without the core, and much faster, it is
:mod:`~jaxtronomy.LensModel.Profiles.epl`.  For steep slopes the core shows: it takes a share of about
:math:`(10^{-7}/\rho)^{3-\gamma}` of the deflection.
"""

from jaxtronomy.core.compile import method
from jaxtronomy.core.frames import centred, reparametrised

from .base_profile import CENTRE, ELLIPTICITY, GAMMA, THETA_E, LensProfileBase
from .epl import density_lens, mass_3d_lens
from .spemd import SPEMD, spemd

__all__ = ["PEMD"]

S_SCALE = 1e-7  # [arcsec]


class PEMD(LensProfileBase):
    __doc__ = __doc__

    parameters = (THETA_E, GAMMA, *ELLIPTICITY, *CENTRE)
    kernel = centred(reparametrised(spemd, lambda *p: (*p, S_SCALE)))
    mass_3d_lens = method(mass_3d_lens)
    density_lens = method(density_lens)

    def __init__(self, suppress_fastell=False):
        """
        :param suppress_fastell: accepted for compatibility; fastell is not needed
        """
        super().__init__(suppress_fastell=suppress_fastell)
        self.spemd_smooth = SPEMD(suppress_fastell=suppress_fastell)
