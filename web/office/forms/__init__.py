"""届出書 of ダイレクト納付口座, from their arrival to 利用可能."""
