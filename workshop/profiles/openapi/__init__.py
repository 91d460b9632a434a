"""An OpenAPI description, read; and the profile that it lets one guess."""
