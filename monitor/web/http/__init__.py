"""HTTP itself: connections and their deadlines, limits, headers, forms, the access log."""
