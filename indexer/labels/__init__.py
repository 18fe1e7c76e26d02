"""Corrections by readers: kept, put over what the analysis finds, given out as training data, learned from."""
