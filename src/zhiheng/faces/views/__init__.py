"""Pages of faces: one's own on the phone, those of HR at the desk."""
