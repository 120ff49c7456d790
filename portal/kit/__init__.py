"""Plumbing that knows nothing of cities: settings, transactions, clock, codes, tickets, errors, pages."""
