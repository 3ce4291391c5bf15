"""What devices say: messages become fixes, events or stored rejections, and nothing is lost."""
