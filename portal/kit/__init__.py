"""Plumbing that knows nothing of cities: settings, clock, transactions, codes, pages."""
