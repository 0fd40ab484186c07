"""Kills a real server again and again under load, and looks whether anything was lost or doubled."""
