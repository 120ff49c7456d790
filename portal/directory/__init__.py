"""The city's directory: units, their services, the counters with a printed code, and kecamatan."""
