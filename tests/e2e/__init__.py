"""The journeys of the manual in a real browser, against a real server and real mail."""
