"""Where an account sends to."""

ENVIRONMENTS = [("simulator", "Simulator"), ("test", "Test"), ("production", "Production")]
TRIALS = ("simulator", "test")  # what they record is unknown to the national registry
