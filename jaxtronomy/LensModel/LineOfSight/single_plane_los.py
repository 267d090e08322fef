r"""A lens in one plane, with the tides of the matter along the line of sight (Fleury, Larena & Uzan 2021,
arXiv:2104.08883).

With the distortion matrices :math:`\mathbf A_{od}, \mathbf A_{os}, \mathbf A_{ds}` between observer, deflector and
source the lens equation is :math:`\boldsymbol\beta = \mathbf A_{os}\boldsymbol\theta - \mathbf A_{ds}
\boldsymbol\alpha(\mathbf A_{od}\boldsymbol\theta)`.
"""

from jaxtronomy.core.lensing import LensMap
from jaxtronomy.LensModel.LineOfSight.LOSModels.los import (
    LineOfSightEffects,
    distort_vector,
    left_multiply,
    matrix,
    right_multiply,
)
from jaxtronomy.LensModel.Profiles.base_profile import deflection as main_deflection
from jaxtronomy.LensModel.Profiles.base_profile import hessian as main_hessian
from jaxtronomy.LensModel.Profiles.base_profile import potential as main_potential
from jaxtronomy.LensModel.single_plane import SinglePlane
from jaxtronomy.Util.util import convert_bool_list

__all__ = ["SinglePlaneLOS"]

_MINIMAL = {"kappa_los": "kappa_os", "gamma1_los": "gamma1_os", "gamma2_los": "gamma2_os", "omega_los": "omega_os"}


def split(terms):
    """The terms of the main lens, and the line-of-sight parameters by name."""
    main = [t for t in terms if not isinstance(t.profile, LineOfSightEffects)]
    los = next(t for t in terms if isinstance(t.profile, LineOfSightEffects))
    return main, {q.name: v for q, v in zip(los.profile.parameters, los.values)}


def complete(los):
    """All twelve tides; the minimal model has no tides of the deflector seen from the source of its own."""
    los = {_MINIMAL.get(name, name): value for name, value in los.items()}
    return {name.replace("_od", "_ds"): value for name, value in los.items() if name.endswith("_od")} | los


def distortion(los, which):
    """One of the distortion matrices as keyword arguments."""
    return {name: los[f"{name}_{which}"] for name in ("kappa", "gamma1", "gamma2", "omega")}


def deflection(terms, x, y, scale=1.0):
    """Difference between image and source position."""
    main, los = split(terms)
    los = complete(los)
    f = main_deflection(main, *distort_vector(x, y, **distortion(los, "od")), scale)
    f_x, f_y = distort_vector(*f, **distortion(los, "ds"))
    x_os, y_os = distort_vector(x, y, **distortion(los, "os"))
    return f_x + x - x_os, f_y + y - y_os


def hessian(terms, x, y, scale=1.0):
    """Derivatives of that difference."""
    main, los = split(terms)
    los = complete(los)
    second = main_hessian(main, *distort_vector(x, y, **distortion(los, "od")), scale)
    second = right_multiply(*left_multiply(*second, **distortion(los, "ds")), **distortion(los, "od"))
    a, b, c, d = matrix(**distortion(los, "os"))
    return second[0] + 1 - a, second[1] - b, second[2] - c, second[3] + 1 - d


def potential(terms, x, y, scale=1.0):
    """Potential of the main lens."""
    return main_potential(split(terms)[0], x, y, scale)


def _product(m, n):
    """Product of two matrices, row by row."""
    return m[0] * n[0] + m[1] * n[2], m[0] * n[1] + m[1] * n[3], m[2] * n[0] + m[3] * n[2], m[2] * n[1] + m[3] * n[3]


def _inverse(m):
    """Inverse of a matrix."""
    det = m[0] * m[3] - m[1] * m[2]
    return m[3] / det, -m[1] / det, -m[2] / det, m[0] / det


def fermat_potential_of(terms, x, y, x_source, y_source, scale=1.0):
    """Fermat potential for a given source position; equation 69 of the paper."""
    main, los = split(terms)
    los = complete(los)
    od, ds, os = (matrix(**distortion(los, which)) for which in ("od", "ds", "os"))
    back = _inverse(os)
    u = x - back[0] * x_source - back[1] * y_source
    v = y - back[2] * x_source - back[3] * y_source
    m = _product(_product((od[0], od[2], od[1], od[3]), _inverse(ds)), os)
    geometry = (u * (m[0] * u + m[1] * v) + v * (m[2] * u + m[3] * v)) / 2
    return geometry - main_potential(main, *distort_vector(x, y, **distortion(los, "od")), scale)


def fermat_potential(terms, x, y, scale=1.0):
    """Fermat potential of a position whose source position is its own."""
    f_x, f_y = deflection(terms, x, y, scale)
    return fermat_potential_of(terms, x, y, x - f_x, y - f_y, scale)


class SinglePlaneLOS(SinglePlane):
    """A list of lens models, one of which is LOS or LOS_MINIMAL.

    Masses, densities and the potential are those of the main lens alone; with line-of-sight effects there is in general
    no potential.
    """

    lens_map = LensMap(deflection, hessian, potential, fermat_potential)
    _fermat_potential_of = staticmethod(fermat_potential_of)

    def __init__(
        self,
        lens_model_list,
        index_los,
        profile_kwargs_list=None,
        lens_redshift_list=None,
        z_source_convention=None,
    ):
        """
        :param lens_model_list: model names
        :param index_los: index of the line-of-sight model
        :param profile_kwargs_list: constructor options of each profile (None: defaults)
        :param lens_redshift_list: redshift of each profile, for those that are defined by a cosmology
        :param z_source_convention: source redshift of the deflection angles, for the same
        """
        super().__init__(lens_model_list, profile_kwargs_list, lens_redshift_list, z_source_convention)
        self._set_line_of_sight(index_los)
        self.los = self.func_list[index_los]
        self._los_model = lens_model_list[index_los]

    def _set_line_of_sight(self, index):
        """Split the list into the main lens and the line of sight."""
        self._index = index
        self._main = [i for i in range(self._num_func) if i != index]
        self._main_profiles = tuple(self._profiles[i] for i in self._main)

    def plan(self, kwargs, k=None):
        """What the pure functions of :attr:`lens_map` take.

        :param kwargs: parameters of each lens model
        :param k: only these models of the main lens (index in the list without the line-of-sight model, indices, bools)
        :return: profiles, their parameters, and the scaling as a further argument of the programs where it is not 1
        """
        chosen = self._main
        if k is not None:
            chosen = [i for i, use in zip(self._main, self._use(k)) if use]
        chosen = [*chosen, self._index]
        scale = self._alpha_scaling
        plain = isinstance(k, int) or (isinstance(scale, int | float) and scale == 1)
        # as in lenstronomy, line-of-sight parameters that the model does not have are ignored
        own = {n: v for n, v in kwargs[self._index].items() if n in self._param_name_list[self._index]}
        kwargs = [own if i == self._index else kwargs[i] for i in chosen]
        return tuple(self._profiles[i] for i in chosen), kwargs, () if plain else (scale,)

    def _use(self, k):
        """One bool per model of the main lens."""
        return convert_bool_list(n=len(self._main), k=k)

    def split_lens_los(self, kwargs):
        """Parameters of the main lens and of the line of sight; those of LOS_MINIMAL as those of LOS.

        :param kwargs: parameters of each lens model
        :return: parameters of each model of the main lens, parameters of the line of sight
        """
        los = dict(kwargs[self._index])
        return [kwargs[i] for i in self._main], complete(los) if self._los_model == "LOS_MINIMAL" else los

    def _radial(self, name, r, kwargs, bool_list):
        """Sum of a radial quantity over the main lens."""
        use = dict(zip(self._main, self._use(bool_list)))
        return super()._radial(name, r, kwargs, [use.get(i, False) for i in range(self._num_func)])
