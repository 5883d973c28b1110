"""The whole path with real parts: processes, a broker, a pseudo-terminal, HTTP."""
