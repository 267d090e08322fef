"""Distances, haloes and lens units against lenstronomy."""

import copy
import pickle

import jax
import jax.numpy as jnp
import lenstronomy.Cosmo.cosmo_solver as solver_reference
import lenstronomy.Cosmo.micro_lensing as micro_reference
import numpy as np
import pytest
from astropy.cosmology import FlatLambdaCDM, LambdaCDM
from lenstronomy.Cosmo.background import Background as ReferenceBackground
from lenstronomy.Cosmo.cosmo_interp import CosmoInterp as ReferenceInterp
from lenstronomy.Cosmo.gnfw_param import GNFWParam as ReferenceGNFW
from lenstronomy.Cosmo.kde_likelihood import KDELikelihood as ReferenceKDE
from lenstronomy.Cosmo.lcdm import LCDM as ReferenceLCDM
from lenstronomy.Cosmo.lens_cosmo import LensCosmo as ReferenceLens
from lenstronomy.Cosmo.nfw_param import NFWParam as ReferenceNFW
from numpy.testing import assert_allclose

from jaxtronomy.Cosmo import _cosmo_interp_astropy_v4, _cosmo_interp_astropy_v5, cosmo_solver, micro_lensing
from jaxtronomy.Cosmo.background import Background
from jaxtronomy.Cosmo.cosmo_interp import CosmoInterp
from jaxtronomy.Cosmo.gnfw_param import GNFWParam
from jaxtronomy.Cosmo.kde_likelihood import KDELikelihood
from jaxtronomy.Cosmo.lcdm import LCDM
from jaxtronomy.Cosmo.lens_cosmo import LensCosmo
from jaxtronomy.Cosmo.nfw_param import NFWParam

COSMO = FlatLambdaCDM(H0=71, Om0=0.28, Ob0=0.05)
COSMOLOGIES = [COSMO, LambdaCDM(H0=70, Om0=0.3, Ode0=0.6), LambdaCDM(H0=70, Om0=0.3, Ode0=0.8)]
OURS, THEIRS = LensCosmo(0.4, 1.7, cosmo=COSMO), ReferenceLens(0.4, 1.7, cosmo=COSMO)
M, C = 10**13.2, 5.5

LENS_CALLS = [
    ("phys2arcsec_lens", (0.3,)),
    ("arcsec2phys_lens", (1.3,)),
    ("arcsec2phys_source", (1.3,)),
    ("kappa2proj_mass", (0.4,)),
    ("mass_in_theta_E", (1.3,)),
    ("mass_in_coin", (1.3,)),
    ("time_delay_units", (0.4, 0.1)),
    ("time_delay2fermat_pot", (20.0,)),
    ("nfw_angle2physical", (6.0, 1.1)),
    ("nfw_physical2angle", (M, C)),
    ("nfwParam_physical", (M, C)),
    ("gnfwParam_physical", (M, C, 1.3)),
    ("nfw_M_theta_r200", (M,)),
    ("gnfw_M_theta_r200", (M,)),
    ("sis_theta_E2sigma_v", (1.3,)),
    ("sis_sigma_v2theta_E", (250.0,)),
    ("hernquist_phys2angular", (M, 0.01)),
    ("hernquist_angular2phys", (0.4, 1.3)),
    ("uldm_angular2phys", (0.1, 3.0)),
    ("uldm_mphys2angular", (-24.0, 11.0)),
    ("sersic_m_star2k_eff", (M, 1.2, 3.3)),
    ("sersic_k_eff2m_star", (0.1, 1.2, 3.3)),
    ("vel_disp_dPIED_sigma0", (250.0, 0.01, 10.0)),
    ("beta_double_source_plane", (0.4, 0.9, 2.0)),
    ("theta_E_power_law_scaling", (1.2, 0.05, 2.2, 0.4, 1.7, 2.5)),
    ("theta_E_power_law_scaling", (1.2, 0.05, 2.2, 0.4, 1.7, 1.7)),
]


@pytest.mark.parametrize("name, args", LENS_CALLS)
def test_lens_units(name, args):
    assert_allclose(getattr(OURS, name)(*args), getattr(THEIRS, name)(*args), rtol=1e-11)


@pytest.mark.parametrize("gamma_in", [0.6, 1, 1.7])
def test_generalised_haloes(gamma_in):
    # lenstronomy interpolates a sum of a thousand terms
    for name, args in [("gnfw_physical2angle", (M, C, gamma_in)), ("gnfw_angle2physical", (6.0, 1.1, gamma_in))]:
        assert_allclose(getattr(OURS, name)(*args), getattr(THEIRS, name)(*args), rtol=1e-6)
    if gamma_in == 1:
        assert_allclose(OURS.gnfw_physical2angle(M, C, 1), OURS.nfw_physical2angle(M, C), rtol=1e-12)


def test_lens_distances():
    for name in ("h", "dd", "ds", "dds", "ddt", "sigma_crit", "sigma_crit_angle"):
        assert_allclose(getattr(OURS, name), getattr(THEIRS, name), rtol=1e-12)
    for twin in (pickle.loads(pickle.dumps(OURS)), copy.deepcopy(OURS)):
        assert twin.ddt == OURS.ddt


def test_lens_units_under_jax():
    slope = jax.jit(jax.grad(OURS.sis_theta_E2sigma_v))(1.3)
    assert_allclose(slope, THEIRS.sis_theta_E2sigma_v(1.3) / 2.6, rtol=1e-10)
    masses = jax.jit(OURS.uldm_angular2phys)(jnp.array([0.1, 0.2]), 3.0)
    assert_allclose(masses, THEIRS.uldm_angular2phys(np.array([0.1, 0.2]), 3.0), rtol=1e-12)
    rs, alpha = jax.jit(OURS.nfw_physical2angle)(M, C)
    assert_allclose((rs, alpha), THEIRS.nfw_physical2angle(M, C), rtol=1e-11)


@pytest.mark.parametrize("cosmo", [*COSMOLOGIES, None])
def test_background(cosmo):
    ours, theirs = Background(cosmo), ReferenceBackground(cosmo)
    for name, args in [
        ("a_z", (0.7,)),
        ("d_xy", (0.3, 1.2)),
        ("ddt", (0.3, 1.2)),
        ("T_xy", (0.3, 1.2)),
        ("rho_crit_z", (0.6,)),
        ("beta_double_source_plane", (0.3, 0.8, 2.1)),
        ("beta_double_source_plane", (0.3, 0.8, 0.8)),
        ("ddt_scaling", (0.3, 0.8, 2.1)),
        ("ddt_scaling", (0.3, 0.8, 0.8)),
    ]:
        assert_allclose(getattr(ours, name)(*args), getattr(theirs, name)(*args), rtol=1e-11)
    assert_allclose(ours.rho_crit, theirs.rho_crit, rtol=1e-13)


@pytest.mark.parametrize("cosmo", COSMOLOGIES)
def test_interpolated_distances(cosmo):
    z = np.linspace(0.1, 2.9, 40)
    distances = cosmo.angular_diameter_distance(z).value
    curvature = (-cosmo.Ok0 / cosmo.hubble_distance**2).value
    for given in [
        {"cosmo": cosmo, "z_stop": 3, "num_interp": 50},
        {"ang_dist_list": distances, "z_list": z, "Ok0": cosmo.Ok0, "K": curvature},
    ]:
        ours, theirs = CosmoInterp(**given), ReferenceInterp(**given)
        for name, args in [
            ("angular_diameter_distance", (np.array([0.4, 1.3]),)),
            ("angular_diameter_distance", (0.0,)),
            ("angular_diameter_distance", (0.3, 1.3)),
            ("angular_diameter_distance_z1z2", (np.array([0.4, 0.0]), np.array([1.3, 0.7]))),
            ("comoving_transverse_distance", (1.1,)),
        ]:
            mine, other = getattr(ours, name)(*args), getattr(theirs, name)(*args)
            assert mine.unit == other.unit
            assert_allclose(mine.value, other.value, rtol=1e-9, atol=1e-9)
        assert_allclose(
            ours.angular_diameter_distance([0.4, 1.3]).value,
            cosmo.angular_diameter_distance([0.4, 1.3]).value,
            rtol=1e-3,
        )
        assert_allclose(
            pickle.loads(pickle.dumps(ours)).angular_diameter_distance(1.1).value,
            ours.angular_diameter_distance(1.1).value,
        )
    interpolated = Background(cosmo, interp=True, z_stop=3, num_interp=200)
    assert_allclose(interpolated.ddt(0.5, 2.0), Background(cosmo).ddt(0.5, 2.0), rtol=1e-4)
    assert _cosmo_interp_astropy_v4.CosmoInterp is _cosmo_interp_astropy_v5.CosmoInterp


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: CosmoInterp(cosmo=COSMO), "z_stop = None"),
        (lambda: CosmoInterp(), "neither cosmo"),
        (lambda: CosmoInterp(COSMO, 2, 10).angular_diameter_distance(3.0), "redshift 3.0 is not within"),
    ],
)
def test_errors_name_what_was_given(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_haloes():
    ours, theirs = NFWParam(COSMO), ReferenceNFW(COSMO)
    for name, args in [
        ("rhoc_z", (0.5,)),
        ("M200", (0.1, 1e15, C)),
        ("r200_M", (M, 0.5)),
        ("M_r200", (0.3, 0.5)),
        ("rho0_c", (np.array([2.0, C]), 0.5)),
        ("c_rho0", (3e15, 0.5)),
        ("c_M_z", (M, 0.5)),
        ("nfw_Mz", (M, 0.5)),
    ]:
        assert_allclose(getattr(ours, name)(*args), getattr(theirs, name)(*args), rtol=1e-9)
    assert_allclose(ours.c_rho0(ours.rho0_c(C, 1.5), 1.5), C, rtol=1e-4)  # another redshift, another spline
    ours, theirs = GNFWParam(COSMO), ReferenceGNFW(COSMO)
    for name, args in [
        ("rhoc_z", (0.5,)),
        ("M200", (0.1, 1e15, C, 1.3)),
        ("r200_M", (M, 0.5)),
        ("M_r200", (0.3, 0.5)),
        ("rho0_c", (C, 0.5, 1.3)),
        ("c_rho0", (3e15, 0.5, 1.3)),
        ("c_M_z", (M, 0.5)),
        ("gnfw_Mz", (M, 0.5, 1.3)),
    ]:
        assert_allclose(getattr(ours, name)(*args), getattr(theirs, name)(*args), rtol=1e-9)


def test_distances_of_parameters():
    for flat, args in [(True, (72.0, 0.3)), (False, (72.0, 0.3, 0.6))]:
        ours, theirs = LCDM(0.4, 1.7, flat=flat), ReferenceLCDM(0.4, 1.7, flat=flat)
        for name in ("D_d", "D_s", "D_ds", "D_dt"):
            assert_allclose(getattr(ours, name)(*args), getattr(theirs, name)(*args), rtol=1e-12)


def test_parameters_of_distances():
    distances = cosmo_solver.cosmo2angular_diameter_distances(66.0, 0.33, 0.4, 1.7)
    assert_allclose(distances, solver_reference.cosmo2angular_diameter_distances(66.0, 0.33, 0.4, 1.7), rtol=1e-12)
    assert_allclose(cosmo_solver.SolverFlatLCDM(0.4, 1.7).solve([80.0, 0.5], *distances), (66.0, 0.33), rtol=1e-5)
    table = cosmo_solver.InvertCosmo(
        0.4, 1.7, H0_range=np.linspace(50, 90, 20), omega_m_range=np.linspace(0.1, 0.6, 20)
    )
    assert_allclose(table.get_cosmo(*distances), (66.0, 0.33), rtol=0.03)
    assert table.get_cosmo(1.0, 1.0) == (-1, -1)
    assert_allclose(
        cosmo_solver.ddt2h0(4000.0, 0.4, 1.7, COSMO), solver_reference.ddt2h0(4000.0, 0.4, 1.7, COSMO), rtol=1e-12
    )


def test_density_of_samples():
    samples = np.random.default_rng(1).normal([[1000.0], [4000.0]], 50.0, size=(2, 300))
    ours, theirs = KDELikelihood(*samples), ReferenceKDE(*samples)
    assert_allclose(ours.log_likelihood(1010.0, 4040.0), theirs.log_likelihood(1010.0, 4040.0), rtol=1e-12)


def test_microlensing():
    assert_allclose(
        micro_lensing.einstein_radius(0.3, 4e3, 8e3), micro_reference.einstein_radius(0.3, 4e3, 8e3), rtol=1e-12
    )
    assert_allclose(micro_lensing.source_size(1.3, 8e3), micro_reference.source_size(1.3, 8e3), rtol=1e-12)
