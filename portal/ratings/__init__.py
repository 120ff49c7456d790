"""Ratings given at a counter: once is once, counted or kept with the reason why not."""
