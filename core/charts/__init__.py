"""What was computed, drawn: specs of charts and painted pictures. Pure: no page, no files."""
