r"""Distances between several lens and source planes from sampled distance ratios (Shajib et al. 2020, equation 9).

The lens equation of P lens planes knows the cosmology only by the ratios

.. math::
    \beta_{ij} = \frac{D_{ij} D_\mathrm{s}}{D_j D_{i\mathrm{s}}}, \qquad 1 \le i < j \le P .

The sampled ``factor_beta_i_j`` are those ratios over the ones in a fiducial cosmology, which gives all other distances.
"""

import numpy as np

__all__ = ["MultiPlaneOrganizer"]


class MultiPlaneOrganizer:
    """The distances of a multi-plane lens model for given distance ratios.

    Planes are the lens and source planes, numbered from 1 on by their redshift; the last one is that of the source.
    """

    def __init__(
        self,
        lens_redshift_list,
        source_redshift_list,
        sorted_lens_redshift_index,
        sorted_source_redshift_index,
        z_lens_convention,
        z_source_convention,
        cosmo,
    ):
        """
        :param lens_redshift_list: redshift of each lens model
        :param source_redshift_list: redshift of each source model
        :param sorted_lens_redshift_index: indices of the lens models, the nearest first
        :param sorted_source_redshift_index: indices of the source models, the nearest first
        :param z_lens_convention: redshift of the first lens plane
        :param z_source_convention: redshift of the last source plane
        :param cosmo: fiducial cosmology, a :class:`~jaxtronomy.Cosmo.background.Background`
        :raises ValueError: for conventions that are not these redshifts
        """
        if z_lens_convention != np.min(lens_redshift_list):
            raise ValueError(
                f"z_lens_convention is {z_lens_convention}; it has to be that of the first lens plane, "
                f"{np.min(lens_redshift_list)}."
            )
        if z_source_convention != np.max(source_redshift_list):
            raise ValueError(
                f"z_source_convention is {z_source_convention}; it has to be that of the last source plane, "
                f"{np.max(source_redshift_list)}."
            )
        self.z_lens_convention, self.z_source_convention = z_lens_convention, z_source_convention
        self._lens_redshift_list, self._source_redshift_list = lens_redshift_list, source_redshift_list
        self._sorted_lens_redshift_index = sorted_lens_redshift_index
        self._sorted_source_redshift_index = sorted_source_redshift_index
        z = self._sorted_joint_unique_redshift_list = [0, *sorted({*lens_redshift_list, *source_redshift_list})]
        distance, z_s = cosmo.d_xy, z_source_convention
        self._num_lens_planes = len(z) - 2
        self._D_z_list_fiducial = [0.0] + [distance(0, plane) for plane in z[1:]]
        self._D_is_list_fiducial = [distance(plane, z_s) for plane in z[:-1]]
        self._pairs = [(i, j) for j in range(2, self._num_lens_planes + 1) for i in range(1, j)]
        D_s = self._D_is_list_fiducial[0]
        self.betas_fiducial = [
            distance(z[i], z[j]) * D_s / self._D_is_list_fiducial[i] / self._D_z_list_fiducial[j]
            for i, j in self._pairs
        ]
        D_d, D_ds = distance(0, z_lens_convention), distance(z_lens_convention, z_s)
        self.D_dt_eff_fiducial = (1 + z_lens_convention) * D_s * D_d / D_ds

    def update_lens_T_lists(self, lens_model, kwargs_special):
        """Give a lens model the distances between its planes.

        :param lens_model: LensModel instance with several planes, changed
        :param kwargs_special: holds ``factor_beta_i_j``
        """
        model = lens_model.lens_model
        T_z_list, T_ij_list = self._get_lens_T_lists(kwargs_special)
        T_ij_start, T_ij_stop = self._transverse_distance_start_stop(0, model.z_source, kwargs_special)
        model.multi_plane_base.T_z_list, model.multi_plane_base.T_ij_list = T_z_list, T_ij_list
        model.T_ij_start, model.T_ij_stop = T_ij_start, T_ij_stop

    def update_source_mapping_T_lists(self, source_mapping_class, kwargs_special):
        """Give the mapping to the source planes the distances before and behind each of them.

        :param source_mapping_class: Image2SourceMapping instance, changed
        :param kwargs_special: holds ``factor_beta_i_j``
        """
        start, end = self._get_source_T_start_end_lists(kwargs_special)
        source_mapping_class.T_ij_start_list, source_mapping_class.T_ij_end_list = start, end

    def _extract_beta_factors(self, kwargs_special):
        """The sampled factors, in the order of ``betas_fiducial``."""
        return [kwargs_special[f"factor_beta_{i}_{j}"] for i, j in self._pairs]

    @staticmethod
    def _get_element_index(arr, element):
        """Place of an element."""
        arr = list(arr)
        if element not in arr:
            raise ValueError(f"there is no plane at the redshift {element}; the planes are at {arr}.")
        return arr.index(element)

    def _get_D_i(self, z_i, kwargs_special):
        """Angular diameter distance of a plane [Mpc]."""
        return self._D_z_list_fiducial[self._get_element_index(self._sorted_joint_unique_redshift_list, z_i)]

    def _get_D_ij(self, z_i, z_j, kwargs_special):
        """Angular diameter distance between two planes [Mpc]."""
        near, far = (self._get_element_index(self._sorted_joint_unique_redshift_list, z) for z in sorted((z_i, z_j)))
        if near == far:
            return 0.0
        if near == 0:
            return self._D_z_list_fiducial[far]
        D_is = self._D_is_list_fiducial[near]
        if far == self._num_lens_planes + 1:
            return D_is
        pair = self._pairs.index((near, far))
        beta = self._extract_beta_factors(kwargs_special)[pair] * self.betas_fiducial[pair]
        return beta * self._D_z_list_fiducial[far] * D_is / self._D_is_list_fiducial[0]

    def _get_lens_T_lists(self, kwargs_special):
        """Transverse distance to each lens model, and from the one before it [Mpc]."""
        redshifts = [self._lens_redshift_list[i] for i in self._sorted_lens_redshift_index]
        before = [0, *redshifts[:-1]]
        return (
            [self._get_D_i(z, kwargs_special) * (1 + z) for z in redshifts],
            [self._get_D_ij(z_before, z, kwargs_special) * (1 + z) for z_before, z in zip(before, redshifts)],
        )

    def _transverse_distance_start_stop(self, z_start, z_stop, kwargs_special, include_z_start=False):
        """Transverse distances from the start to the first lens (None without one), and from the last one to the end
        [Mpc].
        """
        redshifts = [self._lens_redshift_list[i] for i in self._sorted_lens_redshift_index]
        between = [z for z in redshifts if self._start_condition(include_z_start, z, z_start) and z <= z_stop]
        start = self._get_D_ij(z_start, between[0], kwargs_special) * (1 + between[0]) if between else None
        return start, self._get_D_ij((between or [z_start])[-1], z_stop, kwargs_special) * (1 + z_stop)

    def _get_source_T_start_end_lists(self, kwargs_special):
        """For each source model, the nearest first, the distances of its stretch of the way from the one before."""
        redshifts = [self._source_redshift_list[i] for i in self._sorted_source_redshift_index]
        parts = [
            self._transverse_distance_start_stop(before, z, kwargs_special)
            for before, z in zip([0, *redshifts[:-1]], redshifts)
        ]
        return [part[0] for part in parts], [part[1] for part in parts]

    @staticmethod
    def _start_condition(inclusive, z_lens, z_start):
        """Whether a lens is behind the start, or at it."""
        return z_lens >= z_start if inclusive else z_lens > z_start
