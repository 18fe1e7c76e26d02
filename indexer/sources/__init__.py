"""How the sources do: their crawls over time, and whether one gives less than it used to."""
