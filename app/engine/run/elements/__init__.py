"""What a token does at each kind of element, as task specs of SpiffWorkflow."""
