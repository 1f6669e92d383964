"""The pages of this room: board, shelter, placing."""
