"""What a member of staff works through: citizens' words, tone by tone."""
