"""The example that models lenses in HST images: on a simulated lens, and on a real one where the data are at hand."""

import csv
import importlib.util
import json
import os
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from jaxtronomy.core.jit import trace_count
from jaxtronomy.Util.class_creator import create_im_sim

ROOT = Path(__file__).parents[2]
SLACS = Path(os.environ.get("JAXTRONOMY_SLACS", ROOT.parent / "shared" / "data" / "slacs"))


@pytest.fixture(scope="module")
def example():
    """The example as a module."""
    spec = importlib.util.spec_from_file_location("model_hst_lens", ROOT / "examples" / "model_hst_lens.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_lens(folder, theta_E, seed, size=71):
    """A simulated lens in the format that the example reads."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(-3, 4), np.arange(-3, 4))
    psf = np.exp(-(x**2 + y**2) / 2 / 0.8**2)
    noise = np.full((size, size), 0.01)
    band = [
        {
            "image_data": np.zeros_like(noise),
            "noise_map": noise,
            "ra_at_xy_0": -0.05 * (size // 2),
            "dec_at_xy_0": -0.05 * (size // 2),
            "transform_pix2angle": 0.05 * np.eye(2),
        },
        {"psf_type": "PIXEL", "kernel_point_source": psf / psf.sum()},
        {"supersampling_factor": 3},
    ]
    models = {
        "lens_model_list": ["SIE", "SHEAR"],
        "source_light_model_list": ["SERSIC_ELLIPSE"],
        "lens_light_model_list": ["SERSIC_ELLIPSE"] * 2,
    }
    centre = {"center_x": 0.01, "center_y": -0.01}
    shape = {"e1": 0.1, "e2": -0.05}
    image = create_im_sim([band], "single-band", models).image(
        [{"theta_E": theta_E, **shape, **centre}, {"gamma1": 0.03, "gamma2": -0.02}],
        [{"amp": 60.0, "R_sersic": 0.12, "n_sersic": 1.2, "e1": -0.1, "e2": 0.1, "center_x": 0.07, "center_y": 0.05}],
        [
            {"amp": 30.0, "R_sersic": 0.8, "n_sersic": 4.0, **shape, **centre},
            {"amp": 20.0, "R_sersic": 0.5, "n_sersic": 1.0, **shape, **centre},
        ],
        [],
    )
    image += noise * rng.standard_normal(image.shape)
    image[:6, :6], noise[:6, :6] = np.nan, 1e8
    folder.mkdir(parents=True)
    for name, array in (("image", image), ("noise", noise), ("psf", psf)):
        fits.writeto(folder / f"{name}.fits", array.astype(np.float32))
    return folder


def test_simulated_lenses(example, tmp_path, capsys):
    first = write_lens(tmp_path / "lenses" / "first", theta_E=0.9, seed=1)
    second = write_lens(tmp_path / "lenses" / "second", theta_E=1.1, seed=2)
    with (tmp_path / "lenses" / "published.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("lens_name", "theta_E_SIE"), ("first", 0.9), ("second", 1.1)])
    rows = example.main([str(first), "--out", str(tmp_path / "out")])
    traces = trace_count()
    rows += example.main([str(second)])
    assert trace_count() == traces  # another lens of the same shape: nothing is compiled again
    for row, truth in zip(rows, (0.9, 1.1)):
        assert row["theta_E"] == pytest.approx(truth, rel=0.01)
        assert row["axis_ratio"] == pytest.approx((1 - np.hypot(0.1, 0.05)) / (1 + np.hypot(0.1, 0.05)), abs=0.05)
        assert row["angle_deg"] == pytest.approx(np.degrees(np.arctan2(-0.05, 0.1) / 2) % 180, abs=10)
        assert row["shear"] == pytest.approx(np.hypot(0.03, 0.02), abs=0.02)
        assert 0.9 < row["chi2_per_dof"] < 1.15
    assert capsys.readouterr().out.count("Einstein radius") == 2
    published = example.published_radii(first)
    assert published == {"first": 0.9, "second": 1.1}
    assert "of 2 published Einstein radii: 2 within 5%, 2 within 10%" in example.table(rows, published)
    assert [row["name"] for row in json.loads((tmp_path / "out" / "results.json").read_text())] == ["first"]
    assert (tmp_path / "out" / "first.png").stat().st_size > 10_000


@pytest.fixture
def folder(tmp_path):
    """A folder with the three files, none of them modelled."""
    for name, array in (("image", np.ones((31, 33))), ("noise", np.ones((31, 33))), ("psf", np.ones((5, 5)))):
        fits.writeto(tmp_path / f"{name}.fits", array)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        ("noise", np.ones((31, 31)), "noise.fits"),
        ("noise", np.full((31, 33), 1e8), "no unmasked pixel"),
        ("psf", np.ones((4, 4)), "odd"),
        ("psf", np.zeros((5, 5)), "no flux"),
        ("image", np.ones(31), "two-dimensional"),
        ("image", None, "image.fits does not exist"),
    ],
)
def test_bad_files_are_named(example, folder, name, array, message):
    (folder / f"{name}.fits").unlink()
    if array is not None:
        fits.writeto(folder / f"{name}.fits", array)
    with pytest.raises(example.BadInput, match=message):
        example.read_exposure(folder)


def test_bad_files_end_the_program_before_it_computes(example, tmp_path, capsys):
    with pytest.raises(SystemExit):
        example.main([str(tmp_path / "nowhere")])
    assert "nowhere is not a folder" in capsys.readouterr().err


def test_masked_pixels_and_window(example, folder):
    image = np.ones((31, 33))
    image[3, 4], image[20, 20] = np.nan, 7.0
    fits.writeto(folder / "image.fits", image, overwrite=True)
    exposure = example.read_exposure(folder)
    assert exposure.image.shape == (31, 33) and exposure.image[20, 20] == 7.0
    assert not exposure.mask[3, 4] and exposure.mask.sum() == image.size - 1
    x, y = exposure.positions
    assert x[15, 16] == pytest.approx(0.0, abs=1e-12) and y[15, 16] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.skipif(not SLACS.is_dir(), reason=f"the SLACS data are not at {SLACS} (set JAXTRONOMY_SLACS)")
def test_real_lens(example):
    name = "J2303+1422"
    published = example.published_radii(SLACS / name)[name]
    results, _ = example.model(example.read_exposure(SLACS / name))
    assert results["theta_E"] == pytest.approx(published, rel=0.1)
    assert results["chi2_per_dof"] < 2
