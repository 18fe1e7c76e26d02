"""What is told of alerts, to whom, and how it gets there: by mail and by group robots, through a durable outbox."""
