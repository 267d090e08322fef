"""The image of a lens: lensed sources, lens light and point sources on the pixels of a camera.

Every public method is one compiled program of the parameters and of the data: images of the same shape, modelled by the
same profiles, share it.
"""

import jax
import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.interpolate import cubic_coefficients, cubic_spline
from jaxtronomy.core.numerics import apart
from jaxtronomy.core.tree import Model, evaluate_method, structure, to_leaves, unwrap
from jaxtronomy.Data.image_noise import pixel_variance
from jaxtronomy.ImSim.differential_extinction import DifferentialExtinction
from jaxtronomy.ImSim.image2source_mapping import Image2SourceMapping
from jaxtronomy.ImSim.Numerics.numerics_subframe import NumericsSubFrame
from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LightModel.light_model import LightModel
from jaxtronomy.PointSource.point_source import PointSource
from jaxtronomy.Util.image_util import gradient_map

__all__ = ["ImageModel"]

LARGEST_VARIANCE = 1e30
NO_NOISE = "the data have neither a noise_map nor background_rms and exposure_time."
PIXEL_BASED = ("SLIT_STARLETS", "SLIT_STARLETS_GEN2")


class Pixels(Model):
    """Data, noise and mask as an argument of programs.

    ``root`` is the root of the inverse variance of the data, 0 where masked.
    """

    _arrays = ("data", "variance", "background", "exposure", "mask", "constant", "root")

    def __init__(self, data, mask):
        has_noise = hasattr(data, "data")
        self.mask = np.asarray(mask, dtype=float)
        self.data = np.asarray(data.data, dtype=float) if has_noise else np.zeros(self.mask.shape)
        self.method = data.likelihood_method() if has_noise else "diagonal"
        self.variance = self.background = self.exposure = self.boost = self.root = None
        self.constant = float(getattr(data, "_logL_constant", 0.0))
        if not has_noise:
            return
        self.boost = getattr(data, "_gradient_boost_factor", None)
        if data._noise_map is not None:
            self.variance = np.asarray(data.C_D, dtype=float) * np.ones(self.mask.shape)
        elif data._background_rms is not None and data._exp_map is not None:
            self.exposure = np.asarray(data._exp_map, dtype=float) * np.ones(self.mask.shape)
        if data._noise_map is not None or data._background_rms is not None:
            self.background = np.asarray(data.background_rms, dtype=float)
        if self.has_variance and self.data.shape == self.mask.shape:  # update_data takes data of another shape
            # of an infinite variance too there is a root: images are found from what is multiplied by it
            variance = np.minimum(data.C_D_model(data.data), LARGEST_VARIANCE)
            self.root = np.sqrt(np.divide(self.mask, variance, out=np.zeros(self.mask.shape), where=self.mask > 0))

    @property
    def has_variance(self):
        """Whether the noise of the pixels is known."""
        return self.variance is not None or not (self.background is None or self.exposure is None)

    def _structure(self):
        return self.method, self.boost, self.variance is None, self.exposure is None

    def variance_of(self, image):
        """Variance of each pixel, given the image; pure."""
        if self.variance is not None:
            return self.variance
        if not self.has_variance:
            raise ValueError(NO_NOISE)
        slope = 0.0
        if self.boost is not None:
            slope = gradient_map(image) * self.boost
        return pixel_variance(image, self.background, self.exposure, slope)

    def root_with(self, error=None):
        """``root``, with a further variance of each pixel; pure."""
        if self.data.shape != self.mask.shape:
            raise ValueError(f"the data have the shape {self.data.shape} and the mask {self.mask.shape}; not the same.")
        if not self.has_variance:
            raise ValueError(NO_NOISE)
        return self.root if error is None else self.root / jnp.sqrt(1 + error * self.root**2)

    def log_likelihood(self, image, error):
        """Logarithm of the likelihood of the data, for independent Gaussian noise; pure."""
        if self.method == "interferometry_natwt":
            sky, dirty = image
            chi2 = jnp.sum(sky * dirty) - 2 * jnp.sum(sky * self.data)
            return -chi2 / (2 * self.background**2) + self.constant

        def terms(image):
            return (image - self.data) ** 2 * (self.mask / (self.variance_of(image) + jnp.abs(error)))

        return -jnp.sum(apart(terms)(image)) / 2


class ImageModel(Model):
    """Model of one image."""

    _arrays = ("_camera", "_renderer", "_point_renderer", "_pixels", "_flux_factor", "_beam_points", "_beam", "_window")

    def __init__(
        self,
        data_class,
        psf_class,
        lens_model_class=None,
        source_model_class=None,
        lens_light_model_class=None,
        point_source_class=None,
        extinction_class=None,
        kwargs_numerics=None,
        likelihood_mask=None,
        psf_error_map_bool_list=None,
        kwargs_pixelbased=None,
    ):
        """
        :param data_class: ImageData or PixelGrid instance
        :param psf_class: PSF instance
        :param lens_model_class: LensModel instance
        :param source_model_class: LightModel instance of the source
        :param lens_light_model_class: LightModel instance of the lens
        :param point_source_class: PointSource instance
        :param extinction_class: DifferentialExtinction instance
        :param kwargs_numerics: options of :class:`~jaxtronomy.ImSim.Numerics.numerics.Numerics`
        :param likelihood_mask: 2d array, True (1) for the pixels that count in the likelihood
        :param psf_error_map_bool_list: for each point source model, whether the variance map of the PSF applies
        :param kwargs_pixelbased: options of the pixel-based solver (needs the package slitronomy)
        :raises ValueError: a mask of another shape than the image
        """
        self.type = "single-band"
        self.num_bands = 1
        self.PSF, self.Data = psf_class, data_class
        self.PSF.set_pixel_size(self.Data.pixel_width)
        self._kwargs_numerics = kwargs_numerics or {}
        self.ImageNumerics = NumericsSubFrame(pixel_grid=self.Data, psf=self.PSF, **self._kwargs_numerics)
        self.LensModel = lens_model_class or LensModel(lens_model_list=[])
        self.SourceModel = source_model_class or LightModel(light_model_list=[])
        self.LensLightModel = lens_light_model_class or LightModel(light_model_list=[])
        self.PointSource = point_source_class or PointSource(point_source_type_list=[])
        self._extinction = extinction_class or DifferentialExtinction(optical_depth_model=[])
        self._set_point_source()
        nx, ny = self.Data.num_pixel_axes
        if likelihood_mask is None:
            likelihood_mask = np.ones((ny, nx))
        self.likelihood_mask = np.array(likelihood_mask, dtype=bool)
        if self.likelihood_mask.shape != (ny, nx):
            raise ValueError(f"likelihood_mask has shape {self.likelihood_mask.shape}, the image {(ny, nx)}.")
        self._mask1d = self.likelihood_mask.ravel()
        self._psf_error_map = self.PSF.psf_variance_map_bool
        if psf_error_map_bool_list is None:
            psf_error_map_bool_list = [True] * len(self.PointSource.point_source_type_list)
        self._psf_error_map_bool_list = list(psf_error_map_bool_list)
        self._pixelbased_bool = self._detect_pixelbased_models()
        if self._pixelbased_bool:
            self._set_pixel_solver(dict(kwargs_pixelbased or {}))
            self.source_mapping = None
        else:
            self.source_mapping = Image2SourceMapping(lens_model=self.LensModel, source_model=self.SourceModel)
        self._pb = self.Data.primary_beam
        self._pb_1d = None if self._pb is None else np.ravel(self._pb)
        self._set_arrays()

    def _set_point_source(self):
        """Tell the point sources of the lens model and of the window in which images may appear."""
        if self.PointSource._lens_model is None:
            self.PointSource.update_lens_model(lens_model_class=self.LensModel)
        x_center, y_center = self.Data.center
        window = np.max(self.Data.width)
        self.PointSource.update_search_window(
            search_window=window,
            x_center=x_center,
            y_center=y_center,
            min_distance=min(self.Data.pixel_width, window / 200),
            only_from_unspecified=True,
        )

    def _set_arrays(self):
        """Everything that programs take as data."""
        self._camera = self.ImageNumerics.camera
        self._renderer = self.ImageNumerics.renderer()
        self._point_renderer = self.ImageNumerics.renderer(unconvolved=True)
        self._pixels = Pixels(self.Data, self.likelihood_mask)
        self._data_seen = getattr(self.Data, "data", None)
        self._window = self.PointSource.window_centre
        self._flux_factor = np.asarray(getattr(self.Data, "flux_scaling", 1), dtype=float)
        self._beam = None if self._pb is None else cubic_coefficients(self._pb)
        order = self.ImageNumerics.grid_class._order
        self._beam_points = None if self._pb is None else np.asarray(self._pb_1d, dtype=float)[order]
        self.__dict__.pop("_flat", None)

    def _structure(self):
        return (
            structure(self.LensModel),
            structure(self.SourceModel),
            structure(self.LensLightModel),
            self.PointSource.structure_without_centre() if self.PointSource.point_source_type_list else None,
            structure(self._extinction),
            None if self.source_mapping is None else structure(self.source_mapping),
            tuple(self._psf_error_map_bool_list) if self._psf_error_map else (),
        )

    def __getstate__(self):
        return {k: v for k, v in self.__dict__.items() if k != "_flat"}

    @property
    def _flux_scaling(self):
        """Factor from the model to the units of the data."""
        return getattr(self.Data, "flux_scaling", 1)

    @property
    def _static_names(self):
        """Names of the parameters that shape the programs."""
        profiles = [*getattr(self.LensModel.lens_model, "func_list", ()), *self.SourceModel.func_list]
        profiles += [*self.LensLightModel.func_list, *self._extinction._profile.func_list]
        return frozenset(p.name for f in profiles for p in f.parameters if p.static)

    def _refresh(self):
        """Take notice of data that were changed in place (``Data.update_data``); whether there were any."""
        changed = getattr(self.Data, "data", None) is not self._data_seen
        if changed:
            self._set_arrays()
        return changed

    def _call(self, function, *trees, **options):
        """A pure method of parameter trees, compiled, under the array rule."""
        self._refresh()
        static = self._static_names
        return evaluate_method(function, self, *(to_leaves(t, static) for t in trees), **options)

    # pure methods: models, parameters and coordinates are arguments of programs -------------------------------------

    def _lens_light(self, kwargs_lens_light, unconvolved=False, beam=True, k=None):
        """Image of the lens light."""
        if not self.LensLightModel.profile_type_list:
            return jnp.zeros(self._pixels.mask.shape)

        def light(x, y):
            return self.LensLightModel.surface_brightness(x, y, unwrap(kwargs_lens_light), k=k)

        return self._rendered(light, unconvolved, beam)

    def _source(
        self, kwargs_source, kwargs_lens, extinction, special, unconvolved=False, beam=True, de_lensed=False, k=None
    ):
        """Image of the sources."""
        if not self.SourceModel.profile_type_list:
            return jnp.zeros(self._pixels.mask.shape)

        def light(x, y):
            return self._source_light(x, y, kwargs_source, kwargs_lens, extinction, special, de_lensed, k)

        return self._rendered(light, unconvolved, beam)

    def _rendered(self, light, unconvolved=False, beam=True):
        """Image of a surface brightness, a function of coordinates."""
        weight = self._beam_points if beam else None
        return self._camera.rendered(lambda x, y: [light(x, y)[None]], unconvolved, weight)[0] * self._flux_factor

    def _source_flux(self, kwargs_source, kwargs_lens, extinction, special, beam=True, de_lensed=False, k=None):
        """Surface brightness of the sources where the camera wants it."""
        at = self._camera.coordinates
        flux = self._source_light(*at, kwargs_source, kwargs_lens, extinction, special, de_lensed, k)
        if beam and self._beam_points is not None:
            flux = flux * self._beam_points
        return flux * self._flux_factor

    def _source_light(self, x, y, kwargs_source, kwargs_lens, extinction, special, de_lensed=False, k=None):
        """Surface brightness of the sources at positions."""
        kwargs_source, special = unwrap(kwargs_source), unwrap(special)
        if de_lensed:
            return self.SourceModel.surface_brightness(x, y, kwargs_source, k=k)
        flux = self.source_mapping.image_flux_joint(
            x, y, unwrap(kwargs_lens), kwargs_source, kwargs_special=special, k=k
        )
        return flux * self._extinction.extinction(x, y, kwargs_extinction=unwrap(extinction), kwargs_special=special)

    def _points(self, kwargs_ps, kwargs_lens, special, unconvolved=False, beam=True, k=None):
        """Image of the point sources."""
        if not self.PointSource.point_source_type_list:
            return jnp.zeros(self._pixels.mask.shape)
        points = self.PointSource.centred(self._window)
        ra, dec, amp = points.point_source_list(unwrap(kwargs_ps), kwargs_lens=unwrap(kwargs_lens), k=k)
        ra, dec = self._displace_astrometry(ra, dec, kwargs_special=unwrap(special))
        if len(ra) == 0:
            return jnp.zeros(self._pixels.mask.shape)
        ra, dec, amp = jnp.asarray(ra), jnp.asarray(dec), jnp.asarray(amp)
        if beam and self._beam is not None:
            amp = amp * self._beam_at(ra, dec)
        renderer = self._point_renderer if unconvolved else self._renderer
        return renderer.total(ra, dec, amp) * self._flux_factor

    def _image(
        self,
        kwargs_lens,
        kwargs_source,
        kwargs_lens_light,
        kwargs_ps,
        extinction,
        special,
        unconvolved=False,
        beam=True,
        source=True,
        lens_light=True,
        point_source=True,
    ):
        """The whole image: extended light is summed before it is convolved."""
        source = source and bool(self.SourceModel.profile_type_list)
        lens_light = lens_light and bool(self.LensLightModel.profile_type_list)

        def light(x, y):
            flux = 0.0
            if source:
                flux = flux + self._source_light(x, y, kwargs_source, kwargs_lens, extinction, special)
            if lens_light:
                flux = flux + self.LensLightModel.surface_brightness(x, y, unwrap(kwargs_lens_light))
            return flux

        image = jnp.zeros(self._pixels.mask.shape)
        if source or lens_light:
            image = self._rendered(light, unconvolved, beam)
        if point_source:
            image = image + self._points(kwargs_ps, kwargs_lens, special, unconvolved, beam)
        return image

    def _beam_at(self, ra, dec):
        """Primary beam at positions, by cubic splines, zero outside of the image."""
        x, y = self._renderer.pixels(ra, dec)
        return cubic_spline(self._beam, y, x)

    def _error_map(self, kwargs_lens, kwargs_ps, special):
        """Variance from the errors of the PSF, for the point source models that want it."""
        error = jnp.zeros(self._pixels.mask.shape)
        if not self._psf_error_map:
            return error
        for k, use in enumerate(self._psf_error_map_bool_list):
            if use:
                ra, dec, is_image = self.PointSource.centred(self._window).point_source_list(
                    unwrap(kwargs_ps), kwargs_lens=unwrap(kwargs_lens), k=k, with_amp=False
                )
                if len(ra):
                    ra, dec = self._displace_astrometry(ra, dec, kwargs_special=unwrap(special))
                    places = (jnp.asarray(v) for v in (ra, dec, is_image))
                    error = error + self._renderer.variance_map(*places, self._pixels.data)
        return error

    def _log_likelihood(self, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, extinction, special):
        """Logarithm of the likelihood, amplitudes as given."""
        image = self._image(kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, extinction, special)
        return self._pixels.log_likelihood(image, self._error_map(kwargs_lens, kwargs_ps, special))

    # public methods ---------------------------------------------------------------------------------------------------

    def likelihood_data_given_model(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_extinction=None,
        kwargs_special=None,
        linear_prior=None,
        source_marg=False,
        check_positive_flux=False,
    ):
        """Logarithm of the likelihood of the data, with the amplitudes as given.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_lens_light: parameters of each lens light model
        :param kwargs_ps: parameters of each point source model
        :param kwargs_extinction: parameters of each optical depth model
        :param kwargs_special: further parameters (shifts of images, normalisations)
        :param linear_prior: plays no part here
        :param source_marg: plays no part here
        :param check_positive_flux: plays no part here
        :return: log likelihood
        """
        return self._call(
            ImageModel._log_likelihood,
            kwargs_lens,
            kwargs_source,
            kwargs_lens_light,
            kwargs_ps,
            kwargs_extinction,
            kwargs_special,
        )

    def source_surface_brightness(
        self,
        kwargs_source,
        kwargs_lens=None,
        kwargs_extinction=None,
        kwargs_special=None,
        unconvolved=False,
        apply_primary_beam=True,
        de_lensed=False,
        k=None,
        update_pixelbased_mapping=True,
    ):
        """Image of the sources.

        :param kwargs_source: parameters of each source model
        :param kwargs_lens: parameters of each lens model
        :param kwargs_extinction: parameters of each optical depth model
        :param kwargs_special: further parameters
        :param unconvolved: True for the image without PSF
        :param apply_primary_beam: whether an antenna's primary beam applies, where the data have one
        :param de_lensed: True for the sources as they are without the lens
        :param k: only this source model
        :param update_pixelbased_mapping: whether a pixel-based mapping is recomputed
        :return: 2d image
        """
        if self._pixelbased_bool:
            return self._source_pixelbased(
                kwargs_source, kwargs_lens, kwargs_special, unconvolved, de_lensed, k, update_pixelbased_mapping
            )
        return self._call(
            ImageModel._source,
            kwargs_source,
            kwargs_lens,
            kwargs_extinction,
            kwargs_special,
            unconvolved=unconvolved,
            beam=apply_primary_beam,
            de_lensed=de_lensed,
            k=_hashable(k),
        )

    def lens_surface_brightness(self, kwargs_lens_light, unconvolved=False, apply_primary_beam=True, k=None):
        """Image of the lens light.

        :param kwargs_lens_light: parameters of each lens light model
        :param unconvolved: True for the image without PSF
        :param apply_primary_beam: whether an antenna's primary beam applies, where the data have one
        :param k: only this lens light model
        :return: 2d image
        :raises ValueError: ``unconvolved`` with a pixel-based model
        """
        if self._pixelbased_bool:
            if unconvolved:
                raise ValueError("pixel-based lens light is convolved as it is; unconvolved=True is not possible.")
            ra, dec = self.ImageNumerics.coordinates_evaluate
            flux = self.LensLightModel.surface_brightness(ra, dec, kwargs_lens_light, k=k)
            return flux.reshape(self.likelihood_mask.shape) * self._flux_scaling
        return self._call(
            ImageModel._lens_light,
            kwargs_lens_light,
            unconvolved=unconvolved,
            beam=apply_primary_beam,
            k=_hashable(k),
        )

    def point_source(
        self,
        kwargs_ps,
        kwargs_lens=None,
        kwargs_special=None,
        unconvolved=False,
        apply_primary_beam=True,
        k=None,
    ):
        """Image of the point sources.

        :param kwargs_ps: parameters of each point source model
        :param kwargs_lens: parameters of each lens model
        :param kwargs_special: further parameters, such as the shifts ``delta_x_image``, ``delta_y_image``
        :param unconvolved: True for the image without PSF
        :param apply_primary_beam: whether an antenna's primary beam applies, where the data have one
        :param k: only this point source model
        :return: 2d image
        """
        return self._call(
            ImageModel._points,
            kwargs_ps,
            kwargs_lens,
            kwargs_special,
            unconvolved=unconvolved,
            beam=apply_primary_beam,
            k=_hashable(k),
        )

    def image(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_extinction=None,
        kwargs_special=None,
        unconvolved=False,
        apply_primary_beam=True,
        source_add=True,
        lens_light_add=True,
        point_source_add=True,
    ):
        """The image, with amplitudes as given.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_lens_light: parameters of each lens light model
        :param kwargs_ps: parameters of each point source model
        :param kwargs_extinction: parameters of each optical depth model
        :param kwargs_special: further parameters
        :param unconvolved: True for the image without PSF
        :param apply_primary_beam: whether an antenna's primary beam applies, where the data have one
        :param source_add: whether the sources are part of it
        :param lens_light_add: whether the lens light is part of it
        :param point_source_add: whether the point sources are part of it
        :return: 2d image
        """
        if self._pixelbased_bool:
            parts = [np.zeros(self.likelihood_mask.shape)]
            if source_add:
                parts.append(
                    ImageModel.source_surface_brightness(self, kwargs_source, kwargs_lens, unconvolved=unconvolved)
                )
            if lens_light_add:
                parts.append(ImageModel.lens_surface_brightness(self, kwargs_lens_light, unconvolved=unconvolved))
            if point_source_add:
                parts.append(
                    ImageModel.point_source(self, kwargs_ps, kwargs_lens, kwargs_special, unconvolved=unconvolved)
                )
            return sum(parts)
        return self._call(
            ImageModel._image,
            kwargs_lens,
            kwargs_source,
            kwargs_lens_light,
            kwargs_ps,
            kwargs_extinction,
            kwargs_special,
            unconvolved=unconvolved,
            beam=apply_primary_beam,
            source=source_add,
            lens_light=lens_light_add,
            point_source=point_source_add,
        )

    def extinction_map(self, kwargs_extinction=None, kwargs_special=None):
        """Factor by which dust dims each pixel.

        :param kwargs_extinction: parameters of each optical depth model
        :param kwargs_special: may hold ``tau0_list``
        :return: 2d image
        """
        ra, dec = self.ImageNumerics.coordinates_evaluate
        factor = self._extinction.extinction(ra, dec, kwargs_extinction, kwargs_special) * np.ones_like(ra)
        area = self.ImageNumerics.grid_class.pixel_width**2
        return self.ImageNumerics.re_size_convolve(factor, unconvolved=True) / area

    @property
    def data_response(self):
        """1d array of the data of the pixels that count."""
        return self.image2array_masked(self.Data.data)

    def error_response(self, kwargs_lens, kwargs_ps, kwargs_special):
        """Variance of the pixels that count.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_ps: parameters of each point source model
        :param kwargs_special: further parameters
        :return: 1d array of the variance, 2d image of the part that comes from the PSF
        """
        error = self._error_map_model(kwargs_lens, kwargs_ps, kwargs_special=kwargs_special)
        return self.image2array_masked(self.Data.C_D + error), error

    def reset_point_source_cache(self, cache=True):
        """Forget the image positions that the point sources keep.

        :param cache: whether they keep the next ones
        """
        self.PointSource.delete_lens_model_cache()
        self.PointSource.set_save_cache(cache)

    def update_psf(self, psf_class):
        """Set another PSF; one of the same shape needs no new program.

        :param psf_class: PSF instance
        """
        self.PSF = psf_class
        self.PSF.set_pixel_size(self.Data.pixel_width)
        self._psf_error_map = self.PSF.psf_variance_map_bool
        self.ImageNumerics = NumericsSubFrame(pixel_grid=self.Data, psf=self.PSF, **self._kwargs_numerics)
        self._set_arrays()

    def update_data(self, data_class):
        """Set other data on the same pixel grid.

        :param data_class: ImageData instance
        """
        self.Data = data_class
        self.ImageNumerics._PixelGrid = data_class
        self._set_arrays()

    @property
    def num_data_evaluate(self):
        """Number of pixels that count."""
        return int(np.sum(self.likelihood_mask))

    def reduced_residuals(self, model, error_map=0):
        """(data - model) / noise, zero in pixels that do not count.

        :param model: 2d image
        :param error_map: 2d image of further variance
        """
        variance = self.Data.C_D_model(model) + np.abs(error_map)
        return (self.Data.data - model) / np.sqrt(variance) * self.likelihood_mask

    def reduced_chi2(self, model, error_map=0):
        """Mean square of the reduced residuals.

        :param model: 2d image
        :param error_map: 2d image of further variance
        """
        return np.sum(self.reduced_residuals(model, error_map) ** 2) / self.num_data_evaluate

    def image2array_masked(self, image):
        """1d array of the pixels that count.

        :param image: 2d image
        """
        return np.asarray(image)[self.likelihood_mask]

    def array_masked2image(self, array):
        """2d image, zero in pixels that do not count.

        :param array: 1d array of the pixels that count
        """
        image = np.zeros(self.likelihood_mask.shape)
        image[self.likelihood_mask] = array
        return image

    def _error_map_model(self, kwargs_lens, kwargs_ps, kwargs_special=None):
        """Variance from the uncertainty of the model (the PSF)."""
        return self._call(ImageModel._error_map, kwargs_lens, kwargs_ps, kwargs_special)

    _error_map_psf = _error_map_model

    @staticmethod
    def _displace_astrometry(x_pos, y_pos, kwargs_special=None):
        """Image positions moved by ``delta_x_image``, ``delta_y_image``; images beyond their length stay."""
        shifts = kwargs_special or {}
        if "delta_x_image" not in shifts:
            return x_pos, y_pos
        moved = []
        for position, shift in ((x_pos, shifts["delta_x_image"]), (y_pos, shifts["delta_y_image"])):
            traced = any(isinstance(v, jax.Array) for v in (position, shift))
            xp = jnp if traced else np
            shift = xp.atleast_1d(xp.asarray(shift))
            moved.append(position + xp.pad(shift, (0, len(position) - len(shift))))
        return tuple(moved)

    # pixel-based sources: the solver is that of slitronomy ------------------------------------------------------------

    def _detect_pixelbased_models(self):
        """Whether the source is pixel-based."""
        names = self.SourceModel.profile_type_list
        if not any(name in PIXEL_BASED for name in names):
            return False
        if len(names) > 1:
            raise ValueError(f"a pixel-based source {PIXEL_BASED} has to be the only source model, not one of {names}.")
        return True

    def _set_pixel_solver(self, options):
        """The solver for a pixel-based source."""
        try:
            from slitronomy.Util.class_util import create_solver_class
        except ImportError as error:
            raise ImportError("pixel-based sources need the package slitronomy.") from error
        numerics = self._kwargs_numerics
        if self.PSF.psf_type not in ("PIXEL", "NONE"):
            raise ValueError(f"pixel-based sources need a PSF of type PIXEL or NONE, not {self.PSF.psf_type}.")
        if numerics.get("compute_mode", "regular") != "regular":
            raise ValueError("pixel-based sources need compute_mode='regular'.")
        if numerics.get("supersampling_convolution", False) and numerics.get("supersampling_factor", 1) > 1:
            raise ValueError("pixel-based sources need supersampling_convolution=False.")
        factor = options.pop("supersampling_factor_source", 1)
        finer = {**numerics, "supersampling_factor": factor, "compute_mode": "regular"}
        self.SourceNumerics = NumericsSubFrame(pixel_grid=self.Data, psf=self.PSF, **finer)
        self.PixelSolver = create_solver_class(
            self.Data,
            self.PSF,
            self.ImageNumerics,
            self.SourceNumerics,
            self.LensModel,
            self.SourceModel,
            self.LensLightModel,
            self.PointSource,
            self._extinction,
            options,
        )
        self.PixelSolver.set_likelihood_mask(self.likelihood_mask)

    def _source_pixelbased(self, kwargs_source, kwargs_lens, kwargs_special, unconvolved, de_lensed, k, update_mapping):
        """Image of a pixel-based source."""
        ra, dec = self.SourceNumerics.coordinates_evaluate
        light = self.SourceModel.surface_brightness(ra, dec, kwargs_source, k=k)
        if de_lensed:
            image = self.SourceNumerics.re_size_convolve(light, unconvolved=unconvolved)
        else:
            light = self.PixelSolver.lensingOperator.source2image(
                light,
                kwargs_lens=kwargs_lens,
                kwargs_special=kwargs_special,
                update_mapping=update_mapping,
                original_source_grid=True,
            )
            image = self.ImageNumerics.re_size_convolve(light, unconvolved=unconvolved)
        return image / self.Data.pixel_width**2 * self._flux_scaling


def _hashable(k):
    """A selection of models as part of a program's identity."""
    return tuple(k) if isinstance(k, list | np.ndarray) else k
