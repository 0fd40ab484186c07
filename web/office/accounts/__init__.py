"""Accounts as the support desk sees them: found, looked at, acted on."""
