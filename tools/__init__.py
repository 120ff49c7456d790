"""Programs that the Makefile and the checks call; the portal itself never does."""
