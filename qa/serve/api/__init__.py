"""The REST interface: routes by resource; problems, access and limits in modules of their own."""
