"""Page objects: one small class per screen, found by role and exact label."""
