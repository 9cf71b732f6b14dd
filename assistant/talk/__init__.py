"""What people say to a chat that is no question about a subject: recognising it, and answering it from the documents."""
