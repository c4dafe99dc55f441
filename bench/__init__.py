"""What the two busiest things cost: looking for a free time, and booking one. `make bench` runs it."""
