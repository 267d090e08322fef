"""Cosmologies by name."""

from astropy import cosmology

__all__ = ["get_astropy_cosmology"]

DEFAULTS = {"H0": 70, "Om0": 0.3, "Ode0": 0.7, "w0": -1, "wa": 0}
PARAMETERS = {
    "FlatLambdaCDM": ("H0", "Om0"),
    "LambdaCDM": ("H0", "Om0", "Ode0"),
    "FlatwCDM": ("H0", "Om0", "w0"),
    "wCDM": ("H0", "Om0", "Ode0", "w0"),
    "Flatw0waCDM": ("H0", "Om0", "w0", "wa"),
    "w0waCDM": ("H0", "Om0", "Ode0", "w0", "wa"),
}


def get_astropy_cosmology(cosmology_model="FlatLambdaCDM", param_kwargs=None):
    """Cosmology of a name.

    :param cosmology_model: one of the keys of ``PARAMETERS``
    :param param_kwargs: values of the parameters; those missing have the values of ``DEFAULTS``, others are ignored
    :return: astropy.cosmology instance
    :raises ValueError: when the name is not known
    """
    if cosmology_model not in PARAMETERS:
        raise ValueError(f"cosmology_model is {cosmology_model!r}; allowed are {', '.join(PARAMETERS)}.")
    values = DEFAULTS | (param_kwargs or {})
    return getattr(cosmology, cosmology_model)(**{name: values[name] for name in PARAMETERS[cosmology_model]})
