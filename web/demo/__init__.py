"""The demo: personas, a mail catcher, an inbox. Absent from the route table in production."""
