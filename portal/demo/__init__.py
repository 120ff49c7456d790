"""The demonstration: a year of plausible life for an empty portal, invented from a seed."""
