"""The Improvement room: projects, their driver diagrams, PDSA cycles, measures and charts."""
