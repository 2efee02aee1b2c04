"""The archive as a model of OpenAI's chat protocol: requests, replies, errors, routes."""
