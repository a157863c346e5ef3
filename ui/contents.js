// Whoever comes by a link to a place on a page sees it, though what stands above is still being drawn and may yet grow; until
// they move themselves.
let arrived = false // whether the place on the page that the address names has been shown

export default function () {
  if (arrived || !location.hash) return
  arrived = true
  const show = () => document.getElementById(location.hash.slice(1))?.scrollIntoView()
  const growing = new ResizeObserver(show)
  growing.observe(document.querySelector("[data-testid=stMainBlockContainer]"))
  const enough = new AbortController()
  enough.signal.addEventListener("abort", () => growing.disconnect())
  for (const name of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    document.addEventListener(name, () => enough.abort(), { signal: enough.signal, passive: true })
  }
  setTimeout(() => enough.abort(), 5_000)
}
