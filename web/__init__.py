"""kei-mypage: the 利用者情報マイページ of the 軽自動車OSS."""
