"""Pages of terminals, and the gateway that terminals talk to."""
