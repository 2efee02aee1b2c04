"""The archive for MCP clients: tools, resources, and the two ways to reach them."""
