r"""A lens in one plane, with the tides and the flexion of the matter along the line of sight (Duboscq et al. 2024,
arXiv:2405.12091).

Positions are complex numbers, :math:`\theta = x + iy`. The lens equation is expanded to first order in the line of
sight and second order in the angles. The Hessian has its distortions at the same order, as products of matrices, and is
not the derivative of the deflection beyond it.
"""

from jaxtronomy.core.lensing import LensMap
from jaxtronomy.LensModel.LineOfSight.single_plane_los import SinglePlaneLOS, potential, split
from jaxtronomy.LensModel.Profiles.base_profile import deflection as main_deflection
from jaxtronomy.LensModel.Profiles.base_profile import hessian as main_hessian
from jaxtronomy.LensModel.Profiles.base_profile import potential as main_potential
from jaxtronomy.LensModel.single_plane import SinglePlane

__all__ = ["SinglePlaneLOSFlexion"]

_KINDS = ("kappa", "gamma1", "gamma2", "omega", "F1", "F2", "G1", "G2")
_MINIMAL = {f"{kind}_los": f"{kind}_os" for kind in _KINDS} | {
    f"{kind}_1los": f"{kind}_1ds" for kind in ("F1", "F2", "G1", "G2")
}


def complete(los):
    """All tides and flexions; what the minimal model lacks is that of the deflector."""
    full = {_MINIMAL.get(name, name): value for name, value in los.items()}
    for kind in ("kappa", "gamma1", "gamma2"):
        full.setdefault(f"{kind}_ds", full[f"{kind}_od"])
    for kind in ("F1", "F2", "G1", "G2"):
        full.setdefault(f"{kind}_2ds", full[f"{kind}_od"])
    return full


class _Line:
    """The complex quantities of one line of sight."""

    def __init__(self, los, which, tides=None):
        number = lambda name, w: los[f"{name}1_{w}"] + 1j * los[f"{name}2_{w}"]  # noqa: E731
        tides = tides or which
        self.kappa = los.get(f"kappa_{tides}", 0.0)
        self.gamma = number("gamma", tides) if f"gamma1_{tides}" in los else 0.0
        self.F, self.G = number("F", which), number("G", which)

    def quadratic(self, z):
        """Deflection by the flexion at position z."""
        conjugate = z.conj()
        return (self.F.conj() * z**2 + 2 * self.F * z * conjugate + self.G * conjugate**2) / 2

    def slopes(self, z):
        """Change of convergence and shear by the flexion at position z."""
        conjugate = z.conj()
        return self.F.conj() * z + self.F * conjugate, self.F * z + self.G * conjugate

    def deflection(self, z):
        """Deflection at position z."""
        return self.kappa * z + self.gamma * z.conj() + self.quadratic(z)

    def linear(self, z, vector):
        """Change of a vector by the distortion at position z."""
        kappa, gamma = self.slopes(z)
        return (self.kappa + kappa) * vector + (self.gamma + gamma) * vector.conj()


def _lines(los):
    los = complete(los)
    lines = [_Line(los, "od"), _Line(los, "os"), _Line(los, "1ds", tides="none"), _Line(los, "2ds", tides="ds")]
    return *lines, los["omega_os"]


def _at(function, main, z, scale):
    """A quantity of the main lens at a complex position."""
    return function(main, z.real, z.imag, scale)


def _main_deflection(main, z, scale):
    """Complex deflection of the main lens."""
    f_x, f_y = _at(main_deflection, main, z, scale)
    return f_x + 1j * f_y


def deflection(terms, x, y, scale=1.0):
    """Difference between image and source position."""
    main, los = split(terms)
    od, os, ds1, ds2, omega = _lines(los)
    z = x + 1j * y
    own = _main_deflection(main, z, scale)
    alpha = _main_deflection(main, z - od.deflection(z), scale) + os.deflection(z) + 1j * omega * z
    alpha = alpha - ds2.linear(z, own) + ds1.quadratic(own)
    return alpha.real, alpha.imag


def _distort(kappa, gamma):
    """A distortion matrix, row by row."""
    return 1 - kappa - gamma.real, -gamma.imag, -gamma.imag, 1 - kappa + gamma.real


def hessian(terms, x, y, scale=1.0):
    """Derivatives of that difference, to first order in the line of sight."""
    main, los = split(terms)
    od, os, ds1, ds2, _ = _lines(los)
    z = x + 1j * y
    own = _main_deflection(main, z, scale)
    f_xx, f_xy, f_yx, f_yy = _at(main_hessian, main, z - od.deflection(z), scale)

    def tides(line, bend):
        kappa, gamma = line.slopes(z)
        by_bend = bend.slopes(own) if bend else (0.0, 0.0)
        return (line.kappa + kappa - by_bend[0]).real, line.gamma + gamma - by_bend[1]

    a, b, c, d = _distort(*tides(ds2, ds1))
    f_xx, f_xy, f_yx, f_yy = a * f_xx + b * f_yx, a * f_xy + b * f_yy, c * f_xx + d * f_yx, c * f_xy + d * f_yy
    a, b, c, d = _distort(*tides(od, None))
    f_xx, f_xy, f_yx, f_yy = a * f_xx + c * f_xy, b * f_xx + d * f_xy, a * f_yx + c * f_yy, b * f_yx + d * f_yy
    kappa, gamma = tides(os, ds2)
    return f_xx + kappa + gamma.real, f_xy + gamma.imag, f_yx + gamma.imag, f_yy + kappa - gamma.real


def fermat_potential(terms, x, y, scale=1.0):
    """Fermat potential of a position whose source position is its own."""
    main, los = split(terms)
    od, os, ds1, ds2, _ = _lines(los)
    z = x + 1j * y
    at_lens = z - od.deflection(z)
    F, G = od.F + os.F - ds2.F, od.G + os.G - ds2.G
    effective = _at(main_potential, main, at_lens, scale)
    effective = effective + (F * z * z.conj() ** 2 / 2 + G * z.conj() ** 3 / 6).real
    own = _main_deflection(main, z, scale)
    alpha = _main_deflection(main, at_lens, scale) - od.linear(z, own)
    alpha = alpha + (F.conj() * z**2 + 2 * F * z * z.conj() + G * z.conj() ** 2) / 2
    F, G = od.F + ds1.F - ds2.F, od.G + ds1.G - ds2.G
    flexion = F.conj() * alpha**2 + 2 * F * alpha * alpha.conj() + G * alpha.conj() ** 2
    kappa, gamma = od.kappa + os.kappa - ds2.kappa, od.gamma + os.gamma - ds2.gamma
    geometry = alpha.conj() * ((1 + kappa) * alpha + gamma * alpha.conj() + 2 / 3 * flexion)
    return geometry.real / 2 - effective


def fermat_potential_of(terms, x, y, x_source, y_source, scale=1.0):
    """The same: the expansion has no free source position."""
    return fermat_potential(terms, x, y, scale) + 0 * (x_source + y_source)


class SinglePlaneLOSFlexion(SinglePlaneLOS):
    """A list of lens models, one of which is LOS_FLEXION or LOS_FLEXION_MINIMAL.

    Masses, densities and the potential are those of the main lens alone; with line-of-sight effects there is in general
    no potential. The Fermat potential is that of an image at its own source position, whichever is given.
    """

    lens_map = LensMap(deflection, hessian, potential, fermat_potential, approximate=True)
    _fermat_potential_of = staticmethod(fermat_potential_of)

    def __init__(
        self,
        lens_model_list,
        index_los_flexion,
        lens_redshift_list=None,
        z_source_convention=None,
        profile_kwargs_list=None,
    ):
        """
        :param lens_model_list: model names
        :param index_los_flexion: index of the line-of-sight model
        :param lens_redshift_list: redshift of each profile, for those that are defined by a cosmology
        :param z_source_convention: source redshift of the deflection angles, for the same
        :param profile_kwargs_list: constructor options of each profile (None: defaults)
        """
        SinglePlane.__init__(self, lens_model_list, profile_kwargs_list, lens_redshift_list, z_source_convention)
        self._set_line_of_sight(index_los_flexion)
        self.los_flexion = self.func_list[index_los_flexion]
        self._los_flexion_model = lens_model_list[index_los_flexion]

    def split_lens_los_flexion(self, kwargs):
        """Parameters of the main lens and of the line of sight; those of LOS_FLEXION_MINIMAL as those of LOS_FLEXION.

        :param kwargs: parameters of each lens model
        :return: parameters of each model of the main lens, parameters of the line of sight
        """
        los = dict(kwargs[self._index])
        minimal = self._los_flexion_model == "LOS_FLEXION_MINIMAL"
        return [kwargs[i] for i in self._main], complete(los) if minimal else los
