"""Pure functions of people: timelines, pinyin, sealing and masking of identifiers."""
