"""Integrals of convergence maps and of density profiles, light cones, microlensing."""

import numpy as np
import pytest
from astropy.cosmology import FlatLambdaCDM
from lenstronomy.LensModel import convergence_integrals as reference
from lenstronomy.LensModel.LightConeSim.light_cone import MassSlice as ReferenceSlice
from lenstronomy.LensModel.Microlensing import adaptive_boundary_mesh as reference_mesh
from numpy.testing import assert_allclose

from jaxtronomy.LensModel import convergence_integrals
from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LensModel.LightConeSim.light_cone import LightCone, MassSlice
from jaxtronomy.LensModel.Microlensing import adaptive_boundary_mesh as mesh
from jaxtronomy.LensModel.profile_integrals import ProfileIntegrals
from jaxtronomy.LensModel.Profiles.nfw import NFW
from jaxtronomy.LensModel.Profiles.sis import SIS

MAP = np.random.default_rng(0).random((24, 24))


@pytest.mark.parametrize(
    ("name", "arguments"),
    (
        ("potential_from_kappa_grid", ()),
        ("deflection_from_kappa_grid", ()),
        ("potential_from_kappa_grid_adaptive", (4, 3)),
        ("deflection_from_kappa_grid_adaptive", (4, 3)),
    ),
)
def test_convergence_integrals(name, arguments):
    ours, theirs = (getattr(m, name)(MAP, 0.1, *arguments) for m in (convergence_integrals, reference))
    assert_allclose(ours, theirs, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize(("profile", "kwargs"), ((SIS(), {"theta_E": 1.2}), (NFW(), {"Rs": 0.8, "alpha_Rs": 0.5})))
def test_profile_integrals(profile, kwargs):
    """Against the closed forms; the line of sight ends at 1000 arcsec."""
    integrals, radius = ProfileIntegrals(profile), 0.7
    kwargs_given = {**kwargs, "center_x": 0.3, "center_y": 0.1}
    mass = integrals.mass_enclosed_3d(radius, kwargs_given, lens_param=True)
    assert_allclose(mass, profile.mass_3d_lens(radius, **kwargs), rtol=1e-9)
    kappa = sum(profile.hessian(radius, 0.0, **kwargs)[::3]) / 2
    projected = integrals.density_2d(radius, kwargs, lens_param=True, r_max=1e5)
    assert_allclose(projected, kappa, rtol=2e-5)
    disc = integrals.mass_enclosed_2d(radius, kwargs, lens_param=True)
    assert_allclose(disc, np.pi * radius * profile.derivatives(radius, 0.0, **kwargs)[0], rtol=5e-3)


def test_light_cone():
    cosmo = FlatLambdaCDM(70, 0.3)
    ours, theirs = (cls(MAP * 1e9, 0.002, 0.4).interpol_instance(1.5, cosmo) for cls in (MassSlice, ReferenceSlice))
    for name, values in theirs.items():
        assert_allclose(ours[name], values, rtol=1e-9, atol=1e-9)
    lens, kwargs = LightCone([MAP * 1e9] * 2, [0.002] * 2, [0.4, 0.6]).cone_instance(1.5, cosmo)
    assert isinstance(lens, LensModel) and lens.multi_plane and len(kwargs) == 2
    with pytest.raises(ValueError, match="square"):
        MassSlice(MAP[:5], 0.1, 0.4)


def test_boundary_mesh():
    arguments = ((0, 0), 4e-4, 1.6e-3, 1.16e-5, 5, 3.5, 5, 3.23, [{"theta_E": 1e-4}])
    ours, theirs = (m.adaptive_boundary_mesh(*arguments) for m in (mesh, reference_mesh))
    for a, b in zip(ours, theirs):
        assert_allclose(a, b, rtol=1e-12)
    x, y = np.array([0.0, 1]), np.array([2.0, 3])
    for a, b in zip(mesh.splitting_centers(x, y, 1.0, 3), reference_mesh.splitting_centers(x, y, 1.0, 3)):
        assert_allclose(a, b)
    assert mesh.loop_information(2, 50, 10) == pytest.approx(reference_mesh.loop_information(2, 50, 10))


def test_inverse_ray_shooting_gives_the_magnification():
    """A disc behind a point mass: its images cover the area that the exact magnification says."""
    theta_E, source, radius = 1.0, 0.5, 0.05
    iterations, final = mesh.loop_information(3.5, 24.0, radius)
    side, _, x, _ = mesh.inverse_ray_shooting(
        (source, 0), 6.0, 24.0, radius, 5, 3.5, iterations, final, [{"theta_E": theta_E}]
    )
    u = source / theta_E
    expected = (u**2 + 2) / (u * np.sqrt(u**2 + 4))
    assert_allclose(len(x) * side**2 / (np.pi * radius**2), expected, rtol=0.02)
