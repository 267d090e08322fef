"""The likelihood of the positions of point sources."""

import warnings

import numpy as np

from jaxtronomy.core.compile import namespace
from jaxtronomy.core.tree import Model, freeze, structure

__all__ = ["PositionLikelihood", "image2source_covariance"]

FOUND_MORE = 1e5  # what images beyond those allowed cost in log likelihood
TOO_FAR = 1e3  # what each image costs whose source is further away than allowed
SINGULAR = -(10.0**15)  # log likelihood where the lens mapping cannot be inverted


class PositionLikelihood(Model):
    """Likelihood of the positions of lensed point sources."""

    _arrays = ("_ra_image_list", "_dec_image_list")

    def __init__(
        self,
        point_source_class,
        image_position_uncertainty=0.005,
        astrometric_likelihood=False,
        image_position_likelihood=False,
        ra_image_list=None,
        dec_image_list=None,
        source_position_likelihood=None,
        source_position_tolerance=None,
        source_position_sigma=0.001,
        force_no_add_image=False,
        restrict_image_number=False,
        max_num_images=None,
    ):
        """
        :param point_source_class: PointSource instance
        :param image_position_uncertainty: standard deviation of image positions [arcsec]
        :param astrometric_likelihood: whether the shifts ``delta_x_image, delta_y_image`` are part of the likelihood
        :param image_position_likelihood: whether modelled positions are compared with measured ones
        :param ra_image_list: measured positions of each point source [arcsec]
        :param dec_image_list: measured positions of each point source [arcsec]
        :param source_position_likelihood: whether images have to come from one source position; None: if there are
            point sources of type LENSED_POSITION
        :param source_position_tolerance: distance in the source plane beyond which an image costs 1000 [arcsec]
        :param source_position_sigma: standard deviation in the image plane of that comparison [arcsec]
        :param force_no_add_image: punish images beyond those modelled
        :param restrict_image_number: punish images beyond ``max_num_images``
        :param max_num_images: number of images allowed
        :raises ValueError: ``restrict_image_number`` without ``max_num_images``
        """
        self._pointSource = point_source_class
        self._lensModel = point_source_class._lens_model
        if source_position_likelihood is None:
            source_position_likelihood = "LENSED_POSITION" in point_source_class.point_source_type_list
        if source_position_tolerance is not None and not source_position_likelihood:
            warnings.warn(
                "source_position_tolerance has been set but source_position_likelihood is False. \n"
                "In order to use the source_position_tolerance, set source_position_likelihood to True",
                stacklevel=2,
            )
        if max_num_images is None and restrict_image_number:
            raise ValueError("restrict_image_number=True needs max_num_images.")
        self._astrometric_likelihood = astrometric_likelihood
        self._image_position_sigma = image_position_uncertainty
        self._source_position_sigma = source_position_sigma
        self._bound_source_position_tolerance = source_position_tolerance
        self._force_no_add_image = force_no_add_image
        self._restrict_number_images = restrict_image_number
        self._source_position_likelihood = source_position_likelihood
        self._max_num_images = max_num_images
        self._image_position_likelihood = image_position_likelihood
        self._ra_image_list = [np.asarray(x, dtype=float) for x in ra_image_list or ()]
        self._dec_image_list = [np.asarray(y, dtype=float) for y in dec_image_list or ()]

    def _structure(self):
        options = {k: v for k, v in vars(self).items() if v is None or isinstance(v, bool | int | float)}
        return structure(self._pointSource), structure(self._lensModel), freeze(options)

    @property
    def counts_images(self):
        """Whether all images have to be found, so that their number is not known beforehand."""
        return bool(self._force_no_add_image or self._restrict_number_images)

    def logL(self, kwargs_lens, kwargs_ps, kwargs_special, verbose=False):
        """Logarithm of the likelihood of the positions.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_ps: parameters of each point source model
        :param kwargs_special: further parameters
        :param verbose: whether each part is printed
        :return: log likelihood
        """
        if self._lensModel is not None and self._lensModel.cosmology_sampling:
            from jaxtronomy.Util.cosmo_util import get_astropy_cosmology

            model = self._lensModel.cosmology_model
            self._lensModel.update_cosmology(get_astropy_cosmology(cosmology_model=model, param_kwargs=kwargs_special))
        parts = {}
        if self._astrometric_likelihood:
            parts["astrometric"] = self.astrometric_likelihood(kwargs_ps, kwargs_special, self._image_position_sigma)
        if self._force_no_add_image and self.check_additional_images(kwargs_ps, kwargs_lens):
            parts["additional images"] = -FOUND_MORE
        if self._restrict_number_images:
            ra, _ = self._pointSource.image_position(kwargs_ps=kwargs_ps, kwargs_lens=kwargs_lens)
            if len(ra[0]) > self._max_num_images:
                parts[f"{len(ra[0])} images, {self._max_num_images} allowed"] = -FOUND_MORE
        if self._source_position_likelihood:
            parts["source position"] = self.source_position_likelihood(
                kwargs_lens,
                kwargs_ps,
                self._source_position_sigma,
                hard_bound_rms=self._bound_source_position_tolerance,
                verbose=verbose,
            )
        if self._image_position_likelihood:
            parts["image position"] = self.image_position_likelihood(kwargs_ps, kwargs_lens, self._image_position_sigma)
        if verbose:
            for name, value in parts.items():
                print(f"{name} logL = {value}")
        return sum(parts.values(), 0.0)

    def check_additional_images(self, kwargs_ps, kwargs_lens):
        """Whether the lens makes more images than are modelled.

        :param kwargs_ps: parameters of each point source model
        :param kwargs_lens: parameters of each lens model
        """
        ra, _ = self._pointSource.image_position(
            kwargs_ps=kwargs_ps, kwargs_lens=kwargs_lens, additional_images=True, width_search_factor=1.5
        )
        return any("ra_image" in kwargs and len(x) > len(kwargs["ra_image"]) for x, kwargs in zip(ra, kwargs_ps))

    @staticmethod
    def astrometric_likelihood(kwargs_ps, kwargs_special, sigma):
        """Logarithm of the likelihood of the shifts of the images of the first point source.

        :param kwargs_ps: parameters of each point source model
        :param kwargs_special: may hold ``delta_x_image, delta_y_image``
        :param sigma: standard deviation [arcsec]
        :return: log likelihood
        """
        if not kwargs_ps or "ra_image" not in kwargs_ps[0] or "delta_x_image" not in kwargs_special:
            return 0
        xp = namespace(kwargs_special)
        shifts = xp.asarray(kwargs_special["delta_x_image"]), xp.asarray(kwargs_special["delta_y_image"])
        return -xp.sum(shifts[0] ** 2 + shifts[1] ** 2) / sigma**2 / 2

    def image_position_likelihood(self, kwargs_ps, kwargs_lens, sigma):
        """Logarithm of the likelihood of the measured positions.

        :param kwargs_ps: parameters of each point source model
        :param kwargs_lens: parameters of each lens model
        :param sigma: standard deviation [arcsec]
        :return: log likelihood
        """
        modelled = self._pointSource.image_position(
            kwargs_ps=kwargs_ps, kwargs_lens=kwargs_lens, original_position=True
        )
        total = 0.0
        for x, y, x_measured, y_measured in zip(*modelled, self._ra_image_list, self._dec_image_list):
            n = min(len(x), len(x_measured))
            xp = namespace(x, x_measured)
            offset = (x[:n] - x_measured[:n]) ** 2 + (y[:n] - y_measured[:n]) ** 2
            total = total - xp.sum(offset) / sigma**2 / 2
        return total

    def source_position_likelihood(self, kwargs_lens, kwargs_ps, sigma, hard_bound_rms=None, verbose=False):
        """Logarithm of the likelihood that all images come from one source position.

        The uncertainty in the source plane is that of the image positions mapped by the Jacobian of the lens.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_ps: parameters of each point source model
        :param sigma: standard deviation of image positions [arcsec]
        :param hard_bound_rms: distance in the source plane beyond which an image costs 1000 [arcsec], or None
        :param verbose: whether such images are printed
        :return: log likelihood
        """
        if len(kwargs_ps) < 1:
            return 0
        source_x, source_y = self._pointSource.source_position(kwargs_ps, kwargs_lens)
        total = 0.0
        for k, (kwargs, kind) in enumerate(zip(kwargs_ps, self._pointSource.point_source_type_list)):
            if "ra_image" not in kwargs or kind != "LENSED_POSITION":
                continue
            self._lensModel.change_source_redshift(self._pointSource._redshift_list[k])
            x, y = kwargs["ra_image"], kwargs["dec_image"]
            xp = namespace(x, y, kwargs_lens)
            x, y = xp.asarray(x), xp.asarray(y)
            frames = self._pointSource.k_list(k)
            if frames is None:
                beta_x, beta_y = self._lensModel.ray_shooting(x, y, kwargs_lens)
                second = self._lensModel.hessian(x, y, kwargs_lens)
            else:
                rows = [
                    (
                        *self._lensModel.ray_shooting(x[i], y[i], kwargs_lens, k=frame),
                        *self._lensModel.hessian(x[i], y[i], kwargs_lens, k=frame),
                    )
                    for i, frame in enumerate(frames)
                ]
                beta_x, beta_y, *second = (xp.stack([xp.asarray(v) for v in column]) for column in zip(*rows))
            delta_x, delta_y = source_x[k] - beta_x, source_y[k] - beta_y
            chi2, regular = _source_chi2(delta_x, delta_y, *second, sigma)
            total = total - xp.where(xp.all(regular), xp.sum(chi2) / 2, -SINGULAR)
            if hard_bound_rms is not None:
                too_far = delta_x**2 + delta_y**2 > hard_bound_rms**2
                total = total - TOO_FAR * xp.sum(too_far)
                if verbose and np.any(too_far):
                    print(
                        f"images {np.flatnonzero(too_far)} of point source {k} are further than {hard_bound_rms} apart."
                    )
        return total

    @property
    def num_data(self):
        """Number of measured coordinates."""
        return 2 * sum(len(x) for x in self._ra_image_list) if self._image_position_likelihood else 0


def _source_chi2(delta_x, delta_y, f_xx, f_xy, f_yx, f_yy, sigma):
    """delta^T (A^T A)^-1 delta / sigma^2 with the Jacobian A of the lens mapping, and whether A can be inverted."""
    xp = namespace(delta_x, f_xx)
    a, b, c, d = 1 - f_xx, -f_xy, -f_yx, 1 - f_yy
    det = a * d - b * c
    regular = det != 0
    safe = xp.where(regular, det, 1.0)
    u, v = (d * delta_x - c * delta_y) / safe, (a * delta_y - b * delta_x) / safe
    return (u * u + v * v) / sigma**2, regular


def image2source_covariance(A, Sigma_theta):
    """Covariance in the source plane of a covariance in the image plane, A^T Sigma A (Birrer & Treu 2019, eq. 13).

    :param A: Jacobian of the lens mapping, 2x2
    :param Sigma_theta: covariance of an image position, 2x2
    :return: covariance of its source position, 2x2
    """
    A = np.asarray(A)
    return A.T @ Sigma_theta @ A
