"""The workshop: what it takes to run the addon on a machine that has nothing.

Standard library only, Python 3.10 or newer: it runs before anything is installed.
"""
