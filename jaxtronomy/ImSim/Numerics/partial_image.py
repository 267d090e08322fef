"""A selection of the pixels of an image."""

import numpy as np

__all__ = ["PartialImage"]


class PartialImage:
    """The pixels of an image that a mask selects, as a 1d array."""

    def __init__(self, partial_read_bools):
        """
        :param partial_read_bools: 2d bool array, True for the selected pixels
        """
        self._selected = np.asarray(partial_read_bools, dtype=bool)
        self._flat = self._selected.ravel()

    def partial_array(self, image):
        """The selected pixels.

        :param image: 2d image
        :return: 1d array
        """
        return np.asarray(image)[self._selected]

    @property
    def index_array(self):
        """2d array: the place of each selected pixel in the 1d array, -1 for the others."""
        index = np.full(self._selected.shape, -1.0)
        index[self._selected] = np.arange(self.num_partial)
        return index

    def array_from_partial(self, partial_array):
        """All pixels as a 1d array, zero where not selected.

        :param partial_array: 1d array of the selected pixels
        """
        full = np.zeros(self._flat.size)
        full[self._flat] = partial_array
        return full

    def image_from_partial(self, partial_array):
        """The image, zero where not selected.

        :param partial_array: 1d array of the selected pixels
        """
        return self.array_from_partial(partial_array).reshape(self._selected.shape)

    @property
    def num_partial(self):
        """Number of selected pixels."""
        return int(self._selected.sum())
