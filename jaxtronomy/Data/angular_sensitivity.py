"""Sensitivity of a telescope across its field of view."""

__all__ = ["AngularSensitivity"]


class AngularSensitivity:
    """The primary beam of an antenna: its power sensitivity in each direction.

    See Bradt (2004), Astronomy Methods, section 5.4.

    :param antenna_primary_beam: image by which a model is multiplied before its convolution, or None for no beam
    """

    def __init__(self, antenna_primary_beam=None):
        self._pb = antenna_primary_beam

    @property
    def primary_beam(self):
        """Image of the primary beam, or None."""
        return self._pb
