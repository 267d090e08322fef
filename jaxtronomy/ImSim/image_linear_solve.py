"""The image of a lens whose amplitudes are solved for."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.tree_util import Partial

from jaxtronomy.core.compile import to_numpy
from jaxtronomy.core.linear import Band, Blurred, Patched, Patches, best_fit, inverse, log_marginal, normal_equations
from jaxtronomy.core.numerics import safe_divide
from jaxtronomy.core.traces import is_traced
from jaxtronomy.core.tree import unwrap
from jaxtronomy.ImSim.image_model import ImageModel

__all__ = ["ImageLinearFit"]

FEW = 8  # components
NEGATIVE_FLUX = 1e8  # what a negative amplitude costs in log likelihood


class Equations(NamedTuple):
    """What one image has to do with the linear amplitudes.

    ``image`` is a function of the amplitudes and of the weighted model: the image, or of an interferometer that of the
    sky and the convolved one; ``variance`` is that from the PSF; ``band`` the part in the equations of the amplitudes;
    ``present`` says which components are there.
    """

    image: Callable
    variance: jax.Array
    band: Band | Blurred | Patched
    present: jax.Array


class ImageLinearFit(ImageModel):
    """Model of one image; the amplitudes are those of the best weighted least-squares fit to the data."""

    # pure methods -----------------------------------------------------------------------------------------------------

    def _responses(self, *trees, unconvolved=False, beam=False):
        """Images (components, ny, nx) at unit amplitude of sources, lens light and point sources, and which of them are
        there.
        """
        sky, points, present = self._components(trees, unconvolved, beam)
        light = [self._camera.blurred(sky, unconvolved) * self._flux_factor] if sky else []
        points = [p.images() if isinstance(p, Patches) else p for p in points]
        return jnp.nan_to_num(jnp.concatenate([jnp.zeros((0, *self._pixels.mask.shape)), *light, *points])), present

    def _components(self, trees, unconvolved=False, beam=False):
        """At unit amplitude: light before the convolution, and groups of point sources, each as images
        (components, ny, nx) or patches; which components are there.

        Inside a program the lens equation has a fixed number of solutions; those that are no images are not there.
        """
        kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, extinction, special = trees
        special_ = unwrap(special)

        def light(x, y):
            rows = []
            if self.SourceModel.profile_type_list:
                lens, source = unwrap(kwargs_lens), unwrap(kwargs_source)
                flux, _ = self.source_mapping.image_flux_split(x, y, lens, source, special_)
                dust = self._extinction.extinction(x, y, kwargs_extinction=unwrap(extinction), kwargs_special=special_)
                rows += [f * dust for f in flux]
            if self.LensLightModel.profile_type_list:
                rows += list(self.LensLightModel.functions_split(x, y, unwrap(kwargs_lens_light))[0])
            # few components are computed each in a loop of its own
            return [row[None] for row in rows] if len(rows) <= FEW else [jnp.stack(rows)]

        sky, points, present = [], [], [jnp.ones(0, dtype=bool)]
        if self.SourceModel.profile_type_list or self.LensLightModel.profile_type_list:
            sky = self._camera.sky(light, unconvolved, self._beam_points if beam else None)
            present.append(jnp.ones(sum(map(len, sky)), dtype=bool))
        if self.PointSource.point_source_type_list:
            ra, dec, amp, n = self._point_responses(unwrap(kwargs_ps), unwrap(kwargs_lens), special_)
            renderer = self._point_renderer if unconvolved else self._renderer
            groups = [[jnp.atleast_1d(jnp.asarray(v[i], dtype=float)) for v in (ra, dec, amp)] for i in range(n)]
            alone = [len(size) == 1 for *_, size in groups]
            if n and all(alone):  # rendered together
                groups, alone = [map(jnp.concatenate, zip(*groups))], [True]
            for (x, y, size), separate in zip(groups, alone):
                present.append(size != 0 if separate else jnp.any(size != 0)[None])
                size = size * self._flux_factor
                if beam and self._beam is not None:
                    size = size * self._beam_at(x, y)
                points.append(renderer.separate(x, y, size) if separate else renderer.total(x, y, size)[None])
        return sky, points, jnp.concatenate(present)

    def _point_responses(self, kwargs_ps, kwargs_lens, special, with_amp=False):
        """Positions and relative amplitudes of each linear component of the point sources, shifts applied."""
        points = self.PointSource.centred(self._window)
        ra, dec, amp, n = points.linear_response_set(kwargs_ps, kwargs_lens, with_amp=with_amp)
        shifts = special or {}
        if "delta_x_image" in shifts:
            count, start = len(shifts["delta_x_image"]), 0
            ra, dec = list(ra), list(dec)
            for i in range(n):
                length = len(ra[i])
                take = slice(start, min(start + length, count))
                ra[i], dec[i] = self._displace_astrometry(
                    jnp.asarray(ra[i]),
                    jnp.asarray(dec[i]),
                    {key: jnp.asarray(shifts[key])[take] for key in ("delta_x_image", "delta_y_image")},
                )
                start += length
        return ra, dec, amp, n

    def _equations(self, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, extinction, special, constants=None):
        """What the image has to do with the amplitudes.

        :param constants: images of further components that are there, behind the others
        """
        trees = (kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, extinction, special)
        pixels = self._pixels
        if pixels.method == "interferometry_natwt":
            sky, present = self._responses(*trees, unconvolved=True, beam=True)
            sky = sky * pixels.mask[None]
            dirty = self._camera.blur.apply(sky)
            left, right = (image.reshape(len(image), -1) for image in (sky / pixels.background**2, dirty))
            band = Band(left, right, pixels.data.ravel())

            def both(amplitudes, _):
                return tuple(jnp.tensordot(amplitudes, r, 1) for r in (sky, dirty))

            return Equations(both, jnp.zeros(()), band, present)
        error = self._error_map(kwargs_lens, kwargs_ps, special)
        sky, others, present = self._components(trees)
        if constants is not None:
            others.append(constants)
            present = jnp.append(present, jnp.ones(len(constants), bool))
        root = pixels.root_with(error if self._psf_error_map else None)

        def image(_, model):  # the weighted one: responses without weights need not be kept
            return safe_divide(model.reshape(root.shape), root)

        return Equations(image, error, self._band(sky, others, root), present)

    def _band(self, sky, others, root):
        """The part in the equations of the amplitudes of light before the convolution and of further images."""
        data = (self._pixels.data * root).ravel()
        patched = [isinstance(group, Patches) for group in others]
        patches = [group for group in others if isinstance(group, Patches)]
        images = [group for group in others if not isinstance(group, Patches)]
        images = jnp.concatenate([jnp.zeros((0, *root.shape)), *images])
        images = (jnp.nan_to_num(images) * root[None]).reshape(len(images), root.size)
        if sky:
            blur = Partial(_weighted, self._camera, root * self._flux_factor)
            right = jnp.concatenate([jnp.nan_to_num(blur(*sky)), images])
            many = len(sky) == 1 and len(sky[0]) > FEW
            band = Blurred(right, data, *sky, blur, images) if many else Band(right, right, data)
        else:
            band = Band(images, images, data)
        if not patches:
            return band
        in_window = np.repeat([False, *patched], [sum(map(len, sky)), *map(len, others)])
        order = tuple(np.argsort(np.argsort(in_window, kind="stable")).tolist())
        return Patched(band, jax.tree.map(jnp.nan_to_num, Patches.joined(patches)).weighted(root), order)

    def _solution(
        self, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, extinction, special, covariance=False
    ):
        """Image of the best fit, variance from the PSF, covariance of the amplitudes (or None), amplitudes, which of
        them are there.
        """
        trees = (kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, extinction, special)
        own = self._equations(*trees)
        matrix, vector = normal_equations((own.band,), own.present)
        best, (model,) = best_fit((own.band,), matrix, vector)
        return own.image(best, model), own.variance, inverse(matrix) if covariance else None, best, own.present

    def _solved_log_likelihood(
        self,
        kwargs_lens,
        kwargs_source,
        kwargs_lens_light,
        kwargs_ps,
        extinction,
        special,
        linear_prior,
        source_marg=False,
        positive=False,
    ):
        """Logarithm of the likelihood of the best fit, and its amplitudes."""
        trees = (kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps)
        model, error, cov, amplitudes, present = self._solution(*trees, extinction, special, covariance=source_marg)
        value = self._pixels.log_likelihood(model, error)
        if source_marg:
            value = value + log_marginal(cov, linear_prior, present)
        if positive:
            value = value - NEGATIVE_FLUX * self._any_negative(amplitudes, *(unwrap(t) for t in trees))
        return value, amplitudes

    def _any_negative(self, amplitudes, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps):
        """Whether an amplitude that is a flux is negative; those behind the models' (backgrounds) may be."""
        flags = self._positive_flags(kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps)
        return jnp.any((amplitudes[: len(flags)] < 0) & jnp.asarray(flags, dtype=bool))

    def _positive_flags(self, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps):
        """For each amplitude, whether it is a flux, that is: has to be positive."""
        flags = []
        for model, kwargs_list in ((self.SourceModel, kwargs_source), (self.LensLightModel, kwargs_lens_light)):
            numbers = model.num_param_linear_list(kwargs_list) if model.profile_type_list else []
            for i, number in enumerate(numbers):
                probe = [{"amp": -1.0} if j == i else {} for j in range(len(numbers))]
                flags += [not model.check_positive_flux_profile(probe)] * int(number)
        n = self.PointSource.num_basis(kwargs_ps, kwargs_lens) if self.PointSource.point_source_type_list else 0
        return flags + [True] * n

    # public methods ---------------------------------------------------------------------------------------------------

    def image_linear_solve(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_extinction=None,
        kwargs_special=None,
        inv_bool=False,
    ):
        """The image of the best fit; its amplitudes are written into the parameters given.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model; their ``amp`` is set
        :param kwargs_lens_light: parameters of each lens light model; their ``amp`` is set
        :param kwargs_ps: parameters of each point source model; their amplitudes are set
        :param kwargs_extinction: parameters of each optical depth model
        :param kwargs_special: further parameters
        :param inv_bool: whether the covariance of the amplitudes is wanted
        :return: 2d image (for interferometers: image of the sky and convolved image), 2d image of the variance from the
            PSF, covariance or None, amplitudes
        """
        if self._pixelbased_bool:
            return ImageLinearFit.image_pixelbased_solve(
                self, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, kwargs_extinction, kwargs_special
            )
        model, error, cov, amplitudes, present = self._call(
            ImageLinearFit._solution,
            kwargs_lens,
            kwargs_source,
            kwargs_lens_light,
            kwargs_ps,
            kwargs_extinction,
            kwargs_special,
            covariance=bool(inv_bool),
        )
        amplitudes, cov = _those_present(amplitudes, cov, present)
        if isinstance(model, tuple):
            model, error = list(model), 0
        ImageLinearFit.update_linear_kwargs(self, amplitudes, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps)
        return model, error, cov, amplitudes

    def image_pixelbased_solve(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_extinction=None,
        kwargs_special=None,
        init_lens_light_model=None,
    ):
        """The image of the best fit with a pixel-based source, by the solver of slitronomy.

        Parameters and results as in :meth:`image_linear_solve`.

        :param init_lens_light_model: first guess of the lens light
        """
        _, error = ImageModel.error_response(self, kwargs_lens, kwargs_ps, kwargs_special=kwargs_special)
        model, param, _ = self.PixelSolver.solve(
            kwargs_lens,
            kwargs_source,
            kwargs_lens_light=kwargs_lens_light,
            kwargs_ps=kwargs_ps,
            kwargs_special=kwargs_special,
            init_lens_light_model=init_lens_light_model,
        )
        self.update_pixel_kwargs(kwargs_source, kwargs_lens_light)
        ImageLinearFit.update_linear_kwargs(self, param, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps)
        return model, error, None, param

    def likelihood_data_given_model(
        self,
        kwargs_lens=None,
        kwargs_source=None,
        kwargs_lens_light=None,
        kwargs_ps=None,
        kwargs_extinction=None,
        kwargs_special=None,
        source_marg=False,
        linear_prior=None,
        check_positive_flux=False,
    ):
        """Logarithm of the likelihood of the data for the best amplitudes, which are written into the parameters given.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_lens_light: parameters of each lens light model
        :param kwargs_ps: parameters of each point source model
        :param kwargs_extinction: parameters of each optical depth model
        :param kwargs_special: further parameters
        :param source_marg: whether the amplitudes are marginalised over
        :param linear_prior: width of their prior, None for a flat one
        :param check_positive_flux: whether a negative flux costs 1e8
        :return: log likelihood, amplitudes
        """
        if self._pixelbased_bool:
            solution = ImageLinearFit.image_linear_solve(
                self, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps, kwargs_extinction, kwargs_special
            )
            value = self.Data.log_likelihood(solution[0], self.likelihood_mask, solution[1])
            return value, solution[3]
        value, amplitudes = self._call(
            ImageLinearFit._solved_log_likelihood,
            kwargs_lens,
            kwargs_source,
            kwargs_lens_light,
            kwargs_ps,
            kwargs_extinction,
            kwargs_special,
            linear_prior,
            source_marg=bool(source_marg),
            positive=bool(check_positive_flux),
        )
        # images that are solved for have amplitudes that only image_linear_solve can tell apart from fill-ins
        if not (isinstance(amplitudes, jax.Array) or "SOURCE_POSITION" in self.PointSource.point_source_type_list):
            ImageLinearFit.update_linear_kwargs(
                self, amplitudes, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps
            )
        return value, amplitudes

    def likelihood_data_given_model_solution(
        self,
        model,
        model_error,
        cov_matrix,
        param,
        kwargs_lens,
        kwargs_source,
        kwargs_lens_light,
        kwargs_ps,
        source_marg=False,
        linear_prior=None,
        check_positive_flux=False,
    ):
        """Logarithm of the likelihood of the data for a solution of :meth:`image_linear_solve`.

        :param model: 2d image
        :param model_error: 2d image of the variance from the PSF
        :param cov_matrix: covariance of the amplitudes
        :param param: amplitudes
        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_lens_light: parameters of each lens light model
        :param kwargs_ps: parameters of each point source model
        :param source_marg: whether the amplitudes are marginalised over
        :param linear_prior: width of their prior, None for a flat one
        :param check_positive_flux: whether a negative flux costs 1e8
        :return: log likelihood
        """
        value = self.Data.log_likelihood(model, self.likelihood_mask, model_error)
        if cov_matrix is not None and source_marg and not self._pixelbased_bool:
            value = value + to_numpy(log_marginal(np.asarray(cov_matrix, dtype=float), linear_prior))
        if check_positive_flux:
            ImageLinearFit.update_linear_kwargs(self, param, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps)
            if not self.check_positive_flux(kwargs_source, kwargs_lens_light, kwargs_ps):
                value = value - NEGATIVE_FLUX
        return value

    def num_param_linear(self, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps):
        """Number of amplitudes that are solved for.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_lens_light: parameters of each lens light model
        :param kwargs_ps: parameters of each point source model
        """
        number = self.PointSource.num_basis(kwargs_ps, kwargs_lens)
        if not self._pixelbased_bool:
            number += self.SourceModel.num_param_linear(kwargs_source)
            number += self.LensLightModel.num_param_linear(kwargs_lens_light)
        return number

    def linear_response_matrix(
        self,
        kwargs_lens,
        kwargs_source,
        kwargs_lens_light,
        kwargs_ps,
        kwargs_extinction=None,
        kwargs_special=None,
        unconvolved=False,
    ):
        """Responses of the pixels that count to each amplitude.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_lens_light: parameters of each lens light model
        :param kwargs_ps: parameters of each point source model
        :param kwargs_extinction: parameters of each optical depth model
        :param kwargs_special: further parameters
        :param unconvolved: True for extended light without PSF
        :return: matrix (components, pixels)
        """
        return self._masked_rows(
            *self._call(
                ImageLinearFit._responses,
                kwargs_lens,
                kwargs_source,
                kwargs_lens_light,
                kwargs_ps,
                kwargs_extinction,
                kwargs_special,
                unconvolved=bool(unconvolved),
            )
        )

    def linear_response_matrix_interferometry_unconvolved(
        self,
        kwargs_lens,
        kwargs_source,
        kwargs_lens_light,
        kwargs_ps,
        kwargs_extinction=None,
        kwargs_special=None,
    ):
        """The same for an interferometer: images of the sky through the primary beam, without convolution.

        Parameters and result as in :meth:`linear_response_matrix`.
        """
        return self._masked_rows(
            *self._call(
                ImageLinearFit._responses,
                kwargs_lens,
                kwargs_source,
                kwargs_lens_light,
                kwargs_ps,
                kwargs_extinction,
                kwargs_special,
                unconvolved=True,
                beam=True,
            )
        )

    def _masked_rows(self, images, present):
        """Rows of the components that are there (all of them inside a program), in the pixels that count."""
        images = images if isinstance(present, jax.Array) else images[np.asarray(present, dtype=bool)]
        return images.reshape(len(images), -1)[:, self._mask1d]

    def update_linear_kwargs(self, param, kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps):
        """Write amplitudes into the parameters.

        :param param: amplitudes in the order of the response matrix
        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model, changed
        :param kwargs_lens_light: parameters of each lens light model, changed
        :param kwargs_ps: parameters of each point source model, changed
        :return: the four lists
        """
        i = 0
        kwargs_source, i = self.SourceModel.update_linear(param, i, kwargs_list=kwargs_source)
        kwargs_lens_light, i = self.LensLightModel.update_linear(param, i, kwargs_list=kwargs_lens_light)
        kwargs_ps, i = self.PointSource.update_linear(param, i, kwargs_ps, kwargs_lens)
        return kwargs_lens, kwargs_source, kwargs_lens_light, kwargs_ps

    def linear_param_from_kwargs(self, kwargs_source, kwargs_lens_light, kwargs_ps):
        """Amplitudes of the parameters, in the order of the response matrix.

        :param kwargs_source: parameters of each source model
        :param kwargs_lens_light: parameters of each lens light model
        :param kwargs_ps: parameters of each point source model
        :return: list of amplitudes
        """
        return [
            *self.SourceModel.linear_param_from_kwargs(kwargs_source),
            *self.LensLightModel.linear_param_from_kwargs(kwargs_lens_light),
            *self.PointSource.linear_param_from_kwargs(kwargs_ps),
        ]

    def update_pixel_kwargs(self, kwargs_source, kwargs_lens_light):
        """Write size, scale and centre of the pixels into the parameters of pixel-based profiles.

        :param kwargs_source: parameters of each source model, changed
        :param kwargs_lens_light: parameters of each lens light model, changed
        :return: the two lists
        """
        finer = self.SourceNumerics.grid_supersampling_factor
        targets = [(kwargs_source, finer)] + ([(kwargs_lens_light, 1)] if kwargs_lens_light else [])
        for kwargs, factor in targets:
            kwargs[0]["n_pixels"] = int(self.Data.num_pixel * factor**2)
            kwargs[0]["scale"] = self.Data.pixel_width / factor
            kwargs[0]["center_x"] = kwargs[0]["center_y"] = 0
        return kwargs_source, kwargs_lens_light

    def error_map_source(self, kwargs_source, x_grid, y_grid, cov_param):
        """Variance of the reconstructed source from the covariance of its amplitudes.

        :param kwargs_source: parameters of each source model
        :param x_grid: source-plane positions [arcsec], 1d
        :param y_grid: source-plane positions [arcsec], 1d
        :param cov_param: covariance of all amplitudes, those of the source first; None: no variance
        :return: variance of the surface brightness at the positions
        """
        if cov_param is None:
            return np.zeros_like(x_grid)
        basis, n = self.SourceModel.functions_split(x_grid, y_grid, kwargs_source)
        return np.einsum("ip,ij,jp->p", np.array(basis), np.asarray(cov_param)[:n, :n], np.array(basis))

    def point_source_linear_response_set(self, kwargs_ps, kwargs_lens, kwargs_special=None, with_amp=True):
        """Positions and relative amplitudes of the linear components of the point sources, shifts applied.

        :param kwargs_ps: parameters of each point source model
        :param kwargs_lens: parameters of each lens model
        :param kwargs_special: may hold the shifts ``delta_x_image``, ``delta_y_image``
        :param with_amp: whether the relative amplitudes of images are those given
        :return: lists of positions x, y and amplitudes, their number
        """
        ra, dec, amp, n = self._point_responses(kwargs_ps, kwargs_lens, kwargs_special, with_amp)
        if is_traced((ra, dec, amp)):
            return ra, dec, amp, n
        return [np.array(v) for v in ra], [np.array(v) for v in dec], amp, n

    def check_positive_flux(self, kwargs_source, kwargs_lens_light, kwargs_ps):
        """Whether all amplitudes that are fluxes are positive.

        :param kwargs_source: parameters of each source model
        :param kwargs_lens_light: parameters of each lens light model
        :param kwargs_ps: parameters of each point source model
        """
        points = self.PointSource.check_positive_flux(kwargs_ps)
        if self._pixelbased_bool:
            return bool(points)
        source = self.SourceModel.check_positive_flux_profile(kwargs_source)
        lens_light = self.LensLightModel.check_positive_flux_profile(kwargs_lens_light)
        return bool(points and source and lens_light)


def _weighted(camera, weight, *sky):
    """Images of light before the convolution, weighted, as rows (components, pixels)."""
    images = camera.blurred(list(sky)) * weight[None]
    return images.reshape(len(images), -1)


def _those_present(amplitudes, covariance, present):
    """Amplitudes and covariance of the components that are there; all of them inside a program."""
    if isinstance(present, jax.Array):
        return amplitudes, covariance
    present = np.asarray(present, dtype=bool)
    return amplitudes[present], None if covariance is None else covariance[np.ix_(present, present)]
