"""CollabDesk: shared budgets, improvement, pilots and metrics for provider collaboratives."""

__version__ = "0.1.0"
