"""ClubAssist 助攻: a sports club's written service regulation, run as a programme."""
