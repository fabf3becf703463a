"""From media to stored rows: plan, guarded workers, store, events and provenance."""
