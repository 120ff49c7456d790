"""Starts the real servers and finds the real browsers that the tests run against."""
