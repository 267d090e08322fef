"""The supported lens models, and lists of them."""

from jaxtronomy.core.registry import Registry
from jaxtronomy.Util.util import convert_bool_list

__all__ = ["ProfileListBase"]

_LENS_MODELS = {
    "ARC_PERT": "Profiles.arc_perturbations:ArcPerturbations",
    "BLANK_PLANE": "Profiles.blank_plane:BlankPlane",
    "BPL": "Profiles.bpl:BPL",
    "CHAMELEON": "Profiles.chameleon:Chameleon",
    "CNFW": "Profiles.cnfw:CNFW",
    "CNFW_ELLIPSE_POTENTIAL": "Profiles.cnfw_ellipse_potential:CNFWEllipsePotential",
    "CONST_MAG": "Profiles.const_mag:ConstMag",
    "CONVERGENCE": "Profiles.convergence:Convergence",
    "coreBURKERT": "Profiles.coreBurkert:CoreBurkert",
    "CORED_DENSITY": "Profiles.cored_density:CoredDensity",
    "CORED_DENSITY_2": "Profiles.cored_density_2:CoredDensity2",
    "CORED_DENSITY_2_MST": ("Profiles.cored_density_mst:CoredDensityMST", {"profile_type": "CORED_DENSITY_2"}),
    "CORED_DENSITY_EXP": "Profiles.cored_density_exp:CoredDensityExp",
    "CORED_DENSITY_EXP_MST": ("Profiles.cored_density_mst:CoredDensityMST", {"profile_type": "CORED_DENSITY_EXP"}),
    "CORED_DENSITY_MST": ("Profiles.cored_density_mst:CoredDensityMST", {"profile_type": "CORED_DENSITY"}),
    "CORED_DENSITY_ULDM_MST": ("Profiles.cored_density_mst:CoredDensityMST", {"profile_type": "CORED_DENSITY_ULDM"}),
    "CSE": "Profiles.cored_steep_ellipsoid:CSE",
    "CTNFW_GAUSS_DEC": "Profiles.gauss_decomposition:CTNFWGaussDec",
    "CURVED_ARC_CONST": "Profiles.curved_arc_const:CurvedArcConst",
    "CURVED_ARC_CONST_MST": "Profiles.curved_arc_const:CurvedArcConstMST",
    "CURVED_ARC_SIS_MST": "Profiles.curved_arc_sis_mst:CurvedArcSISMST",
    "CURVED_ARC_SPP": "Profiles.curved_arc_spp:CurvedArcSPP",
    "CURVED_ARC_SPT": "Profiles.curved_arc_spt:CurvedArcSPT",
    "CURVED_ARC_TAN_DIFF": "Profiles.curved_arc_tan_diff:CurvedArcTanDiff",
    "DIPOLE": "Profiles.dipole:Dipole",
    "DOUBLE_CHAMELEON": "Profiles.chameleon:DoubleChameleon",
    "EPL": "Profiles.epl:EPL",
    "EPL_BOXYDISKY_ELL": "Profiles.epl_boxydisky:EPL_BOXYDISKY_ELL",
    "EPL_BOXYDISKY": "Profiles.epl_boxydisky:EPL_BOXYDISKY",
    "EPL_MULTIPOLE_M1M3M4": "Profiles.epl_multipole_m1m3m4:EPL_MULTIPOLE_M1M3M4",
    "EPL_MULTIPOLE_M1M3M4_ELL": "Profiles.epl_multipole_m1m3m4:EPL_MULTIPOLE_M1M3M4_ELL",
    "EPL_MULTIPOLE_M3M4_ELL": "Profiles.epl_multipole_m3m4:EPL_MULTIPOLE_M3M4_ELL",
    "EPL_MULTIPOLE_M3M4": "Profiles.epl_multipole_m3m4:EPL_MULTIPOLE_M3M4",
    "EPL_NUMBA": "Profiles.epl_numba:EPL_numba",
    "EPL_Q_PHI": "Profiles.epl:EPLQPhi",
    "ElliSLICE": "Profiles.elliptical_density_slice:ElliSLICE",
    "FLEXION": "Profiles.flexion:Flexion",
    "FLEXIONFG": "Profiles.flexionfg:Flexionfg",
    "GAUSSIAN": "Profiles.gaussian:Gaussian",
    "GAUSSIAN_ELLIPSE_KAPPA": "Profiles.gaussian_ellipse_kappa:GaussianEllipseKappa",
    "GAUSSIAN_ELLIPSE_POTENTIAL": "Profiles.gaussian_ellipse_potential:GaussianEllipsePotential",
    "GAUSSIAN_POTENTIAL": "Profiles.gaussian_potential:GaussianPotential",
    "GNFW": "Profiles.gnfw:GNFW",
    "GNFW_ELLIPSE_GAUSS_DEC": "Profiles.gauss_decomposition:GeneralizedNFWEllipseGaussDec",
    "GreenBoschNFW": "Profiles.greenboschnfw:GreenBoschNFW",
    "HERNQUIST": "Profiles.hernquist:Hernquist",
    "HERNQUIST_ELLIPSE_POTENTIAL": "Profiles.hernquist_ellipse_potential:HernquistEllipsePotential",
    "HERNQUIST_ELLIPSE_CSE": "Profiles.hernquist_ellipse_cse:HernquistEllipseCSE",
    "HESSIAN": "Profiles.hessian:Hessian",
    "INTERPOL": "Profiles.interpol:Interpol",
    "INTERPOL_SCALED": "Profiles.interpol:InterpolScaled",
    "LOS": "LineOfSight.LOSModels.los:LOS",
    "LOS_MINIMAL": "LineOfSight.LOSModels.los_minimal:LOSMinimal",
    "LOS_FLEXION": "LineOfSight.LOSModels.los_flexion:LOSFlexion",
    "LOS_FLEXION_MINIMAL": "LineOfSight.LOSModels.los_flexion_minimal:LOSFlexionMinimal",
    "MULTIPOLE": "Profiles.multipole:Multipole",
    "MULTIPOLE_ELL": "Profiles.multipole:EllipticalMultipole",
    "MULTI_GAUSSIAN": "Profiles.multi_gaussian:MultiGaussian",
    "MULTI_GAUSSIAN_ELLIPSE_KAPPA": "Profiles.multi_gaussian_ellipse_kappa:MultiGaussianEllipseKappa",
    "MULTI_GAUSSIAN_ELLIPSE_POTENTIAL": "Profiles.multi_gaussian:MultiGaussianEllipsePotential",
    "NFW": "Profiles.nfw:NFW",
    "NFW_ELLIPSE_POTENTIAL": "Profiles.nfw_ellipse_potential:NFWEllipsePotential",
    "NFW_ELLIPSE_CSE": "Profiles.nfw_ellipse_cse:NFW_ELLIPSE_CSE",
    "NFW_ELLIPSE_GAUSS_DEC": "Profiles.gauss_decomposition:NFWEllipseGaussDec",
    "NFW_MC": "Profiles.nfw_mass_concentration:NFWMC",
    "NFW_MC_ELLIPSE_POTENTIAL": "Profiles.nfw_mass_concentration_ellipse:NFWMCEllipsePotential",
    "NIE": "Profiles.nie:NIE",
    "NIE_POTENTIAL": "Profiles.nie_potential:NIE_POTENTIAL",
    "NIE_SIMPLE": "Profiles.nie:NIEMajorAxis",
    "PEMD": "Profiles.pemd:PEMD",
    "PJAFFE": "Profiles.pseudo_jaffe:PseudoJaffe",
    "PJAFFE_ELLIPSE_POTENTIAL": "Profiles.pseudo_jaffe_ellipse_potential:PseudoJaffeEllipsePotential",
    "POINT_MASS": "Profiles.point_mass:PointMass",
    "POINT_MASS_LOG_SCALED": "Profiles.point_mass_log_scaled:PointMassLogScaled",
    "PSEUDO_DPL": "Profiles.pseudo_double_powerlaw:PseudoDoublePowerlaw",
    "RADIAL_INTERPOL": "Profiles.radial_interpolated:RadialInterpolate",
    "SERSIC": "Profiles.sersic:Sersic",
    "SERSIC_ELLIPSE_GAUSS_DEC": "Profiles.gauss_decomposition:SersicEllipseGaussDec",
    "SERSIC_ELLIPSE_KAPPA": "Profiles.sersic_ellipse_kappa:SersicEllipseKappa",
    "SERSIC_ELLIPSE_POTENTIAL": "Profiles.sersic_ellipse_potential:SersicEllipsePotential",
    "SHAPELETS_CART": "Profiles.shapelet_pot_cartesian:CartShapelets",
    "SHAPELETS_POLAR": "Profiles.shapelet_pot_polar:PolarShapelets",
    "SHIFT": "Profiles.constant_shift:Shift",
    "SHEAR": "Profiles.shear:Shear",
    "SHEAR_GAMMA_PSI": "Profiles.shear:ShearGammaPsi",
    "SHEAR_REDUCED": "Profiles.shear:ShearReduced",
    "SIE": "Profiles.sie:SIE",
    "SIS": "Profiles.sis:SIS",
    "SIS_TRUNCATED": "Profiles.sis_truncate:SIS_truncate",
    "SPEMD": "Profiles.spemd:SPEMD",
    "SPEP": "Profiles.spep:SPEP",
    "SPL_CORE": "Profiles.splcore:SPLCORE",
    "SPP": "Profiles.spp:SPP",
    "SYNTHESIS": "Profiles.synthesis:SynthesisProfile",
    "TABULATED_DEFLECTIONS": "Profiles.numerical_deflections:TabulatedDeflections",
    "TNFW": "Profiles.tnfw:TNFW",
    "TNFWC": "Profiles.nfw_core_truncated:TNFWC",
    "TNFW_ELLIPSE_POTENTIAL": "Profiles.tnfw_ellipse_potential:TNFWELLIPSEPotential",
    "TRIPLE_CHAMELEON": "Profiles.chameleon:TripleChameleon",
    "ULDM": "Profiles.uldm:Uldm",
}

# An alias that lens_class knows and lenstronomy does not list.
_SUPPORTED_MODELS = [name for name in _LENS_MODELS if name != "CURVED_ARC_CONST_MST"]

_registry = Registry("jaxtronomy.LensModel", _LENS_MODELS, "lens model")


def lens_class(lens_type, profile_kwargs=None):
    """The lens profile of a model name.

    :param lens_type: model name
    :param profile_kwargs: constructor options of the profile, or None
    :return: profile; equal names and options give the same (immutable) object
    :raises ValueError: for a name that is not supported, listing those that are
    """
    return _registry(lens_type, profile_kwargs)


class ProfileListBase:
    """A list of lens profiles."""

    def __init__(
        self,
        lens_model_list,
        profile_kwargs_list=None,
        lens_redshift_list=None,
        z_source_convention=None,
        use_jax=False,
    ):
        """
        :param lens_model_list: model names
        :param profile_kwargs_list: constructor options of each profile (None: defaults)
        :param lens_redshift_list: redshift of each profile, for those that are defined by a cosmology
        :param z_source_convention: source redshift of the deflection angles, for the same
        :param use_jax: accepted for compatibility; every profile is native
        """
        profile_kwargs_list = profile_kwargs_list or [None] * len(lens_model_list)
        redshifts = lens_redshift_list or [None] * len(lens_model_list)
        self.func_list = []
        for name, options, z_lens in zip(lens_model_list, profile_kwargs_list, redshifts):
            options = dict(options or {})
            if name in ("NFW_MC", "NFW_MC_ELLIPSE_POTENTIAL"):
                options |= {"z_lens": z_lens, "z_source": z_source_convention}
            self.func_list.append(lens_class(name, options))
        self._num_func = len(self.func_list)
        self._model_list = lens_model_list
        self._param_name_list = [func.param_names for func in self.func_list]
        self._profiles = tuple(self.func_list)

    def _bool_list(self, k=None):
        """One bool per profile, True for those that ``k`` (None, an index, indices or bools) selects."""
        return convert_bool_list(n=self._num_func, k=k)

    def _select(self, kwargs, k):
        """Profiles and parameters that ``k`` selects."""
        if isinstance(kwargs, dict):
            raise TypeError(
                "the parameters of lens models have to be a list with one dictionary for each, not a dictionary."
            )
        if k is None:
            # as in lenstronomy, parameters of lens models that are not in the list are ignored
            return self._profiles, kwargs if kwargs is None or len(kwargs) <= self._num_func else kwargs[
                : self._num_func
            ]
        if isinstance(k, int) and 0 <= k < min(self._num_func, len(kwargs)):
            return (self._profiles[k],), [kwargs[k]]
        chosen = [i for i, use in enumerate(self._bool_list(k)) if use]
        if chosen and len(kwargs) <= chosen[-1]:
            raise ValueError(
                f"{len(kwargs)} sets of lens model parameters given, and k = {k} selects model {chosen[-1]}."
            )
        return tuple(self._profiles[i] for i in chosen), [kwargs[i] for i in chosen]

    def set_static(self, kwargs_list):
        """Accepted for compatibility: compiled profiles hold no parameters that could become stale.

        :param kwargs_list: parameters of each profile
        :return: ``kwargs_list``
        """
        for func, kwargs in zip(self.func_list, kwargs_list):
            func.set_static(**kwargs)
        return kwargs_list

    def set_dynamic(self):
        """The inverse of :meth:`set_static`."""
        for func in self.func_list:
            func.set_dynamic()

    def model_info(self):
        """Print the profiles and their parameters."""
        for i, (name, names) in enumerate(zip(self._model_list, self._param_name_list)):
            print(f"Lens model {i} is {name} with parameters {names}")

    @property
    def param_name_list(self):
        """Parameter names of each profile."""
        return self._param_name_list

    def check_parameters(self, kwargs_list):
        """Check that every profile is given its parameters and no others.

        :param kwargs_list: parameters of each profile
        :raises ValueError: otherwise, naming the profile and the parameter
        """
        if len(kwargs_list) != self._num_func:
            raise ValueError(f"{len(kwargs_list)} sets of parameters given for {self._num_func} lens models.")
        for i, (name, names, kwargs) in enumerate(zip(self._model_list, self._param_name_list, kwargs_list)):
            for key in kwargs:
                if key not in names:
                    raise ValueError(f"lens model {i} ({name}) has no parameter {key!r}; its parameters are {names}.")
            for key in names:
                if key not in kwargs:
                    raise ValueError(f"lens model {i} ({name}) requires the parameter {key!r}, which is missing.")
