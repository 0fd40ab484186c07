"""操作履歴, 心当たりがない, and one's own data as a file."""
