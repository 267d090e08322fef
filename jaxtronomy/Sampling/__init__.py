"""Parameters, likelihoods and samplers."""
