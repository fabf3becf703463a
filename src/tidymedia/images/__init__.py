"""One image in hand: arrays, colours, geometry, augmentation, similarity, figures."""
