"""Banks and their branches, from the list of the 全銀 system: found by name, kana or code."""
