"""All lens models in one plane."""

import numpy as np

from jaxtronomy.core.compile import evaluate
from jaxtronomy.core.lensing import LensMap
from jaxtronomy.LensModel.profile_list_base import ProfileListBase
from jaxtronomy.LensModel.Profiles.base_profile import deflection, hessian, potential

__all__ = ["SinglePlane"]


def fermat_potential(terms, x, y, scale=1.0):
    """Fermat potential of a position whose source position is its own."""
    f_x, f_y = deflection(terms, x, y, scale)
    return (f_x**2 + f_y**2) / 2 - potential(terms, x, y, scale)


def fermat_potential_of(terms, x, y, x_source, y_source, scale=1.0):
    """Fermat potential for a given source position."""
    return ((x - x_source) ** 2 + (y - y_source) ** 2) / 2 - potential(terms, x, y, scale)


SINGLE_PLANE = LensMap(deflection, hessian, potential, fermat_potential)


class SinglePlane(ProfileListBase):
    """A list of lens models in a single lens plane."""

    lens_map = SINGLE_PLANE
    _fermat_potential_of = staticmethod(fermat_potential_of)

    def __init__(
        self,
        lens_model_list,
        profile_kwargs_list=None,
        lens_redshift_list=None,
        z_source_convention=None,
        alpha_scaling=1,
        use_jax=False,
    ):
        """
        :param lens_model_list: model names
        :param profile_kwargs_list: constructor options of each profile (None: defaults)
        :param lens_redshift_list: redshift of each profile, for those that are defined by a cosmology
        :param z_source_convention: source redshift of the deflection angles, for the same
        :param alpha_scaling: factor on all deflections, relative to the source redshift of the convention
        :param use_jax: accepted for compatibility; every profile is native
        """
        self._alpha_scaling = alpha_scaling
        super().__init__(lens_model_list, profile_kwargs_list, lens_redshift_list, z_source_convention, use_jax)

    def _structure(self):
        """What distinguishes two lists of lens models."""
        return self._profiles, self._alpha_scaling

    def plan(self, kwargs, k=None):
        """What the pure functions of :attr:`lens_map` take.

        :param kwargs: parameters of each lens model
        :param k: only these models (index, indices or bools)
        :return: profiles, their parameters, and the scaling as a further argument of the programs where it is not 1
        """
        profiles, kwargs = self._select(kwargs, k)
        scale = self._alpha_scaling
        # lenstronomy applies the scaling to sums only, not to one model picked by its index
        plain = isinstance(k, int) or (isinstance(scale, int | float) and scale == 1)
        return profiles, kwargs, () if plain else (scale,)

    def _evaluate(self, op, kwargs, k, *coordinates):
        profiles, kwargs, extra = self.plan(kwargs, k)
        return evaluate(op, profiles, kwargs, coordinates, extra, kind="lens model")

    def ray_shooting(self, x, y, kwargs, k=None):
        """Source position of an image position.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs: parameters of each lens model
        :param k: only these models (index, indices or bools)
        :return: source-plane position x, y [arcsec]
        """
        return self._evaluate(self.lens_map.ray_shooting, kwargs, k, x, y)

    def fermat_potential(self, x_image, y_image, kwargs_lens, x_source=None, y_source=None, k=None):
        """Fermat potential; a lower value arrives earlier.

        :param x_image: image position [arcsec]
        :param y_image: image position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param x_source: source position [arcsec], None: that of the image by ray shooting
        :param y_source: source position [arcsec]
        :param k: only these models
        :return: Fermat potential [arcsec^2]
        """
        if x_source is None or y_source is None:
            return self._evaluate(self.lens_map.delay, kwargs_lens, k, x_image, y_image)
        return self._evaluate(self._fermat_potential_of, kwargs_lens, k, x_image, y_image, x_source, y_source)

    def potential(self, x, y, kwargs, k=None):
        """Lensing potential.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs: parameters of each lens model
        :param k: only these models
        :return: potential [arcsec^2]
        """
        return self._evaluate(self.lens_map.potential, kwargs, k, x, y)

    def alpha(self, x, y, kwargs, k=None):
        """Deflection angles.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs: parameters of each lens model
        :param k: only these models
        :return: deflection x, y [arcsec]
        """
        return self._evaluate(self.lens_map.deflection, kwargs, k, x, y)

    def hessian(self, x, y, kwargs, k=None):
        """Second derivatives of the potential.

        :param x: position [arcsec]
        :param y: position [arcsec]
        :param kwargs: parameters of each lens model
        :param k: only these models
        :return: f_xx, f_xy, f_yx, f_yy
        """
        return self._evaluate(self.lens_map.hessian, kwargs, k, x, y)

    def change_redshift_scaling(self, alpha_scaling):
        """Set the factor on all deflections.

        :param alpha_scaling: deflection relative to that of the source redshift of the convention
        """
        self._alpha_scaling = alpha_scaling

    @property
    def alpha_scaling(self):
        """The factor on all deflections."""
        return self._alpha_scaling

    def mass_3d(self, r, kwargs, bool_list=None):
        """Mass inside the sphere of radius r, in units of the critical surface density [arcsec^2].

        :param r: radius [arcsec]
        :param kwargs: parameters of each lens model
        :param bool_list: which models
        """
        return self._radial("mass_3d_lens", r, kwargs, bool_list)

    def mass_2d(self, r, kwargs, bool_list=None):
        """Mass inside the projected radius r, in units of the critical surface density [arcsec^2].

        :param r: radius [arcsec]
        :param kwargs: parameters of each lens model
        :param bool_list: which models
        """
        return self._radial("mass_2d_lens", r, kwargs, bool_list)

    def density(self, r, kwargs, bool_list=None):
        """3d density at radius r, whose projection is the convergence [1/arcsec].

        :param r: radius [arcsec]
        :param kwargs: parameters of each lens model
        :param bool_list: which models
        """
        return self._radial("density_lens", r, kwargs, bool_list)

    def _radial(self, name, r, kwargs, bool_list):
        """Sum of a radial quantity over the selected profiles; the centre plays no part."""
        total = 0
        for func, values, use in zip(self.func_list, kwargs, self._bool_list(bool_list)):
            if use:
                about = {key: v for key, v in values.items() if key not in ("center_x", "center_y")}
                total = total + getattr(func, name)(np.asarray(r, dtype=float) if isinstance(r, list) else r, **about)
        return total
