"""What comes in at the office: verify, read, stage against what is in force, decide, apply in one transaction."""
