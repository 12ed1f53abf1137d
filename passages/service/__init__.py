"""The search for other programs: an HTTP API, an MCP server, and a search box for web pages."""
