"""Who may use the web page and its API: users, sessions, tokens of programs, and the record of what they did."""
