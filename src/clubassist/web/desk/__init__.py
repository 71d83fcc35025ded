"""The staff desk: pages for everybody who works at a club."""
