"""The rules in our own words, what carries out each clause, and the figures that prove it."""
