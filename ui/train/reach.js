// Whoever has taken a step finds the button that trains it on the screen, wherever the page was scrolled to.
let reached = null

export default function ({ data }) {
  if (data.key === reached) return
  reached = data.key
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth"
  requestAnimationFrame(() => document.querySelector(".st-key-train")?.scrollIntoView({ block: "center", behavior }))
}
