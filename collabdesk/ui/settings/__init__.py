"""Settings: of this computer, and the policy of the workspace."""
