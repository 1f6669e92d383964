"""Actions of tablets: entries land, conflicts are decided."""
