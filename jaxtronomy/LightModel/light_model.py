"""The light model of a lens or a source: the class that scripts use."""

from jaxtronomy.LightModel.linear_basis import LinearBasis

__all__ = ["LightModel"]


class LightModel(LinearBasis):
    """A sum of light profiles, in units of flux per square arcsecond, linear in the parameters ``amp``."""

    def __init__(
        self,
        light_model_list,
        deflection_scaling_list=None,
        source_redshift_list=None,
        profile_kwargs_list=None,
    ):
        """
        :param light_model_list: model names
        :param deflection_scaling_list: factor on the deflection for the source plane of each model (single plane)
        :param source_redshift_list: redshift of each model (multi-plane)
        :param profile_kwargs_list: constructor options of each profile (None: defaults)
        """
        super().__init__(light_model_list=light_model_list, profile_kwargs_list=profile_kwargs_list)
        self.deflection_scaling_list = deflection_scaling_list
        self.redshift_list = source_redshift_list
