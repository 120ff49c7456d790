"""The public pages: figures of city, unit and service, each with its period, n and formula."""
