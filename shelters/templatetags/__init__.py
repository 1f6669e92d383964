"""What pages of shelters draw."""
