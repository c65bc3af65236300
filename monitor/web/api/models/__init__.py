"""The models of the API's requests and responses; their descriptions are those of the OpenAPI document."""
