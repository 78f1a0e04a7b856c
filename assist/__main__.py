"""`python -m assist` is the command `assist`."""

from assist.cli import main

main()
