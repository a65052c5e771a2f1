"""What scripts/chaos and scripts/bench are made of; the standard library only."""
