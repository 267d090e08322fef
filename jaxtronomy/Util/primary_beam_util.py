"""Primary beams of antennae."""

import numpy as np
import scipy

__all__ = ["primary_beam_value_at_coords"]


def primary_beam_value_at_coords(x_pos, y_pos, primary_beam, order=3):
    """Values of a primary beam at positions, zero outside.

    :param x_pos: columns [pixels]
    :param y_pos: rows [pixels]
    :param primary_beam: image
    :param order: order of the spline
    :return: flat array
    """
    return scipy.ndimage.map_coordinates(primary_beam, np.vstack([y_pos, x_pos]), order=order, mode="constant", cval=0)
