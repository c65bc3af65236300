"""Index the names of sanctions lists, find them in text and decide which are meant. Pure.

- `forms`: the ways in which news writes a listed name
- `grading`: how far a name alone identifies its entity, by how common its words are
- `building`: build the index from entities
- `index`: the index as flat arrays, in memory and in a file; finds names in a text
- `tagging`: find names in a text where nothing else of it is looked at
- `resolve`: which of the names found in an item count, by spelling, place and other evidence
"""
