"""Window, pages, grid, dialogs and theme."""
