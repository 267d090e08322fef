"""The likelihood of measured time delays."""

import numpy as np

from jaxtronomy.core.compile import namespace
from jaxtronomy.core.tree import Model, freeze, structure
from jaxtronomy.Util import constants as const

__all__ = ["TimeDelayLikelihood"]

WRONG_NUMBER = -(10.0**15)  # log likelihood where the model has another number of images than were measured


class TimeDelayLikelihood(Model):
    """Likelihood of time delays between the images of point sources."""

    _arrays = ("_delays_measured", "_delays_errors")

    def __init__(
        self,
        time_delays_measured,
        time_delays_uncertainties,
        lens_model_class,
        point_source_class,
        time_delay_measurement_bool_list=None,
        bimodal_measurement=False,
    ):
        """
        :param time_delays_measured: delays relative to the first image [days]; a list of them for several point sources
        :param time_delays_uncertainties: standard deviations in the same order, or covariance matrices
        :param lens_model_class: LensModel instance
        :param point_source_class: PointSource instance
        :param time_delay_measurement_bool_list: for each point source, which delays were measured; None: all
        :param bimodal_measurement: True if two alternative sets of delays are given for the one point source
        :raises ValueError: missing measurements, or lists of different lengths
        """
        if time_delays_measured is None:
            raise ValueError("the time-delay likelihood needs time_delays_measured.")
        if time_delays_uncertainties is None:
            raise ValueError("the time-delay likelihood needs time_delays_uncertainties.")
        self._lensModel, self._pointSource = lens_model_class, point_source_class
        number = len(point_source_class.point_source_type_list)
        self._num_point_sources = number
        self._bimodal_measurement = bimodal_measurement
        if bimodal_measurement and number > 1:
            raise ValueError(f"bimodal time delays are possible for one point source only, {number} given.")
        if number == 1 and not bimodal_measurement:
            time_delays_measured, time_delays_uncertainties = [time_delays_measured], [time_delays_uncertainties]
        sets = 2 if bimodal_measurement else number
        self._delays_measured = [np.array(time_delays_measured[i]) for i in range(sets)]
        self._delays_errors = [np.array(time_delays_uncertainties[i]) for i in range(sets)]
        self._measurement_bool_list = self._masks(time_delay_measurement_bool_list)

    def _masks(self, flags):
        """For each point source, which delays were measured."""
        lengths = [len(d) for d in self._delays_measured[: self._num_point_sources]]
        if flags is None:
            return [[True] * n for n in lengths]
        if len(flags) != self._num_point_sources:
            raise ValueError(
                f"time_delay_measurement_bool_list has {len(flags)} entries for {self._num_point_sources} sources."
            )
        masks = []
        for i, (flag, n) in enumerate(zip(flags, lengths)):
            if isinstance(flag, bool | np.bool_ | int):
                flag = [bool(flag)] * n
            if not isinstance(flag, list | np.ndarray):
                raise ValueError(f"time_delay_measurement_bool_list[{i}] has to be a list of bools, not {flag!r}.")
            if len(flag) != n:
                raise ValueError(f"time_delay_measurement_bool_list[{i}] has {len(flag)} entries for {n} delays.")
            masks.append([bool(f) for f in flag])
        return masks

    def _structure(self):
        models = structure(self._lensModel), structure(self._pointSource)
        return models, self._bimodal_measurement, freeze(self._measurement_bool_list)

    def logL(self, kwargs_lens, kwargs_ps, kwargs_cosmo, lambda_mst=1):
        """Logarithm of the likelihood of the delays.

        :param kwargs_lens: parameters of each lens model
        :param kwargs_ps: parameters of each point source model
        :param kwargs_cosmo: holds the time-delay distance ``D_dt`` [Mpc], or the sampled cosmology
        :param lambda_mst: factor of a mass-sheet transformation that the lens model leaves out
        :return: log likelihood
        """
        x_pos, y_pos = self._pointSource.image_position(
            kwargs_ps=kwargs_ps, kwargs_lens=kwargs_lens, original_position=True
        )
        if self._lensModel.cosmology_sampling:
            from jaxtronomy.Util.cosmo_util import get_astropy_cosmology

            model = self._lensModel.cosmology_model
            self._lensModel.update_cosmology(get_astropy_cosmology(cosmology_model=model, param_kwargs=kwargs_cosmo))
        total = 0.0
        for i, mask in enumerate(self._measurement_bool_list):
            if not any(mask):
                continue
            self._lensModel.change_source_redshift(z_source=self._pointSource._redshift_list[i])
            if self._lensModel.cosmology_sampling:
                delays = self._lensModel.arrival_time(x_pos[i], y_pos[i], kwargs_lens)
            else:
                fermat = self._lensModel.fermat_potential(x_pos[i], y_pos[i], kwargs_lens)
                delays = const.delay_arcsec2days(fermat, self._lensModel.ddt_scaling * kwargs_cosmo["D_dt"])
            delays = delays * lambda_mst
            if self._bimodal_measurement:
                values = [self._log_delay_masked(delays, np.array(mask), j) for j in range(2)]
                xp = namespace(values)
                total = total + xp.logaddexp(*values)
            else:
                total = total + self._log_delay_masked(delays, np.array(mask), i)
        return total

    def _log_delay_masked(self, delay_days, mask, i):
        """Logarithm of the likelihood of the measured ones of a set of delays."""
        measured, errors = self._delays_measured[i], self._delays_errors[i]
        if len(delay_days) - 1 != len(measured):
            return WRONG_NUMBER
        errors = errors[mask] if errors.ndim == 1 else errors[mask][:, mask]
        return self._logL_delays(delay_days[np.concatenate([[True], mask])], measured[mask], errors)

    @staticmethod
    def _logL_delays(delays_model, delays_measured, delays_errors):
        """Logarithm of the likelihood of delays relative to the first image."""
        if len(delays_model) - 1 != len(delays_measured):
            return WRONG_NUMBER
        xp = namespace(delays_model, delays_measured)
        difference = xp.asarray(delays_model)[1:] - delays_model[0] - delays_measured
        if np.ndim(delays_errors) <= 1:
            return xp.sum(-(difference**2) / (2 * delays_errors**2))
        if np.ndim(delays_errors) == 2:
            return -0.5 * difference @ xp.linalg.solve(xp.asarray(delays_errors), difference)
        raise ValueError(f"uncertainties of time delays have 1 or 2 dimensions, not {np.ndim(delays_errors)}.")

    @property
    def num_data(self):
        """Number of sets of measured delays (as lenstronomy counts)."""
        return len(self._delays_measured)
