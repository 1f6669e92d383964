"""Tags of tablets."""
