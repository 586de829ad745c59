"""The closed loop: what the office asks about a delivery, the signed file that carries it, and the answers to it."""
