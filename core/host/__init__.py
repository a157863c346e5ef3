"""What a host decides and sees: limits and modes, who a visitor is, the log, and memory."""
