r"""The image of a tracer, a quantity (metallicity, velocity) that varies across a source and is seen through its light.

.. math::
    T = \frac{\sum_k P * (t_k\, I_k)}{\sum_k P * I_k}

with the surface brightness I, the tracer t of each part k of the source, and the convolution with the PSF P. In
logarithmic units t is ten to the power of the model, and the image the logarithm of T.
"""

import jax.numpy as jnp
import numpy as np

from jaxtronomy.core.tree import structure, unwrap
from jaxtronomy.Data.psf import PSF
from jaxtronomy.ImSim.image2source_mapping import Image2SourceMapping
from jaxtronomy.ImSim.image_model import ImageModel, _hashable
from jaxtronomy.LightModel.light_model import LightModel

__all__ = ["TracerModelSource"]

DARK = 1e-20  # least light of a part of the source in a pixel


class TracerModelSource(ImageModel):
    """Model of the image of a tracer.

    The mask counts, in the likelihood and in the number of data; lenstronomy forgets it.
    """

    def __init__(
        self,
        data_class,
        psf_class=None,
        lens_model_class=None,
        source_model_class=None,
        lens_light_model_class=None,
        point_source_class=None,
        extinction_class=None,
        tracer_source_class=None,
        kwargs_numerics=None,
        likelihood_mask=None,
        psf_error_map_bool_list=None,
        kwargs_pixelbased=None,
        tracer_partition=None,
        tracer_type="LINEAR",
    ):
        """
        :param data_class: ImageData instance of the map of the tracer
        :param psf_class: PSF instance; None: no convolution
        :param lens_model_class: LensModel instance
        :param source_model_class: LightModel instance of the light of the source
        :param lens_light_model_class: LightModel instance of the lens; plays no part
        :param point_source_class: PointSource instance; plays no part
        :param extinction_class: DifferentialExtinction instance
        :param tracer_source_class: LightModel instance of the tracer
        :param kwargs_numerics: options of :class:`~jaxtronomy.ImSim.Numerics.numerics.Numerics`
        :param likelihood_mask: 2d array, True (1) for the pixels that count in the likelihood
        :param psf_error_map_bool_list: plays no part
        :param kwargs_pixelbased: options of the pixel-based solver
        :param tracer_partition: ``[[light models, tracer models], ...]`` of each part of the source (indices; None:
            all); None: one part
        :param tracer_type: "LINEAR" or "LOG" units of the tracer
        :raises ValueError: other units
        """
        if tracer_type not in ("LINEAR", "LOG"):
            raise ValueError(f"tracer_type is {tracer_type!r}; allowed are 'LINEAR' and 'LOG'.")
        self._tracer_type = tracer_type
        self._tracer_partition = [[None, None]] if tracer_partition is None else tracer_partition
        self.tracer_source_class = tracer_source_class or LightModel(light_model_list=[])
        super().__init__(
            data_class,
            psf_class=psf_class or PSF(),
            lens_model_class=lens_model_class,
            source_model_class=source_model_class,
            lens_light_model_class=lens_light_model_class,
            point_source_class=point_source_class,
            extinction_class=extinction_class,
            kwargs_numerics=kwargs_numerics,
            likelihood_mask=likelihood_mask,
            psf_error_map_bool_list=psf_error_map_bool_list,
            kwargs_pixelbased=kwargs_pixelbased,
        )
        self.tracer_mapping = Image2SourceMapping(lens_model=self.LensModel, source_model=self.tracer_source_class)

    def _structure(self):
        partition = tuple(tuple(_hashable(k) for k in part) for part in self._tracer_partition)
        return super()._structure(), structure(self.tracer_mapping), partition, self._tracer_type

    @property
    def _static_names(self):
        """Names of the parameters that shape the programs."""
        return super()._static_names | {
            p.name for f in self.tracer_source_class.func_list for p in f.parameters if p.static
        }

    # pure methods

    def _tracer_flux(self, kwargs_tracer_source, kwargs_lens, de_lensed=False, k=None):
        """The tracer where the camera wants it."""
        x, y = self._camera.coordinates
        kwargs_tracer_source = unwrap(kwargs_tracer_source)
        if de_lensed:
            return self.tracer_source_class.surface_brightness(x, y, kwargs_tracer_source, k=k)
        return self.tracer_mapping.image_flux_joint(x, y, unwrap(kwargs_lens), kwargs_tracer_source, k=k)

    def _tracer(self, kwargs_tracer_source, kwargs_lens, kwargs_source, extinction, special, de_lensed=False):
        """Image of the tracer."""
        weighted = total = jnp.zeros(self._pixels.mask.shape)
        for k_light, k_tracer in self._tracer_partition:
            light = self._source_flux(
                kwargs_source, kwargs_lens, extinction, special, de_lensed=de_lensed, k=_hashable(k_light)
            )
            tracer = self._tracer_flux(kwargs_tracer_source, kwargs_lens, de_lensed, _hashable(k_tracer))
            if self._tracer_type == "LOG":
                tracer = 10**tracer
            weighted = weighted + self._camera.image(tracer * light, False)
            total = total + jnp.maximum(self._camera.image(light, False), DARK)
        return jnp.log10(weighted / total) if self._tracer_type == "LOG" else weighted / total

    def _tracer_log_likelihood(self, kwargs_tracer_source, kwargs_lens, kwargs_source, extinction, special):
        """Logarithm of the likelihood of the map."""
        image = self._tracer(kwargs_tracer_source, kwargs_lens, kwargs_source, extinction, special)
        return self._pixels.log_likelihood(image, 0.0)

    # public interface

    def tracer_model(
        self,
        kwargs_tracer_source,
        kwargs_lens,
        kwargs_source,
        kwargs_extinction=None,
        kwargs_special=None,
        de_lensed=False,
    ):
        """Image of the tracer.

        :param kwargs_tracer_source: parameters of each tracer model
        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_extinction: parameters of each dust model
        :param kwargs_special: further parameters
        :param de_lensed: True for the source as it is without the lens
        :return: 2d image, in the units of the tracer
        """
        trees = (kwargs_tracer_source, kwargs_lens, kwargs_source, kwargs_extinction, kwargs_special)
        return self._call(TracerModelSource._tracer, *trees, de_lensed=bool(de_lensed))

    def likelihood_data_given_model(
        self,
        kwargs_tracer_source,
        kwargs_lens,
        kwargs_source,
        kwargs_extinction=None,
        kwargs_special=None,
    ):
        """Logarithm of the likelihood of the map of the tracer.

        :param kwargs_tracer_source: parameters of each tracer model
        :param kwargs_lens: parameters of each lens model
        :param kwargs_source: parameters of each source model
        :param kwargs_extinction: parameters of each dust model
        :param kwargs_special: further parameters
        :return: log likelihood
        """
        trees = (kwargs_tracer_source, kwargs_lens, kwargs_source, kwargs_extinction, kwargs_special)
        return self._call(TracerModelSource._tracer_log_likelihood, *trees)

    # at the points where light is evaluated, by lenstronomy's names

    def _tracer_model_source(self, kwargs_tracer_source, kwargs_lens, de_lensed=False, k=None):
        """The tracer at the coordinates of the numerics."""
        trees = (kwargs_tracer_source, kwargs_lens)
        return self._as_evaluated(TracerModelSource._tracer_flux, trees, de_lensed=bool(de_lensed), k=_hashable(k))

    def _source_surface_brightness_analytical_numerics(
        self,
        kwargs_source,
        kwargs_lens=None,
        kwargs_extinction=None,
        kwargs_special=None,
        apply_primary_beam=True,
        de_lensed=False,
        k=None,
    ):
        """Surface brightness of the source at the coordinates of the numerics."""
        trees = (kwargs_source, kwargs_lens, kwargs_extinction, kwargs_special)
        options = {"beam": bool(apply_primary_beam), "de_lensed": bool(de_lensed), "k": _hashable(k)}
        return self._as_evaluated(ImageModel._source_flux, trees, **options)

    def _as_evaluated(self, function, trees, **options):
        """What a pure method gives, in the order of ``coordinates_evaluate``."""
        return self._call(function, *trees, **options)[np.argsort(self.ImageNumerics.grid_class._order)]
