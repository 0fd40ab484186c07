"""What the product does, one folder (or module) per feature; none imports another."""
