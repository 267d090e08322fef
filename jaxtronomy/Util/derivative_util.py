"""Derivatives of polar coordinates with respect to Cartesian ones; undefined (NaN) at the origin.

Every function takes coordinates x and y, NumPy arrays, Python numbers or JAX arrays, and gives numbers of that kind.
"""

from ..core.compile import elementwise

__all__ = [
    "d_r_dx",
    "d_r_dy",
    "d_r_dxx",
    "d_r_dyy",
    "d_r_dxy",
    "d_phi_dx",
    "d_phi_dy",
    "d_phi_dxx",
    "d_phi_dyy",
    "d_phi_dxy",
    "d_x_diffr_dx",
    "d_y_diffr_dy",
    "d_y_diffr_dx",
    "d_x_diffr_dy",
]


@elementwise
def d_r_dx(x, y):
    """First derivative of the radius, by x."""
    return x / (x**2 + y**2) ** 0.5


@elementwise
def d_r_dy(x, y):
    """First derivative of the radius, by y."""
    return y / (x**2 + y**2) ** 0.5


@elementwise
def d_r_dxx(x, y):
    """Second derivative of the radius, twice by x."""
    return y**2 / (x**2 + y**2) ** 1.5


@elementwise
def d_r_dyy(x, y):
    """Second derivative of the radius, twice by y."""
    return x**2 / (x**2 + y**2) ** 1.5


@elementwise
def d_r_dxy(x, y):
    """Second derivative of the radius, by x and y."""
    return -x * y / (x**2 + y**2) ** 1.5


@elementwise
def d_phi_dx(x, y):
    """First derivative of the polar angle, by x."""
    return -y / (x**2 + y**2)


@elementwise
def d_phi_dy(x, y):
    """First derivative of the polar angle, by y."""
    return x / (x**2 + y**2)


@elementwise
def d_phi_dxx(x, y):
    """Second derivative of the polar angle, twice by x."""
    return 2 * x * y / (x**2 + y**2) ** 2


@elementwise
def d_phi_dyy(x, y):
    """Second derivative of the polar angle, twice by y."""
    return -2 * x * y / (x**2 + y**2) ** 2


@elementwise
def d_phi_dxy(x, y):
    """Second derivative of the polar angle, by x and y."""
    return (y**2 - x**2) / (x**2 + y**2) ** 2


def d_x_diffr_dx(x, y):
    """Derivative of x/r by x, the same as :func:`d_r_dxx`."""
    return d_r_dxx(x, y)


def d_y_diffr_dy(x, y):
    """Derivative of y/r by y, the same as :func:`d_r_dyy`."""
    return d_r_dyy(x, y)


def d_y_diffr_dx(x, y):
    """Derivative of y/r by x, the same as :func:`d_r_dxy`."""
    return d_r_dxy(x, y)


def d_x_diffr_dy(x, y):
    """Derivative of x/r by y, the same as :func:`d_r_dxy`."""
    return d_r_dxy(x, y)
