"""Lists of point sources: the class that scripts use."""

import copy

import numpy as np

from jaxtronomy.core.compile import namespace
from jaxtronomy.core.traces import is_traced
from jaxtronomy.core.tree import freeze, structure
from jaxtronomy.PointSource.point_source_cached import PointSourceCached
from jaxtronomy.PointSource.Types.lensed_position import LensedPositions
from jaxtronomy.PointSource.Types.source_position import SourcePositions
from jaxtronomy.PointSource.Types.unlensed import Unlensed

__all__ = ["PointSource"]

CENTRE = ("x_center", "y_center")  # options of the solver that are data
_SUPPORTED_MODELS = ["UNLENSED", "LENSED_POSITION", "SOURCE_POSITION"]


def _given(entries, default):
    """Entries, which may be an array, as a list; the default where there are none."""
    return default if entries is None or len(entries) == 0 else list(entries)


class PointSource:
    """A list of point sources.

    Every method works inside ``jit``, ``grad`` and ``vmap``. There the number of images of a 'SOURCE_POSITION' is fixed
    (:data:`~jaxtronomy.LensModel.Solver.lens_equation_solver.MAX_IMAGES`), and entries that are no images repeat the
    first one with no amplitude.
    """

    def __init__(
        self,
        point_source_type_list,
        lens_model=None,
        fixed_magnification_list=None,
        additional_images_list=None,
        flux_from_point_source_list=None,
        magnification_limit=None,
        save_cache=False,
        kwargs_lens_eqn_solver=None,
        index_lens_model_list=None,
        point_source_frame_list=None,
        redshift_list=None,
    ):
        """
        :param point_source_type_list: 'UNLENSED', 'LENSED_POSITION' or 'SOURCE_POSITION' for each point source
        :param lens_model: :class:`~jaxtronomy.LensModel.lens_model.LensModel`
        :param fixed_magnification_list: True for those whose flux ratios are those of the lens model; their amplitude
            is ``source_amp`` in place of ``point_amp``
        :param additional_images_list: True for those of which further images are searched
        :param flux_from_point_source_list: False for those that are not part of the image
        :param magnification_limit: leave out solved images of a lower (absolute) magnification
        :param save_cache: whether to remember the images until the cache is deleted
        :param kwargs_lens_eqn_solver: options of the
            :class:`~jaxtronomy.LensModel.Solver.lens_equation_solver.LensEquationSolver`
        :param index_lens_model_list: for each frame (band), the indices of its lens models
        :param point_source_frame_list: for each 'LENSED_POSITION', the frame of each of its images
        :param redshift_list: redshift of each source, where there are several
        :raises ValueError: unknown type, frames missing, or a list with too few entries
        """
        number = len(point_source_type_list)
        for name, entries in (
            ("fixed_magnification_list", fixed_magnification_list),
            ("additional_images_list", additional_images_list),
            ("flux_from_point_source_list", flux_from_point_source_list),
            ("redshift_list", redshift_list),
        ):
            if entries is not None and 0 < len(entries) < number:
                raise ValueError(f"{name} has {len(entries)} entries for {number} point sources.")
        if "LENSED_POSITION" in point_source_type_list:
            if index_lens_model_list is None:
                point_source_frame_list = [None] * number
            elif point_source_frame_list is None:
                raise ValueError(
                    "index_lens_model_list needs point_source_frame_list, the frame of each image of a LENSED_POSITION."
                )
        self._index_lens_model_list = index_lens_model_list
        self._point_source_frame_list = point_source_frame_list
        self._lens_model = lens_model
        self.point_source_type_list = point_source_type_list
        self._fixed_magnification_list = _given(fixed_magnification_list, [False] * number)
        self._additional_images_list = _given(additional_images_list, [False] * number)
        self._flux_from_point_source_list = _given(flux_from_point_source_list, [True] * number)
        self._redshift_list = _given(redshift_list, [None] * number)
        self._kwargs_lens_eqn_solver = {} if kwargs_lens_eqn_solver is None else kwargs_lens_eqn_solver
        self._magnification_limit = magnification_limit
        self._save_cache = save_cache
        self._point_source_list = [
            PointSourceCached(self._model(i, name), save_cache=save_cache)
            for i, name in enumerate(point_source_type_list)
        ]

    def _model(self, i, name):
        """The point source of index ``i``."""
        if name == "UNLENSED":
            return Unlensed()
        options = {"fixed_magnification": self._fixed_magnification_list[i], "redshift": self._redshift_list[i]}
        if name == "SOURCE_POSITION":
            return SourcePositions(self._lens_model, **options)
        if name == "LENSED_POSITION":
            return LensedPositions(
                self._lens_model,
                additional_images=self._additional_images_list[i],
                index_lens_model_list=self._index_lens_model_list,
                point_source_frame_list=self._point_source_frame_list[i],
                **options,
            )
        raise ValueError(f"point source {i}: {name!r} is not one of {', '.join(_SUPPORTED_MODELS)}.")

    def _structure(self):
        """What distinguishes two lists of point sources: equal ones share their programs."""
        return self._structure_with(self._kwargs_lens_eqn_solver)

    def structure_without_centre(self):
        """The same, wherever images are searched: for programs that :meth:`centred` tells."""
        return self._structure_with({k: v for k, v in self._kwargs_lens_eqn_solver.items() if k not in CENTRE})

    def _structure_with(self, solver):
        return freeze(
            [
                self.point_source_type_list,
                self._fixed_magnification_list,
                self._additional_images_list,
                self._flux_from_point_source_list,
                self._redshift_list,
                self._magnification_limit,
                solver,
                self._index_lens_model_list,
                self._point_source_frame_list,
            ]
        ), structure(self._lens_model)

    @property
    def window_centre(self):
        """Centre of the window in which images are searched [arcsec], an array (2)."""
        return np.array([self._kwargs_lens_eqn_solver.get(name, 0) for name in CENTRE], dtype=float)

    def centred(self, centre):
        """The same point sources, images of which are searched around another place.

        :param centre: centre of the window [arcsec], (2)
        :return: PointSource
        """
        other = copy.copy(self)
        other._kwargs_lens_eqn_solver = self._kwargs_lens_eqn_solver | dict(zip(CENTRE, centre))
        return other

    def update_search_window(self, search_window, x_center, y_center, min_distance=None, only_from_unspecified=False):
        """Set the window in which images are searched.

        :param search_window: side of the window [arcsec]
        :param x_center: centre of the window [arcsec]
        :param y_center: centre of the window [arcsec]
        :param min_distance: spacing of the grid [arcsec], set only with ``only_from_unspecified``
        :param only_from_unspecified: leave options that were given before
        """
        options = {"search_window": search_window, "x_center": x_center, "y_center": y_center}
        solver = self._kwargs_lens_eqn_solver
        if not only_from_unspecified:
            solver.update(options)
            return
        if min_distance is not None:
            options["min_distance"] = min_distance
        for name, value in options.items():
            solver.setdefault(name, value)

    def update_lens_model(self, lens_model_class):
        """Use another lens model.

        :param lens_model_class: :class:`~jaxtronomy.LensModel.lens_model.LensModel`
        """
        self.delete_lens_model_cache()
        self._lens_model = lens_model_class
        for model in self._point_source_list:
            model.update_lens_model(lens_model_class=lens_model_class)

    def delete_lens_model_cache(self):
        """Forget the images that were solved for."""
        for model in self._point_source_list:
            model.delete_lens_model_cache()

    def set_save_cache(self, save_cache):
        """Remember images from now on, or not.

        :param save_cache: whether to remember
        """
        for model in self._point_source_list:
            model.set_save_cache(save_cache)
        self._save_cache = save_cache

    def k_list(self, k):
        """Lens models of each image.

        :param k: index of the point source
        :return: for each image the list of lens models of its frame, or None without frames
        """
        if self._index_lens_model_list is None:
            return None
        return [self._index_lens_model_list[frame] for frame in self._point_source_frame_list[k]]

    def source_position(self, kwargs_ps, kwargs_lens):
        """Positions without lensing.

        :param kwargs_ps: parameters of each point source
        :param kwargs_lens: parameters of each lens model
        :return: lists of x and y [arcsec], one entry per point source
        """
        self._check_number(kwargs_ps)
        positions = [m.source_position(k, kwargs_lens) for m, k in zip(self._point_source_list, kwargs_ps or [])]
        return [x for x, _ in positions], [y for _, y in positions]

    def _check_number(self, kwargs_ps):
        """Raise that there are too few sets of parameters; those beyond the list are ignored, as in lenstronomy."""
        number = 0 if kwargs_ps is None else len(kwargs_ps)
        if number < len(self._point_source_list):
            raise ValueError(
                f"{number} sets of point source parameters given for {len(self._point_source_list)} "
                f"point sources ({', '.join(self.point_source_type_list)})."
            )

    def _images(self, kwargs_ps, kwargs_lens, k=None, additional_images=False, width_search_factor=1):
        """Positions and masks of the images of each point source (or of the k-th one alone), by index."""
        if k is None:
            self._check_number(kwargs_ps)
        solver = self._kwargs_lens_eqn_solver
        if width_search_factor != 1 and "search_window" in solver:
            solver = solver | {"search_window": solver["search_window"] * width_search_factor}
        return {
            i: model.images(
                kwargs_ps[i],
                kwargs_lens,
                magnification_limit=self._magnification_limit,
                kwargs_lens_eqn_solver=solver,
                additional_images=additional_images,
            )
            for i, model in enumerate(self._point_source_list)
            if k is None or k == i
        }

    def image_position(
        self,
        kwargs_ps,
        kwargs_lens,
        k=None,
        original_position=False,
        additional_images=False,
        width_search_factor=1,
    ):
        """Positions on the sky.

        :param kwargs_ps: parameters of each point source
        :param kwargs_lens: parameters of each lens model
        :param k: only this point source
        :param original_position: with additional images of a 'LENSED_POSITION': in the order of its parameters
        :param additional_images: solve the lens equation for further images
        :param width_search_factor: factor on the search window, if one was set
        :return: lists of x and y [arcsec], one entry per point source
        """
        x_list, y_list = [], []
        images = self._images(kwargs_ps, kwargs_lens, k, additional_images, width_search_factor)
        for i, (x, y, _) in images.items():
            if original_position and additional_images and self.point_source_type_list[i] == "LENSED_POSITION":
                x, y = _sort_position_by_original(kwargs_ps[i]["ra_image"], kwargs_ps[i]["dec_image"], x, y)
            x_list.append(x)
            y_list.append(y)
        return x_list, y_list

    def point_source_list(self, kwargs_ps, kwargs_lens, k=None, with_amp=True):
        """All images of all point sources.

        :param kwargs_ps: parameters of each point source
        :param kwargs_lens: parameters of each lens model
        :param k: only this point source
        :param with_amp: False for amplitudes of 1
        :return: x, y [arcsec] and amplitudes of the images; those without amplitude are left out (outside of ``jit``)
        """
        x_all, y_all, amplitude_all = [], [], []
        traced = is_traced((kwargs_ps, kwargs_lens))
        for i, images in self._images(kwargs_ps, kwargs_lens, k).items():
            x, y, found = images
            if with_amp:
                amplitude = self._amplitude(i, images, kwargs_ps, kwargs_lens)
            else:
                amplitude = [1.0] * len(x) if found is None else list(found * 1.0)
            for j in range(len(x)):
                if with_amp and not traced and amplitude[j] == 0:
                    continue
                x_all.append(x[j])
                y_all.append(y[j])
                amplitude_all.append(amplitude[j])
        return x_all, y_all, amplitude_all

    def _amplitude(self, i, images, kwargs_ps, kwargs_lens):
        """Amplitudes of the images of one point source, zero if it is not part of the image."""
        amplitude = self._point_source_list[i].amplitude_of(images, kwargs_ps[i], kwargs_lens)
        return amplitude if self._flux_from_point_source_list[i] else 0 * amplitude

    def num_basis(self, kwargs_ps, kwargs_lens):
        """Number of linear amplitudes.

        :param kwargs_ps: parameters of each point source
        :param kwargs_lens: parameters of each lens model
        :return: number
        """
        return self.linear_response_set(kwargs_ps, kwargs_lens)[-1]

    def image_amplitude(self, kwargs_ps, kwargs_lens, k=None):
        """Amplitudes on the sky.

        :param kwargs_ps: parameters of each point source
        :param kwargs_lens: parameters of each lens model
        :param k: only this point source
        :return: list of arrays, one per point source
        """
        images = self._images(kwargs_ps, kwargs_lens, k)
        return [self._amplitude(i, found, kwargs_ps, kwargs_lens) for i, found in images.items()]

    def source_amplitude(self, kwargs_ps, kwargs_lens):
        """Amplitudes without lensing.

        :param kwargs_ps: parameters of each point source
        :param kwargs_lens: parameters of each lens model
        :return: list, one entry per point source
        """
        amplitudes = [
            m.source_amplitude(kwargs_ps=k, kwargs_lens=kwargs_lens) for m, k in zip(self._point_source_list, kwargs_ps)
        ]
        return [a if use else 0 * a for a, use in zip(amplitudes, self._flux_from_point_source_list)]

    def linear_response_set(self, kwargs_ps, kwargs_lens=None, with_amp=False):
        """Images grouped by their linear amplitude: one group per image, or per source with a fixed magnification.

        :param kwargs_ps: parameters of each point source
        :param kwargs_lens: parameters of each lens model
        :param with_amp: True for amplitudes, False for responses: 1, or magnifications
        :return: lists of x, y [arcsec] and responses of the groups, and their number
        """
        x_all, y_all, amplitudes = [], [], []
        for i, images in self._images(kwargs_ps, kwargs_lens).items():
            if not self._flux_from_point_source_list[i]:
                continue
            x, y, found = images
            if with_amp:
                response = self._amplitude(i, images, kwargs_ps, kwargs_lens)
            elif self._fixed_magnification_list[i]:
                response = abs(self._lens_model.magnification(x, y, kwargs_lens))
            else:
                response = namespace(x).ones_like(x)
            if not with_amp and found is not None:
                response = response * found
            # one group of all images, or one for each
            groups = [slice(None)] if self._fixed_magnification_list[i] else [slice(j, j + 1) for j in range(len(x))]
            for total, values in zip((x_all, y_all, amplitudes), (x, y, response)):
                total += [list(values[group]) for group in groups]
        return x_all, y_all, amplitudes, len(x_all)

    def update_linear(self, param, i, kwargs_ps, kwargs_lens):
        """Write linear amplitudes into the parameters.

        :param param: linear amplitudes of all components
        :param i: index of the first one of the point sources
        :param kwargs_ps: parameters of each point source; changed
        :param kwargs_lens: parameters of each lens model
        :return: kwargs_ps, index of the first amplitude behind those of the point sources
        """
        x_list, _ = self.image_position(kwargs_ps, kwargs_lens)
        for k, (kwargs, x) in enumerate(zip(kwargs_ps or [], x_list)):
            if not self._flux_from_point_source_list[k]:
                continue
            if self._fixed_magnification_list[k]:
                kwargs["source_amp"] = param[i]
                i += 1
            else:
                kwargs["point_amp"] = namespace(param).array(param[i : i + len(x)])
                i += len(x)
        return kwargs_ps, i

    def linear_param_from_kwargs(self, kwargs_list):
        """The linear amplitudes in the parameters, the inverse of :meth:`update_linear`.

        :param kwargs_list: parameters of each point source
        :return: list of amplitudes
        """
        param = []
        for k, fixed in enumerate(self._fixed_magnification_list[: len(self._point_source_list)]):
            if self._flux_from_point_source_list[k]:
                param += [kwargs_list[k]["source_amp"]] if fixed else list(kwargs_list[k]["point_amp"])
        return param

    def check_image_positions(self, kwargs_ps, kwargs_lens, tolerance=0.001):
        """Whether the images of each source come from one point.

        :param kwargs_ps: parameters of each point source
        :param kwargs_lens: parameters of each lens model
        :param tolerance: largest distance in the source plane [arcsec]
        :return: True if they do
        """
        good = True
        for i, (x, y, _) in self._images(kwargs_ps, kwargs_lens).items():
            if self.point_source_type_list[i] == "UNLENSED":
                continue
            x_source, y_source = self._lens_model.ray_shooting(x, y, kwargs_lens)

            farthest = namespace(x_source).hypot(x_source - x_source[0], y_source - y_source[0]).max()
            good = good & (farthest <= tolerance)
        return good if is_traced(good) else bool(good)

    def set_amplitudes(self, amp_list, kwargs_ps):
        """Parameters with other amplitudes.

        :param amp_list: amplitudes of each point source, also of those that are not part of the image
        :param kwargs_ps: parameters of each point source
        :return: new parameters of each point source; those that are not part of the image are as they were
        """
        kwargs_list = copy.deepcopy(kwargs_ps)
        for i, name in enumerate(self.point_source_type_list):
            if self._flux_from_point_source_list[i]:
                fixed = name != "UNLENSED" and self._fixed_magnification_list[i] is True
                kwargs_list[i]["source_amp" if fixed else "point_amp"] = amp_list[i]
        return kwargs_list

    @classmethod
    def check_positive_flux(cls, kwargs_ps):
        """Whether no amplitude is negative.

        :param kwargs_ps: parameters of each point source
        :return: True if none is
        """
        good = True
        for kwargs in kwargs_ps:
            for name in ("point_amp", "source_amp"):
                if name in kwargs:
                    xp = namespace(kwargs[name])
                    good = good & xp.all(xp.asarray(kwargs[name]) >= 0)
        return good if is_traced(good) else bool(good)


def _sort_position_by_original(x_o, y_o, x_solved, y_solved):
    """Solved images in the order of the original ones nearest to them, further ones behind.

    :param x_o: original positions
    :param y_o: original positions
    :param x_solved: solved positions
    :param y_solved: solved positions
    :return: x, y; the original ones if fewer were solved
    """
    if len(x_o) > len(x_solved):
        return x_o, y_o
    xp = namespace(x_o, y_o, x_solved, y_solved)
    x_solved, y_solved = xp.asarray(x_solved), xp.asarray(y_solved)
    place = xp.arange(len(x_solved))
    rank = len(x_o) + place
    for i in range(len(x_o)):
        distance = (x_o[i] - x_solved) ** 2 + (y_o[i] - y_solved) ** 2
        nearest = xp.argmin(xp.where(rank < len(x_o), xp.inf, distance))
        rank = xp.where(place == nearest, i, rank)
    order = xp.argsort(rank)
    return x_solved[order], y_solved[order]
