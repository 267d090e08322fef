"""Terms of the likelihood."""
