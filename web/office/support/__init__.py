"""What the support desk does for an account, and to mails that do not arrive."""
