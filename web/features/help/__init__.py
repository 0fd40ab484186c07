"""お問い合わせ, よくあるご質問, サイトマップ, 検索, the texts of the service, and what machines look for."""
