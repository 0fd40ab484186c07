"""Passwords, tokens, sealing and the audit trail. Knows no HTTP."""
