"""From keyword arguments to instances of the models."""

import warnings

from jaxtronomy.Data.imaging_data import ImageData
from jaxtronomy.Data.psf import PSF
from jaxtronomy.ImSim.differential_extinction import DifferentialExtinction
from jaxtronomy.ImSim.image_linear_solve import ImageLinearFit
from jaxtronomy.LensModel.lens_model import LensModel
from jaxtronomy.LightModel.light_model import LightModel
from jaxtronomy.PointSource.point_source import PointSource

__all__ = ["create_class_instances", "create_im_sim", "create_image_model", "create_tracer_model"]

MULTI_BAND_TYPES = ("multi-linear", "joint-linear", "single-band")


def _pick(values, indices):
    """The entries of a list at ``indices``; all of them, or None, where there is nothing to select."""
    return values if values is None or indices is None else [values[k] for k in indices]


def create_class_instances(
    lens_model_list=None,
    z_lens=None,
    z_source=None,
    z_source_convention=None,
    lens_redshift_list=None,
    lens_profile_kwargs_list=None,
    multi_plane=False,
    distance_ratio_sampling=False,
    cosmology_sampling=False,
    cosmology_model="FlatLambdaCDM",
    observed_convention_index=None,
    source_light_model_list=None,
    source_light_profile_kwargs_list=None,
    lens_light_model_list=None,
    lens_light_profile_kwargs_list=None,
    point_source_model_list=None,
    point_source_redshift_list=None,
    fixed_magnification_list=None,
    point_source_frame_list=None,
    additional_images_list=None,
    kwargs_lens_eqn_solver=None,
    source_deflection_scaling_list=None,
    source_redshift_list=None,
    cosmo=None,
    index_lens_model_list=None,
    index_source_light_model_list=None,
    index_lens_light_model_list=None,
    index_point_source_model_list=None,
    optical_depth_model_list=None,
    optical_depth_profile_kwargs_list=None,
    index_optical_depth_model_list=None,
    band_index=0,
    tau0_index_list=None,
    all_models=False,
    point_source_magnification_limit=None,
    decouple_multi_plane=False,
    kwargs_multiplane_model=None,
    kwargs_multiplane_model_point_source=None,
    tracer_source_model_list=None,
    tracer_source_band=0,
    tracer_partition=None,
    tracer_type="LINEAR",
):
    """The models of one band.

    :param lens_model_list: names of the lens models
    :param z_lens: redshift of the deflector
    :param z_source: redshift of the source
    :param z_source_convention: source redshift to which the deflections refer, None: ``z_source``
    :param lens_redshift_list: redshift of each lens model
    :param lens_profile_kwargs_list: constructor options of each lens model
    :param multi_plane: True for multi-plane ray tracing
    :param distance_ratio_sampling: True if distance ratios are sampled
    :param cosmology_sampling: True if the cosmology is sampled
    :param cosmology_model: name of the sampled cosmology
    :param observed_convention_index: lens models whose centres are observed positions
    :param source_light_model_list: names of the source models
    :param source_light_profile_kwargs_list: constructor options of each source model
    :param lens_light_model_list: names of the lens light models
    :param lens_light_profile_kwargs_list: constructor options of each lens light model
    :param point_source_model_list: names of the point source models
    :param point_source_redshift_list: redshift of each point source model
    :param fixed_magnification_list: for each point source model, whether the lens sets the magnification ratios
    :param point_source_frame_list: plays no part (as in lenstronomy)
    :param additional_images_list: for each point source model, whether the lens equation is solved for further images
    :param kwargs_lens_eqn_solver: options of the lens equation solver
    :param source_deflection_scaling_list: factor on the deflection for each source model (single lens plane)
    :param source_redshift_list: redshift of each source model
    :param cosmo: astropy cosmology
    :param index_lens_model_list: for each band, the indices of its lens models
    :param index_source_light_model_list: for each band, the indices of its source models
    :param index_lens_light_model_list: for each band, the indices of its lens light models
    :param index_point_source_model_list: for each band, the indices of its point source models
    :param optical_depth_model_list: names of the light models that describe dust
    :param optical_depth_profile_kwargs_list: constructor options of each of them
    :param index_optical_depth_model_list: for each band, the indices of its dust models
    :param band_index: which band
    :param tau0_index_list: for each band, which normalisation of the optical depth applies
    :param all_models: True for all models, whatever the indices say
    :param point_source_magnification_limit: images below this magnification are left out
    :param decouple_multi_plane: True for the decoupled approximation of multiple planes
    :param kwargs_multiplane_model: the interpolations of that approximation
    :param kwargs_multiplane_model_point_source: the same for the point sources, None: as for the rest
    :param tracer_source_model_list: plays no part here
    :param tracer_source_band: plays no part here
    :param tracer_partition: plays no part here
    :param tracer_type: plays no part here
    :return: LensModel, source LightModel, lens light LightModel, PointSource, DifferentialExtinction
    """

    def of_band(indices):
        return None if indices is None or all_models else indices[band_index]

    lens, source = of_band(index_lens_model_list), of_band(index_source_light_model_list)
    lens_light, points = of_band(index_lens_light_model_list), of_band(index_point_source_model_list)
    observed = observed_convention_index
    if lens is not None and observed is not None:
        observed = [place for place, k in enumerate(lens) if k in observed]

    def lens_model(planes):
        return LensModel(
            lens_model_list=_pick(lens_model_list or [], lens),
            z_lens=z_lens,
            z_source=z_source,
            z_source_convention=z_source_convention,
            lens_redshift_list=_pick(lens_redshift_list, lens),
            multi_plane=multi_plane,
            cosmo=cosmo,
            distance_ratio_sampling=distance_ratio_sampling,
            cosmology_sampling=cosmology_sampling,
            cosmology_model=cosmology_model,
            observed_convention_index=observed,
            profile_kwargs_list=_pick(lens_profile_kwargs_list, lens),
            decouple_multi_plane=decouple_multi_plane,
            kwargs_multiplane_model=planes,
        )

    lens_model_class = lens_model(kwargs_multiplane_model)
    lens_model_of_points = lens_model_class
    if kwargs_multiplane_model_point_source is not None:
        lens_model_of_points = lens_model(kwargs_multiplane_model_point_source)
    source_model_class = LightModel(
        light_model_list=_pick(source_light_model_list or [], source),
        deflection_scaling_list=_pick(source_deflection_scaling_list, source),
        source_redshift_list=_pick(source_redshift_list, source),
        profile_kwargs_list=_pick(source_light_profile_kwargs_list, source),
    )
    lens_light_model_class = LightModel(
        light_model_list=_pick(lens_light_model_list or [], lens_light),
        profile_kwargs_list=_pick(lens_light_profile_kwargs_list, lens_light),
    )
    if points is not None and point_source_frame_list is not None:
        warnings.warn(
            "point_source_frame_list is unused in class_creator.create_class_instances()", UserWarning, stacklevel=2
        )
    point_source_class = PointSource(
        point_source_type_list=_pick(point_source_model_list or [], points),
        lens_model=lens_model_of_points,
        fixed_magnification_list=_pick(fixed_magnification_list, points),
        additional_images_list=_pick(additional_images_list, points),
        magnification_limit=point_source_magnification_limit,
        kwargs_lens_eqn_solver=kwargs_lens_eqn_solver,
        point_source_frame_list=None,
        index_lens_model_list=None,
        redshift_list=_pick(point_source_redshift_list, points),
    )
    dust = None if index_optical_depth_model_list is None else index_optical_depth_model_list[band_index]
    extinction_class = DifferentialExtinction(
        optical_depth_model=_pick(optical_depth_model_list, dust),
        profile_kwargs_list=_pick(optical_depth_profile_kwargs_list, dust),
        tau0_index=0 if tau0_index_list is None else tau0_index_list[band_index],
    )
    return lens_model_class, source_model_class, lens_light_model_class, point_source_class, extinction_class


def create_image_model(kwargs_data, kwargs_psf, kwargs_numerics, kwargs_model, image_likelihood_mask=None):
    """The image model of one data set.

    :param kwargs_data: arguments of ImageData
    :param kwargs_psf: arguments of PSF
    :param kwargs_numerics: numerical options
    :param kwargs_model: arguments of :func:`create_class_instances`
    :param image_likelihood_mask: 2d array, True (1) for the pixels that count
    :return: ImageLinearFit instance
    """
    return ImageLinearFit(
        ImageData(**kwargs_data),
        PSF(**kwargs_psf),
        *create_class_instances(**kwargs_model),
        kwargs_numerics=kwargs_numerics,
        likelihood_mask=image_likelihood_mask,
    )


def create_im_sim(
    multi_band_list,
    multi_band_type,
    kwargs_model,
    bands_compute=None,
    image_likelihood_mask_list=None,
    band_index=0,
    kwargs_pixelbased=None,
    linear_solver=True,
):
    """The image models of one or several bands.

    :param multi_band_list: ``[[kwargs_data, kwargs_psf, kwargs_numerics], ...]``
    :param multi_band_type: "multi-linear" (amplitudes solved for in each band), "joint-linear" (jointly) or
        "single-band"
    :param kwargs_model: arguments of :func:`create_class_instances`
    :param bands_compute: for each band, whether it is modelled
    :param image_likelihood_mask_list: for each band, the pixels that count
    :param band_index: which band, for "single-band"
    :param kwargs_pixelbased: options of the pixel-based solver
    :param linear_solver: whether amplitudes are solved for
    :return: SingleBandMultiModel, MultiLinear or JointLinear instance
    :raises ValueError: another type, or ``linear_solver=False`` where it is not possible
    """
    if multi_band_type not in MULTI_BAND_TYPES:
        raise ValueError(f"multi_band_type {multi_band_type!r} is not one of {', '.join(MULTI_BAND_TYPES)}.")
    if linear_solver is False and multi_band_type == "joint-linear":
        raise ValueError("linear_solver=False is possible with 'single-band', or one band of 'multi-linear', only.")
    options = {"likelihood_mask_list": image_likelihood_mask_list}
    if multi_band_type == "multi-linear":
        from jaxtronomy.ImSim.MultiBand.multi_linear import MultiLinear

        return MultiLinear(
            multi_band_list, kwargs_model, compute_bool=bands_compute, linear_solver=linear_solver, **options
        )
    if multi_band_type == "joint-linear":
        from jaxtronomy.ImSim.MultiBand.joint_linear import JointLinear

        return JointLinear(multi_band_list, kwargs_model, compute_bool=bands_compute, **options)
    from jaxtronomy.ImSim.MultiBand.single_band_multi_model import SingleBandMultiModel

    return SingleBandMultiModel(
        multi_band_list,
        kwargs_model,
        band_index=band_index,
        kwargs_pixelbased=kwargs_pixelbased,
        linear_solver=linear_solver,
        **options,
    )


def create_tracer_model(tracer_data, kwargs_model, tracer_likelihood_mask=None):
    """The model of a tracer (metallicity, velocity) across a source.

    :param tracer_data: ``[kwargs_data, kwargs_psf, kwargs_numerics]``
    :param kwargs_model: arguments of :func:`create_class_instances`
    :param tracer_likelihood_mask: 2d array, True (1) for the pixels that count
    :return: TracerModelSource instance
    """
    from jaxtronomy.ImSim.tracer_model import TracerModelSource

    kwargs_data, kwargs_psf, kwargs_numerics = tracer_data
    band = kwargs_model.get("tracer_source_band", 0)
    return TracerModelSource(
        ImageData(**kwargs_data),
        PSF(**kwargs_psf),
        *create_class_instances(band_index=band, **kwargs_model),
        tracer_source_class=LightModel(light_model_list=kwargs_model.get("tracer_source_model_list", [])),
        kwargs_numerics=kwargs_numerics,
        likelihood_mask=tracer_likelihood_mask,
        psf_error_map_bool_list=None,
        kwargs_pixelbased=None,
        tracer_partition=kwargs_model.get("tracer_partition", None),
    )
