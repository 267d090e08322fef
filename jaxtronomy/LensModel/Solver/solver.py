"""The solver that makes a lens model reproduce two or four image positions."""

from jaxtronomy.core.compile import elementwise
from jaxtronomy.core.numerics import safe_hypot
from jaxtronomy.LensModel.Solver.solver2point import Solver2Point
from jaxtronomy.LensModel.Solver.solver4point import Solver4Point

__all__ = ["Solver"]

_distance = elementwise(safe_hypot)


class Solver:
    """The solver that fits the number of images."""

    def __init__(self, solver_type, lensModel, num_images, parameter_module=None):
        """
        :param solver_type: see :class:`~jaxtronomy.LensModel.Solver.solver4point.Solver4Point` and
            :class:`~jaxtronomy.LensModel.Solver.solver2point.Solver2Point`
        :param lensModel: :class:`~jaxtronomy.LensModel.lens_model.LensModel`
        :param num_images: 2 or 4
        :param parameter_module: conversions for the solver type 'CUSTOM' with four images
        :raises ValueError: any other number of images
        """
        self._num_images = num_images
        self._lensModel = lensModel
        if num_images == 4:
            self._solver = Solver4Point(lensModel, solver_type=solver_type, parameter_module=parameter_module)
        elif num_images == 2:
            self._solver = Solver2Point(lensModel, solver_type=solver_type)
        else:
            raise ValueError(f"num_images = {num_images} is not 2 or 4.")

    def constraint_lensmodel(self, x_pos, y_pos, kwargs_list, xtol=1.49012e-12):
        """Parameters that bring all images to one source position.

        :param x_pos: image positions [arcsec]
        :param y_pos: image positions [arcsec]
        :param kwargs_list: parameters of each lens model; those to solve for are the start
        :param xtol: relative precision of the unknowns
        :return: new parameters, sum of squared differences of the source positions [arcsec^2]
        """
        return self._solver.constraint_lensmodel(x_pos, y_pos, kwargs_list, xtol=xtol)

    def update_solver(self, kwargs_lens, x_pos, y_pos):
        """Parameters that bring all images to one source position.

        :param kwargs_lens: parameters of each lens model
        :param x_pos: image positions [arcsec]
        :param y_pos: image positions [arcsec]
        :return: new parameters
        :raises ValueError: another number of positions than the solver is made for
        """
        if len(x_pos) != self._num_images:
            raise ValueError(f"{len(x_pos)} image positions given to a solver for {self._num_images} images.")
        return self.constraint_lensmodel(x_pos, y_pos, kwargs_lens)[0]

    def check_solver(self, image_x, image_y, kwargs_lens):
        """How far the source positions of the images are from that of the first one.

        :param image_x: image positions [arcsec]
        :param image_y: image positions [arcsec]
        :param kwargs_lens: parameters of each lens model
        :return: distances in the source plane [arcsec]
        """
        x, y = self._lensModel.ray_shooting(image_x, image_y, kwargs_lens)
        return _distance(x - x[0], y - y[0])

    def add_fixed_lens(self, kwargs_fixed_lens, kwargs_lens_init):
        """Fix what is solved for.

        :param kwargs_fixed_lens: parameters of each lens model that are held fixed; changed
        :param kwargs_lens_init: parameters of each lens model
        :return: kwargs_fixed_lens
        """
        return self._solver.add_fixed_lens(kwargs_fixed_lens, kwargs_lens_init)
