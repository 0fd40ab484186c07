"""Fields: what was typed → what is registered, or a message that says how to mend it. Pure."""
