"""Papers: a document of blocks, written as PDF, as DOCX or as XLSX."""
