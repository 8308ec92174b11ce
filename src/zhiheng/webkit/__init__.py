"""What the pages and APIs of every domain share: components, lists, forms, export, pagination."""
