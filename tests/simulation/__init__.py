"""One seed, one run: the real engine and sharing over a simulated world that breaks."""
