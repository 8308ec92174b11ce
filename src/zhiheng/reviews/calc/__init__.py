"""The arithmetic of reviews: plain functions from figures to figures."""
