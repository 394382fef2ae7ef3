"""The demonstration: three trusts, one shared folder, one truth."""
