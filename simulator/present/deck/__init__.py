"""The deck: PowerPoint slides with charts that can be edited."""
