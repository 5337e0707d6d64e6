"""Takes messages from an SQS queue and has the user's work done for each."""
