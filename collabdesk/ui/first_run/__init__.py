"""First run: found a workspace, join one, or explore the sample."""
