"""`/kelola`: what an administrator sets up."""
