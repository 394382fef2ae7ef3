"""The one page design of papers, in the language of the typesetter; what it sets comes as JSON."""

from __future__ import annotations

from typing import Final

TEMPLATE: Final = r"""
#let paper = json(bytes(sys.inputs.paper))
#let ink = rgb("#212b32")
#let blue = rgb("#003087")
#let hair = rgb("#aeb7bd")
#let quiet = rgb("#4c6272")
#set document(title: paper.title, author: "CollabDesk", date: datetime(..paper.made_on))
#set text(lang: "en", region: "GB", font: "DejaVu Sans", size: 9pt, fill: ink)
#set par(justify: false, leading: 0.6em, spacing: 0.9em)
#set page(
  paper: "a4",
  margin: (x: 18mm, top: 18mm, bottom: 20mm),
  footer: context {
    set text(size: 7.5pt, fill: quiet)
    stack(spacing: 4pt, line(length: 100%, stroke: 0.5pt + hair), grid(
      columns: (1fr, auto),
      paper.stamp,
      [Page #counter(page).display() of #counter(page).final().first()],
    ))
  },
)
#show heading: set text(fill: blue, hyphenate: false)
#show heading: set block(above: 1.4em, below: 0.7em, sticky: true)
#show heading.where(level: 1): set text(size: 13pt)
#show heading.where(level: 2): set text(size: 11pt)
#show heading.where(level: 3): set text(size: 9.5pt)
#show figure.where(kind: table): set block(breakable: true, width: 100%)
#show figure.caption: set text(size: 8pt, fill: quiet)
#show figure.caption: set align(left)
#show figure: set align(left)
#set figure.caption(position: top)
#set figure(numbering: none, gap: 5pt)
#show table.cell: set text(number-width: "tabular", hyphenate: false)

#let aligned(column) = if column.figures { right } else { left }
#let set-table(block, size) = figure(
  kind: table, supplement: none, caption: block.caption, text(size: size, table(
  // Figures never wrap: a strong digit is 0.7 em of this typeface, and words share what is left.
  columns: block.columns.map(column =>
    if column.figures { (column.widest * 0.7 + 0.2) * size + 9pt }
    else { calc.max(column.widest, 6) * 1fr }
  ),
  align: block.columns.map(aligned),
  stroke: (x, y) => (bottom: if y == 0 { 1pt + blue } else { 0.4pt + hair }),
  inset: (x: 4pt, y: 3.5pt),
  table.header(..block.columns.map(column => strong(column.title))),
  ..block.rows.map(row => row.cells.map(
    cell => if row.strong { table.cell(fill: rgb("#f0f4f5"), strong(cell)) } else { cell }
  )).flatten(),
)))
#let set-block(block) = {
  if block.kind == "heading" { heading(level: block.level, block.text) }
  else if block.kind == "text" { par(if block.strong { strong(block.text) } else { block.text }) }
  else if block.kind == "note" { par(text(size: 7.5pt, fill: quiet, block.text)) }
  else if block.kind == "table" {
    set-table(block, if block.columns.len() > 9 { 6.4pt } else { 8pt })
  }
  else if block.kind == "chart" {
    figure(
      kind: image, supplement: none, caption: block.caption, alt: block.alt,
      image(bytes(block.svg), format: "svg", width: 100%, alt: block.alt),
    )
  }
}

#title()
#if paper.subtitle != "" { text(size: 10pt, fill: quiet, paper.subtitle) }
#for (place, part) in paper.parts.enumerate() {
  if place == 0 and not part.across { part.blocks.map(set-block).join() }
  else { page(flipped: part.across, part.blocks.map(set-block).join()) }
}
"""
