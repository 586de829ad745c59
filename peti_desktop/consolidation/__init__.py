"""What the office makes of the deliveries it accepted: corrections, doubts, likeness, priorities, cuts."""
