"""Attacks on a server in production mode, and what a bystander feels of them."""
