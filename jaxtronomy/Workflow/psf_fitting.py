"""The PSF, estimated from the point sources of the image that is modelled.

All but one point source is subtracted from the image; what is left is a picture of the PSF. The pictures of all point
sources are stacked, and a part of the stack replaces the kernel. As the model of everything else depends on the PSF,
this is repeated, with amplitudes solved for anew (Chen et al. 2016; Birrer et al. 2019).
"""

import copy
import warnings

import numpy as np
import scipy

from jaxtronomy.core.extras import require
from jaxtronomy.Data.psf import PSF
from jaxtronomy.Util import image_util, kernel_util, mask_util, util

__all__ = ["PsfFitting"]

STACKS = {"median": np.median, "mean": np.mean}


class PsfFitting:
    """Iterative estimate of the PSF of an image model.

    Only ``kernel_point_source`` and ``psf_variance_map`` of the PSF are used and changed.
    """

    def __init__(self, image_model_class):
        """
        :param image_model_class: :class:`~jaxtronomy.ImSim.image_linear_solve.ImageLinearFit`, or
            :class:`~jaxtronomy.ImSim.MultiBand.single_band_multi_model.SingleBandMultiModel`
        """
        self._image_model_class = image_model_class

    @staticmethod
    def calc_cornermask(kernelsize, psf_symmetry):
        """Where a kernel that is turned is not complete: in the corners.

        :param kernelsize: pixels per side
        :param psf_symmetry: number of turns
        :return: True where pixels are missing in some of them
        """
        whole = np.ones((kernelsize, kernelsize))
        turned = [np.minimum(image_util.rotateImage(whole, 360.0 / psf_symmetry * k), 1) for k in range(psf_symmetry)]
        total = np.sum(turned, axis=0)
        return total < total.max()

    def update_iterative(
        self,
        kwargs_psf,
        kwargs_params,
        num_iter=10,
        keep_psf_variance_map=True,
        no_break=True,
        verbose=True,
        **kwargs_psf_update,
    ):
        """Improve the PSF step by step.

        :param kwargs_psf: options of :class:`~jaxtronomy.Data.psf.PSF`
        :param kwargs_params: parameter lists of the models
        :param num_iter: number of steps
        :param keep_psf_variance_map: whether the variance map stays as it is, rather than being estimated
        :param no_break: True to make all steps; False to stop at the first one that does not improve the likelihood
        :param verbose: whether the result is printed
        :param kwargs_psf_update: options of :meth:`update_psf`
        :return: options of the best PSF, with what was there at first in ``kernel_point_source_init``
        """
        model = self._image_model_class
        model.PointSource.set_save_cache(True)
        first = copy.deepcopy(kwargs_psf.get("kernel_point_source_init", kwargs_psf["kernel_point_source"]))
        variance = kwargs_psf.get("psf_variance_map")
        variance = np.zeros_like(first) if variance is None else variance
        best_variance, best_psf, now = variance, copy.deepcopy(kwargs_psf), copy.deepcopy(kwargs_psf)
        params = {k: copy.deepcopy(v) for k, v in kwargs_params.items() if k != "kwargs_tracer_source"}
        model.update_psf(PSF(**kwargs_psf))
        before, _ = model.likelihood_data_given_model(**params)
        best, best_step = before, 0
        corners = None
        if isinstance(kwargs_psf_update.get("corner_symmetry"), int):
            corners = self.calc_cornermask(len(kwargs_psf["kernel_point_source"]), kwargs_psf_update["psf_symmetry"])
        for i in range(num_iter):
            now, value, error_map = self.update_psf(now, params, corners, **kwargs_psf_update)
            if value > best:
                best_psf, best_variance, best, best_step = copy.deepcopy(now), error_map, value, i + 1
            elif not no_break:
                if verbose:
                    print(f"iterative PSF reconstruction makes reconstruction worse in step {i} - aborted")
                break
        if verbose:
            print(f"iteration of step {best_step} gave best reconstruction.")
            print(f"log likelihood before: {before} and log likelihood after: {best}")
        best_psf["psf_variance_map"] = copy.deepcopy(variance if keep_psf_variance_map else best_variance)
        best_psf["kernel_point_source_init"] = first
        return best_psf

    def update_psf(
        self,
        kwargs_psf,
        kwargs_params,
        corner_mask=None,
        stacking_method="median",
        psf_symmetry=1,
        psf_iter_factor=0.2,
        block_center_neighbour=0,
        error_map_radius=None,
        block_center_neighbour_error_map=None,
        new_procedure=True,
        corner_symmetry=None,
        use_starred=False,
        kwargs_starred=None,
        mask_starred=None,
    ):
        """One step.

        :param kwargs_psf: options of the PSF
        :param kwargs_params: parameter lists of the models
        :param corner_mask: True where a turned kernel is not complete, see :meth:`calc_cornermask`
        :param stacking_method: 'median' or 'mean'
        :param psf_symmetry: number of turns under which the PSF shall be the same
        :param psf_iter_factor: weight of the estimate, 0 to 1; that of the kernel as it was is the rest
        :param block_center_neighbour: radius around other point sources that does not count [arcsec]
        :param error_map_radius: radius beyond which the variance map is zero [arcsec], None: nowhere
        :param block_center_neighbour_error_map: the same for the variance map; None: ``block_center_neighbour``
        :param new_procedure: True to correct the (supersampled) kernel by the residuals; False to replace it by cutouts
        :param corner_symmetry: number of turns where ``corner_mask`` is True
        :param use_starred: True to have STARRED (Michalewicz et al. 2023) estimate the PSF
        :param kwargs_starred: options of its ``run_multi_steps_PSF_reconstruction``
        :param mask_starred: pixels that count, (number of point sources, pixels, pixels)
        :return: options of the PSF, log likelihood with it, variance map
        """
        image_model = self._image_model_class
        psf = PSF(**kwargs_psf)
        factor = kwargs_psf.get("point_source_supersampling_factor", 1)
        updated = {
            "psf_type": "PIXEL",
            "kernel_point_source": copy.deepcopy(kwargs_psf["kernel_point_source"]),
            "point_source_supersampling_factor": factor,
            "psf_variance_map": copy.deepcopy(kwargs_psf.get("psf_variance_map")),
        }
        image_model.update_psf(PSF(**updated))
        model, _, _, _ = image_model.image_linear_solve(**kwargs_params)
        ra, dec, amp = image_model.PointSource.point_source_list(
            kwargs_params.get("kwargs_ps"), kwargs_params.get("kwargs_lens")
        )
        if not len(ra):
            warnings.warn("There is no point source: the PSF stays as it is.", stacklevel=2)
            kernel, error_map = updated["kernel_point_source"], np.zeros_like(psf.kernel_point_source)
        elif use_starred:
            kernel, error_map = self._starred(
                psf, kwargs_params, (ra, dec, amp), factor, psf_iter_factor, psf_symmetry, error_map_radius,
                corner_mask, kwargs_starred, mask_starred,
            )  # fmt: skip
        elif new_procedure:
            old = psf.kernel_point_source_supersampled(supersampling_factor=factor)
            estimates = self.psf_estimate_individual(
                ra,
                dec,
                amp,
                image_model.Data.data - model,
                cutout_size=len(psf.kernel_point_source),
                kernel_guess=old,
                supersampling_factor=factor,
                block_center_neighbour=block_center_neighbour,
            )
            kernel = self.combine_psf(
                estimates,
                old,
                factor=psf_iter_factor,
                stacking_option=stacking_method,
                symmetry=psf_symmetry,
                corner_symmetry=corner_symmetry,
                corner_mask=corner_mask,
            )
            kernel = kernel_util.cut_psf(kernel, psf_size=len(old))
            error_map = self.error_map_estimate_new(
                kernel, estimates, ra, dec, amp, factor, error_map_radius=error_map_radius
            )
        else:
            if block_center_neighbour_error_map is None:
                block_center_neighbour_error_map = block_center_neighbour
            kernel, error_map = self._from_cutouts(
                psf.kernel_point_source, kwargs_params, (ra, dec, amp), psf_iter_factor, stacking_method, psf_symmetry,
                block_center_neighbour, error_map_radius, block_center_neighbour_error_map,
            )  # fmt: skip
            if factor > 1:
                kernel = kernel_util.subgrid_kernel(kernel, subgrid_res=factor, odd=True, num_iter=10)
                kernel = kernel_util.cut_psf(kernel, psf_size=len(kwargs_psf["kernel_point_source"]))
        updated["kernel_point_source"] = kernel
        image_model.update_psf(PSF(**updated))
        value, _ = image_model.likelihood_data_given_model(**kwargs_params)
        return updated, value, error_map

    def _from_cutouts(
        self, old, kwargs_params, points, weight, stacking, symmetry, block_radius, error_radius, block_radius_error
    ):
        """Kernel and variance map from cutouts of the point sources."""
        ra, dec, amp = points
        x, y = self._image_model_class.Data.map_coord2pix(ra, dec)
        images = self.image_single_point_source(self._image_model_class, kwargs_params)
        cutouts = self.point_like_source_cutouts(x, y, images, cutout_size=len(old))
        estimates = self.cutout_psf(ra, dec, x, y, images, len(old), old, block_center_neighbour=block_radius)
        kernel = self.combine_psf(estimates, old, factor=weight, stacking_option=stacking, symmetry=symmetry)
        kernel = kernel_util.cut_psf(kernel, psf_size=len(old))
        error_map = self.error_map_estimate(
            kernel, cutouts, amp, x, y, error_map_radius=error_radius, block_center_neighbour=block_radius_error
        )
        return kernel, error_map

    def _starred(self, psf, kwargs_params, points, factor, weight, symmetry, error_radius, corner_mask, options, masks):
        """Kernel and variance map by STARRED."""
        what = "use_starred"
        routines = require("starred.procedures.psf_routines", what)
        model_class = require("starred.psf.psf", what).PSF
        parameters_class = require("starred.psf.parameters", what).ParametersPSF
        if factor != 3:
            warnings.warn(f"STARRED works best with a supersampling factor of 3, not {factor}.", stacklevel=3)
        if symmetry != 1 or corner_mask is not None:
            warnings.warn("STARRED imposes no symmetry: psf_symmetry and corner_symmetry are ignored.", stacklevel=3)
        data = self._image_model_class.Data
        ra, dec, amp = points
        x, y = data.map_coord2pix(ra, dec)
        size = len(psf.kernel_point_source)
        images = self.image_single_point_source(self._image_model_class, kwargs_params)
        cutouts = np.asarray(self.point_like_source_cutouts(x, y, images, cutout_size=size))
        variances = np.asarray(self.point_like_source_cutouts(x, y, [data.C_D] * len(x), cutout_size=size))
        scale = cutouts[0].max()
        cutouts, variances = cutouts / scale, variances / scale**2
        if np.any(variances <= 0):
            warnings.warn("Pixels whose variance is not positive are given the median variance.", stacklevel=3)
            variances = np.where(variances <= 0, np.median(variances), variances)
        model = model_class(
            image_size=size, number_of_sources=len(cutouts), upsampling_factor=factor, elliptical_moffat=True
        )
        start, fixed, upper, lower = model.smart_guess(cutouts, fixed_background=False)
        parameters = parameters_class(start, fixed, kwargs_up=upper, kwargs_down=lower)
        model, _, _, partial, _, _ = routines.run_multi_steps_PSF_reconstruction(
            cutouts, model, parameters, variances, masks=masks, **(options or {})
        )
        estimates = [k / np.sum(k) for k in np.asarray(model.model(**partial[-1], high_res=True))]
        new = np.array(model.get_full_psf(**partial[-1], norm=True, high_res=True))
        old = psf.kernel_point_source_supersampled(supersampling_factor=factor)
        error_map = self.error_map_estimate_new(new, estimates, ra, dec, amp, factor, error_map_radius=error_radius)
        return weight * new + (1.0 - weight) * old, error_map

    def image_single_point_source(self, image_model_class, kwargs_params):
        """The data less the model of all but one point source, for each of them.

        :param image_model_class: the image model
        :param kwargs_params: parameter lists of the models
        :return: list of images
        """
        model, _, _, _ = image_model_class.image_linear_solve(**kwargs_params)
        points = self._point_sources_list(
            image_model_class, kwargs_params.get("kwargs_ps"), kwargs_params.get("kwargs_lens")
        )
        rest = image_model_class.Data.data - model
        return [(rest + point) * image_model_class.likelihood_mask for point in points]

    @staticmethod
    def _point_sources_list(image_model_class, kwargs_ps, kwargs_lens, k=None):
        """Images of one point source each."""
        points = zip(*image_model_class.PointSource.point_source_list(kwargs_ps, kwargs_lens, k=k))
        render = image_model_class.ImageNumerics.point_source_rendering
        return [render(*(np.array([value]) for value in point)) for point in points]

    def _masks(self, ra_image, dec_image, radius):
        """For each point source, the pixels of the image that count."""
        image_model = self._image_model_class
        ra_grid, dec_grid = (util.image2array(grid) for grid in image_model.Data.pixel_coordinates)
        return [
            image_model.likelihood_mask * self.mask_point_source(ra_image, dec_image, ra_grid, dec_grid, radius, i=i)
            for i in range(len(ra_image))
        ]

    def cutout_psf(self, ra_image, dec_image, x, y, image_list, kernel_size, kernel_init, block_center_neighbour=0):
        """Estimates of the PSF from cutouts.

        :param ra_image: positions of the point sources [arcsec]
        :param dec_image: positions of the point sources [arcsec]
        :param x: positions of the point sources [pixels]
        :param y: positions of the point sources [pixels]
        :param image_list: images of one point source each
        :param kernel_size: pixels per side
        :param kernel_init: kernel for pixels that are masked
        :param block_center_neighbour: radius around other point sources that does not count [arcsec]
        :return: list of kernels
        """
        masks = self._masks(ra_image, dec_image, block_center_neighbour)
        return [
            self.cutout_psf_single(x_i, y_i, image, mask, kernel_size, kernel_init)
            for x_i, y_i, image, mask in zip(x, y, image_list, masks)
        ]

    def psf_estimate_individual(
        self,
        ra_image,
        dec_image,
        point_amp,
        residuals,
        cutout_size,
        kernel_guess,
        supersampling_factor,
        block_center_neighbour,
    ):
        """Estimates of the PSF: the kernel, corrected by the residuals around each point source.

        :param ra_image: positions of the point sources [arcsec]
        :param dec_image: positions of the point sources [arcsec]
        :param point_amp: their amplitudes
        :param residuals: data less model
        :param cutout_size: pixels per side around each of them
        :param kernel_guess: kernel, supersampled
        :param supersampling_factor: its subpixels per pixel and axis
        :param block_center_neighbour: radius around other point sources that does not count [arcsec]
        :return: list of kernels
        """
        factor = supersampling_factor
        masks = self._masks(ra_image, dec_image, block_center_neighbour)
        kernels = []
        for x, y, amp, mask in zip(*self._image_model_class.Data.map_coord2pix(ra_image, dec_image), point_amp, masks):
            x_int, y_int = round(x), round(y)
            cutout, mask = (
                kernel_util.cutout_source(x_int, y_int, image, cutout_size + 2, shift=False)
                for image in (residuals, mask)
            )
            cutout = np.kron(cutout * mask / amp, np.ones((factor, factor)))
            shift = np.array([y_int - y, x_int - x]) * factor
            if factor % 2:
                shifted = scipy.ndimage.shift(cutout, shift=shift, order=1)
            else:  # to an odd number of subpixels, the middle of one of them being that of a pixel
                shifted = scipy.ndimage.shift(cutout, shift=shift - 0.5, order=1)[:-1, :-1]
            shifted = image_util.cut_edges(shifted, len(kernel_guess))
            kernels.append(kernel_guess + shifted - np.mean(shifted))
        return kernels

    @staticmethod
    def point_like_source_cutouts(x_pos, y_pos, image_list, cutout_size):
        """Cutouts around point sources.

        :param x_pos: positions of the point sources [pixels]
        :param y_pos: positions of the point sources [pixels]
        :param image_list: an image for each of them
        :param cutout_size: pixels per side, odd
        :return: list of cutouts
        """
        return [
            kernel_util.cutout_source(round(x), round(y), image, cutout_size, shift=False)
            for x, y, image in zip(x_pos, y_pos, image_list)
        ]

    @staticmethod
    def cutout_psf_single(x, y, image, mask, kernel_size, kernel_init):
        """Estimate of the PSF from the cutout of one point source.

        :param x: position of the point source [pixels]
        :param y: position of the point source [pixels]
        :param image: image of this point source
        :param mask: pixels that count
        :param kernel_size: pixels per side
        :param kernel_init: kernel for pixels that are masked
        :return: kernel of sum 1
        """
        x_int, y_int = round(x), round(y)
        star, mask = (kernel_util.cutout_source(x_int, y_int, im, kernel_size + 2, shift=False) for im in (image, mask))
        inside = mask == 1
        shift_x, shift_y = x_int - x, y_int - y
        guess = scipy.ndimage.shift(np.pad(kernel_init, 1), shift=[-shift_y, -shift_x], order=1)
        # as bright, where pixels count, as the kernel that fills the others
        star = star * (np.sum(guess[inside]) / np.sum(star[inside]))
        star = np.maximum(np.where(mask == 0, guess, star), 0)
        star = kernel_util.de_shift_kernel(star, shift_x, shift_y, iterations=20, fractional_step_size=0.1)
        return kernel_util.kernel_norm(image_util.cut_edges(star, kernel_size))

    @staticmethod
    def combine_psf(
        kernel_list_new,
        kernel_old,
        factor=1.0,
        stacking_option="median",
        symmetry=1,
        corner_symmetry=None,
        corner_mask=None,
    ):
        """Stack of estimates, combined with the kernel as it was.

        :param kernel_list_new: estimates, of any norm
        :param kernel_old: kernel as it was
        :param factor: weight of the stack
        :param stacking_option: 'median' or 'mean'
        :param symmetry: number of turns of each estimate that are stacked
        :param corner_symmetry: the same where ``corner_mask`` is True; None: no difference is made
        :param corner_mask: True where turned kernels are not complete
        :return: kernel of sum 1
        :raises ValueError: when the stack is not known
        """
        if stacking_option not in STACKS:
            raise ValueError(f"stacking_option is {stacking_option!r}; allowed are {', '.join(STACKS)}.")
        estimates = [kernel_util.kernel_norm(kernel) for kernel in kernel_list_new]

        def stack(turns):
            turned = [image_util.rotateImage(e, 360.0 / turns * k) for e in estimates for k in range(turns)]
            return np.maximum(np.nan_to_num(STACKS[stacking_option](turned, axis=0)), 0)

        new = stack(symmetry)
        if isinstance(corner_symmetry, int):
            new[corner_mask] = stack(corner_symmetry)[corner_mask]
        return factor * kernel_util.kernel_norm(new) + (1.0 - factor) * kernel_util.kernel_norm(kernel_old)

    def error_map_estimate_new(
        self,
        psf_kernel,
        psf_kernel_list,
        ra_image,
        dec_image,
        point_amp,
        supersampling_factor,
        error_map_radius=None,
    ):
        """Variance of the PSF relative to its square, from the scatter of the estimates beyond the noise.

        :param psf_kernel: kernel, supersampled
        :param psf_kernel_list: estimates, supersampled
        :param ra_image: positions of the point sources [arcsec]
        :param dec_image: positions of the point sources [arcsec]
        :param point_amp: their amplitudes
        :param supersampling_factor: subpixels per pixel and axis
        :param error_map_radius: radius beyond which it is zero [arcsec], None: nowhere
        :return: map on pixels: the variance of an image is this times (amplitude times kernel)^2
        """
        data = self._image_model_class.Data
        kernel = kernel_util.degrade_kernel(psf_kernel, supersampling_factor)
        squares = []
        for estimate, x, y, amp in zip(psf_kernel_list, *data.map_coord2pix(ra_image, dec_image), point_amp):
            noise = np.sqrt(kernel_util.cutout_source(round(x), round(y), data.C_D, len(kernel), shift=False)) / amp
            residual = np.abs(kernel - kernel_util.degrade_kernel(estimate, supersampling_factor)) - noise
            squares.append(np.maximum(residual, 0) ** 2)
        return self._relative(np.median(squares, axis=0), kernel, error_map_radius)

    def error_map_estimate(
        self, kernel, star_cutout_list, amp, x_pos, y_pos, error_map_radius=None, block_center_neighbour=0
    ):
        """Variance of the PSF relative to its square, from the residuals of cutouts beyond the noise.

        :param kernel: kernel
        :param star_cutout_list: cutouts of the point sources
        :param amp: their amplitudes
        :param x_pos: their positions [pixels]
        :param y_pos: their positions [pixels]
        :param error_map_radius: radius beyond which it is zero [arcsec], None: nowhere
        :param block_center_neighbour: radius around other point sources that does not count [arcsec]
        :return: map on pixels: the variance of an image is this times (amplitude times kernel)^2
        """
        data = self._image_model_class.Data
        masks = self._masks(*data.map_pix2coord(np.asarray(x_pos), np.asarray(y_pos)), block_center_neighbour)
        squares = []
        for star, x, y, amp_i, mask in zip(star_cutout_list, x_pos, y_pos, amp, masks):
            x_int, y_int = round(x), round(y)
            model = scipy.ndimage.shift(kernel, shift=[y - y_int, x - x_int], order=1) * amp_i
            variance, mask = (
                kernel_util.cutout_source(x_int, y_int, image, len(star), shift=False) for image in (data.C_D, mask)
            )
            residual = np.maximum(np.abs(star - model) - np.sqrt(variance), 0) / amp_i
            squares.append(residual**2 * mask)
        return self._relative(np.median(squares, axis=0), kernel, error_map_radius)

    def _relative(self, variance, kernel, radius):
        """A variance relative to the square of the kernel, 1 at most, zero beyond a radius."""
        inside = kernel > 0
        variance[inside] /= kernel[inside] ** 2
        variance = np.minimum(np.nan_to_num(variance), 1)
        if radius is not None:
            x, y = util.make_grid(num_pix=len(variance), delta_pix=self._image_model_class.Data.pixel_width)
            variance = variance * util.array2image(mask_util.mask_azimuthal(x, y, center_x=0, center_y=0, r=radius))
        return variance

    @staticmethod
    def mask_point_source(x_pos, y_pos, x_grid, y_grid, radius, i=0):
        """Mask of all point sources but one.

        :param x_pos: positions of the point sources
        :param y_pos: positions of the point sources
        :param x_grid: positions of the pixels, in the same unit, flat
        :param y_grid: positions of the pixels, flat
        :param radius: radius around point sources that is masked
        :param i: index of the point source that is not masked
        :return: image, 0 where it is masked, 1 elsewhere
        """
        mask = np.ones_like(x_grid)
        for k, (x, y) in enumerate(zip(x_pos, y_pos)):
            if k != i:
                mask *= 1 - mask_util.mask_azimuthal(x_grid, y_grid, x, y, radius)
        return util.array2image(mask)
