"""How a built site gets online: a whole release, checked, sent to a target, and switched to in one step."""
