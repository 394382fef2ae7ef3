"""What leaves the room: the board pack, exports, and the trail from a figure to its row."""
