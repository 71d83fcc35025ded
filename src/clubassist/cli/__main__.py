"""Lets `python -m clubassist.cli` stand for the console script."""

from clubassist.cli import main

main()
