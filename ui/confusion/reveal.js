// In a narrow window the images of a cell lie below the matrix: whoever has chosen another cell is brought to them.
const NARROW = "(max-width: 640px)"
let shown = null

export default function ({ data }) {
  const before = shown
  shown = data.cell
  if (before === null || before === shown || !matchMedia(NARROW).matches) return
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth"
  document.querySelector(".st-key-cell")?.scrollIntoView({ block: "nearest", behavior })
}
