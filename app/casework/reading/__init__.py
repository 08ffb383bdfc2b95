"""What people read: lists, cases, tasks, forms, drawings, answers."""
