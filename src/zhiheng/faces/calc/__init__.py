"""Pure judgement of faces: numbers in, decisions out; no pictures, no clock."""
