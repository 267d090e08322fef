"""The lens model: the class that scripts use."""

from jaxtronomy.LensModel.single_plane import SinglePlane

__all__ = ["LensModel"]


class LensModel:
    """A list of lens models."""

    def __init__(self, lens_model_list, profile_kwargs_list=None):
        self.lens_model_list = lens_model_list
        self.lens_model = SinglePlane(lens_model_list, profile_kwargs_list)

    def ray_shooting(self, x, y, kwargs, k=None):
        return self.lens_model.ray_shooting(x, y, kwargs, k=k)

    def alpha(self, x, y, kwargs, k=None):
        return self.lens_model.alpha(x, y, kwargs, k=k)

    def potential(self, x, y, kwargs, k=None):
        return self.lens_model.potential(x, y, kwargs, k=k)

    def hessian(self, x, y, kwargs, k=None):
        return self.lens_model.hessian(x, y, kwargs, k=k)
