"""From the image to the source planes, for any number of lens and source planes."""

import numpy as np

from jaxtronomy.core.tree import structure

__all__ = ["Image2SourceMapping"]


class Image2SourceMapping:
    """Surface brightness of sources at image positions.

    In a single lens plane each source may scale the deflection (``deflection_scaling_list`` of the light model); with
    several lens planes each source has a redshift (``source_redshift_list``) and rays stop there.
    """

    def __init__(self, lens_model, source_model):
        """
        :param lens_model: LensModel instance
        :param source_model: LightModel instance
        :raises ValueError: scalings and source redshifts that do not fit the models
        """
        self._light_model, self._lens_model = source_model, lens_model
        names = source_model.profile_type_list
        self._multi_lens_plane = lens_model.multi_plane
        self._deflection_scaling_list = source_model.deflection_scaling_list
        self._distance_ratio_sampling = self._cosmology_sampling = False
        if self._multi_lens_plane:
            self._set_planes(names)
        else:
            scalings = self._deflection_scaling_list
            self._multi_source_plane = scalings is not None
            if scalings is not None and len(scalings) != len(names):
                raise ValueError(f"{len(scalings)} deflection scalings given for {len(names)} source models.")

    def _set_planes(self, names):
        """The source planes behind several lens planes."""
        from jaxtronomy.Cosmo.background import Background

        lens, source = self._lens_model, self._light_model
        if self._deflection_scaling_list is not None:
            raise ValueError(
                "deflection_scaling_list is for a single lens plane; with several planes give source_redshift_list."
            )
        redshifts = source.redshift_list
        self._source_redshift_list = [lens.z_source for _ in names] if redshifts is None else redshifts
        self._lens_redshift_list = lens.redshift_list
        self._bkg_cosmo = Background(lens.cosmo)
        if len(self._source_redshift_list) != len(names):
            raise ValueError(
                f"{len(self._source_redshift_list)} source redshifts given for {len(names)} source models."
            )
        if len(names) and np.max(self._source_redshift_list) > lens.z_source:
            raise ValueError(
                f"source redshift {np.max(self._source_redshift_list)} is beyond z_source={lens.z_source} of the lens "
                "model."
            )
        self._multi_source_plane = len(set(self._source_redshift_list)) != 1
        if self._multi_source_plane:
            self._sorted_source_redshift_index = self._index_ordering(self._source_redshift_list)
            self.set_T_ij_arrays()
        else:
            self._sorted_source_redshift_index = [0]
        self._cosmology_sampling = bool(getattr(lens.lens_model, "cosmology_sampling", False))
        self._distance_ratio_sampling = bool(getattr(lens.lens_model, "distance_ratio_sampling", False))
        if self._distance_ratio_sampling:
            from jaxtronomy.ImSim.multiplane_organizer import MultiPlaneOrganizer

            self.multi_plane_organizer = MultiPlaneOrganizer(
                self._lens_redshift_list,
                self._source_redshift_list,
                lens.lens_model.multi_plane_base.sorted_redshift_index,
                self._sorted_source_redshift_index,
                lens.lens_model.z_lens_convention,
                lens.lens_model.z_source_convention,
                self._bkg_cosmo,
            )

    def _structure(self):
        scalings = self._deflection_scaling_list
        return (
            structure(self._lens_model),
            structure(self._light_model),
            None if scalings is None else tuple(scalings),
            tuple(self._source_redshift_list) if self._multi_lens_plane else None,
        )

    def set_T_ij_arrays(self):
        """Compute the transverse distances between the planes."""
        self._T0z_list = [self._bkg_cosmo.T_xy(0, z) for z in self._source_redshift_list]
        self._T_ij_start_list, self._T_ij_end_list, z_start = [], [], 0
        for i in self._sorted_source_redshift_index:
            z_stop = self._source_redshift_list[i]
            start, end = self._lens_model.lens_model.transverse_distance_start_stop(
                z_start, z_stop, include_z_start=False
            )
            self._T_ij_start_list.append(start)
            self._T_ij_end_list.append(end)
            z_start = z_stop

    def set_background_cosmo(self, cosmo):
        """Set the cosmology of several lens planes.

        :param cosmo: astropy cosmology
        """
        self._lens_model.cosmo = cosmo
        self._lens_model.lens_model.set_background_cosmo(cosmo)
        self._bkg_cosmo.cosmo = cosmo
        if self._multi_source_plane:
            self.set_T_ij_arrays()

    @property
    def T_ij_start_list(self):
        """Transverse distances from the observer to the first lens plane behind each source plane [Mpc]."""
        return self._T_ij_start_list

    @T_ij_start_list.setter
    def T_ij_start_list(self, T_ij_start_list):
        self._T_ij_start_list = T_ij_start_list

    @property
    def T_ij_end_list(self):
        """Transverse distances from the last lens plane to each source plane [Mpc]."""
        return self._T_ij_end_list

    @T_ij_end_list.setter
    def T_ij_end_list(self, T_ij_end_list):
        self._T_ij_end_list = T_ij_end_list

    def image2source(self, x, y, kwargs_lens, index_source, kwargs_special=None):
        """Position in the plane of one source.

        :param x: image position [arcsec]
        :param y: image position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param index_source: which source model
        :param kwargs_special: may hold sampled distances
        :return: source position x, y [arcsec]
        """
        self.update_distances(kwargs_special)
        if not self._multi_source_plane:
            return self._lens_model.ray_shooting(x, y, kwargs_lens)
        if not self._multi_lens_plane:
            scale = self._deflection_scaling_list[index_source]
            alpha_x, alpha_y = self._lens_model.alpha(x, y, kwargs_lens)
            return x - alpha_x * scale, y - alpha_y * scale
        z_stop = self._source_redshift_list[index_source]
        x_source, y_source, _, _ = self._lens_model.lens_model.ray_shooting_partial(
            0 * x, 0 * y, x, y, 0, z_stop, kwargs_lens, include_z_start=False
        )
        return x_source, y_source

    def update_distances(self, kwargs_special):
        """Recompute the distances where they, or the cosmology, are sampled.

        :param kwargs_special: holds the sampled values
        """
        if self._distance_ratio_sampling:
            self.multi_plane_organizer.update_lens_T_lists(self._lens_model, kwargs_special)
            self.multi_plane_organizer.update_source_mapping_T_lists(self, kwargs_special)
        if self._cosmology_sampling:
            from jaxtronomy.Util.cosmo_util import get_astropy_cosmology

            self.set_background_cosmo(
                get_astropy_cosmology(self._lens_model.lens_model.cosmology_model, kwargs_special)
            )

    def _planes(self, x, y, kwargs_lens):
        """For each source model, in the order of the planes: its index and the positions in its plane."""
        if not self._multi_lens_plane:
            alpha_x, alpha_y = self._lens_model.alpha(x, y, kwargs_lens)
            for i, scale in enumerate(self._deflection_scaling_list):
                yield i, x - alpha_x * scale, y - alpha_y * scale
            return
        x_source, y_source, alpha_x, alpha_y, z_start = 0 * x, 0 * y, x, y, 0
        for i, index in enumerate(self._sorted_source_redshift_index):
            z_stop = self._source_redshift_list[index]
            if z_stop > z_start:
                x_source, y_source, alpha_x, alpha_y = self._lens_model.lens_model.ray_shooting_partial(
                    x_source,
                    y_source,
                    alpha_x,
                    alpha_y,
                    z_start,
                    z_stop,
                    kwargs_lens,
                    include_z_start=False,
                    T_ij_start=self._T_ij_start_list[i],
                    T_ij_end=self._T_ij_end_list[i],
                )
            yield int(index), x_source, y_source
            z_start = z_stop

    def image_flux_joint(self, x, y, kwargs_lens, kwargs_source, kwargs_special=None, k=None):
        """Surface brightness of the lensed sources.

        :param x: image position [arcsec]
        :param y: image position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_special: may hold sampled distances
        :param k: only these source models
        :return: surface brightness [flux / arcsec^2]
        """
        self.update_distances(kwargs_special)
        if not self._multi_source_plane:
            x_source, y_source = self._lens_model.ray_shooting(x, y, kwargs_lens)
            return self._light_model.surface_brightness(x_source, y_source, kwargs_source, k=k)
        flux = 0 * x
        wanted = self._light_model._bool_list(k)
        for i, x_source, y_source in self._planes(x, y, kwargs_lens):
            if wanted[i]:
                flux = flux + self._light_model.surface_brightness(x_source, y_source, kwargs_source, k=i)
        return flux

    def image_flux_split(self, x, y, kwargs_lens, kwargs_source, kwargs_special=None):
        """Surface brightness of each linear component of the lensed sources at unit amplitude.

        :param x: image position [arcsec]
        :param y: image position [arcsec]
        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_special: may hold sampled distances
        :return: list of responses in the order of the source models, their number
        """
        self.update_distances(kwargs_special)
        if not self._multi_source_plane:
            x_source, y_source = self._lens_model.ray_shooting(x, y, kwargs_lens)
            return self._light_model.functions_split(x_source, y_source, kwargs_source)
        parts = {}
        for i, x_source, y_source in self._planes(x, y, kwargs_lens):
            parts[i] = list(self._light_model.functions_split(x_source, y_source, kwargs_source, k=i)[0])
        response = [row for i in sorted(parts) for row in parts[i]]
        return response, len(response)

    @staticmethod
    def _index_ordering(redshift_list):
        """Indices of the source models, nearest plane first."""
        return np.argsort(np.array(redshift_list))

    def _re_order_split(self, response, n_list):
        """Responses in the order of the planes, brought into the order of the models."""
        starts = np.cumsum([0] + [n_list[i] for i in self._sorted_source_redshift_index])
        parts = {i: response[a:b] for i, a, b in zip(self._sorted_source_redshift_index, starts[:-1], starts[1:])}
        return np.concatenate([np.asarray(parts[i]) for i in sorted(parts)])
