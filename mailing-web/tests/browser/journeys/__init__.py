"""The journeys: a file each, its public functions are the steps in their order."""
