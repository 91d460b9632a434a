"""Declarants who speak one contract each, written by hand, for tests of the simulator."""
